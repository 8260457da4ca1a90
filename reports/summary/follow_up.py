"""Figures after the count, as far as a 小结 speaks of them."""

from dataclasses import dataclass, field
from datetime import date

from ..comments import NAMED_MISSING, CommentFigures, comment_figures
from ..commitments.content import CommitmentFigures, commitment_figures, counted_within
from ..gathering.drafting import drafting_sentences
from ..ledger.content import LedgerFigures, figures_of_scope, problems_of
from ..opinions.readings import ForumFigures, OpinionFigures, forum_figures, opinion_figures_where
from ..scope import Scope


@dataclass(frozen=True)
class FollowUp:
    """The figures of opinions, ledger, comments, commitments, 座谈会 and reports; each comes from its own module alone."""

    opinions: OpinionFigures
    ledger: LedgerFigures
    comments: CommentFigures
    commitments: CommitmentFigures
    forums: ForumFigures = field(default_factory=ForumFigures)
    # The way of the reports that were appraised, in sentences.
    drafting: tuple[str, ...] = ()


def follow_up_of(scope: Scope, *, today: date) -> FollowUp:
    """The figures of a scope alone; `today` decides what is overdue."""
    within = counted_within(scope)
    return FollowUp(
        opinion_figures_where(scope.is_about("target")),
        figures_of_scope(problems_of(scope, within), today=today),
        comment_figures(scope, named=NAMED_MISSING),
        commitment_figures(within),
        forum_figures(scope.polls),
        drafting_sentences(scope),
    )
