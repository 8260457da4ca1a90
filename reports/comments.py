"""Leaders' comments as they are shown and counted (seed S2; scenario C6; DOMAIN I-19, I-20, I-21)."""

from dataclasses import dataclass

from ballots import tally

from .scope import Scope


@dataclass(frozen=True)
class CommentFigures:
    """Coverage: of the organizations with a poll in the campaign, which were commented on."""

    commented: int = 0
    planned: int = 0
    missing: tuple[str, ...] = ()
    comments: int = 0

    @property
    def coverage(self) -> str | None:
        """In percent; never 100 while one is missing."""
        return tally.coverage(self.commented, self.planned)


@dataclass(frozen=True)
class CommentEntry:
    """One comment as printed."""

    unit: str
    # The member commented on, or the unit itself.
    subject: str
    leader: str
    leader_post: str
    commented_on: str
    mode: str
    # (point, what was said), those that were filled in.
    points: tuple[tuple[str, str], ...]
    content: str
    follow_up: str
    followed_up_on: str


@dataclass(frozen=True)
class CommentsContent:
    """The comments of a report."""

    figures: CommentFigures
    entries: tuple[CommentEntry, ...]


def comments_content(scope: Scope) -> CommentsContent:
    """The comments of a scope's campaign on its units and their members."""
    return CommentsContent(CommentFigures(), ())
