"""Leaders' comments as they are shown and counted (seed S2; scenario C6; DOMAIN A9)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ballots.counting import tally
from campaigns.models import Organization, Poll
from campaigns.models.place import STEP
from campaigns.units import names_by_path

from .. import wording
from ..models import LeaderComment
from ..scope import Scope, units_by_kind
from .points import points_of

# So many names of units without a comment stand in a sentence; a page lists all.
NAMED_MISSING = 20
# The name of a kind where organizations are counted (C6).
_COUNTED_AS = {**dict(Organization.Kind.choices), Organization.Kind.BRANCH.value: "支部"}
_MIXED = "单位"


@dataclass(frozen=True)
class CommentFigures:
    """Coverage: of the organizations with a poll in the campaign, which were commented on.

    A comment on a member does not cover the organization; the members are counted apart (S2: 26 secretaries, 752 members).
    """

    commented: int = 0
    planned: int = 0
    # The names of the others, or of the first of them where a sentence alone is asked for.
    missing: tuple[str, ...] = ()
    comments: int = 0
    # Different members who were commented on.
    members: int = 0
    # The planned organizations: (「支部」, commented), each kind in the order of the tree's kinds.
    kinds: tuple[tuple[str, int], ...] = ()

    @property
    def coverage(self) -> tally.Rate:
        """Never 100 while one is missing."""
        return tally.rate_of(self.commented, self.planned)

    @property
    def coverage_text(self) -> str:
        return wording.coverage_text(self.commented, self.planned)

    @property
    def missing_count(self) -> int:
        return self.planned - self.commented

    @property
    def members_sentence(self) -> str:
        """「点评党员752名。」; empty without any."""
        return wording.commented_members_sentence(self.members) if self.members else ""

    @property
    def missing_text(self) -> str:
        """「尚有2个支部未点评」; empty when none is missing (C6)."""
        return f"尚有{self.missing_count}个{self.kind}未点评" if self.missing_count else ""

    @property
    def kind(self) -> str:
        """The common name of the planned organizations."""
        return self.kinds[0][0] if len(self.kinds) == 1 else _MIXED

    @property
    def sentence(self) -> str:
        """「点评26个支部，共28个，覆盖92.9%（26/28），尚有2个支部未点评：甲支部、乙支部。」; empty without any unit."""
        if not self.planned:
            return ""
        done = "、".join(f"{count}个{kind}" for kind, count in self.kinds if count)
        sentence = f"点评{done or f'0个{self.kind}'}，共{self.planned}个，覆盖{self.coverage_text}"
        if not self.missing_count:
            return f"{sentence}。"
        names = "、".join(self.missing[:NAMED_MISSING])
        return f"{sentence}，{self.missing_text}：{names}{'等' if self.missing_count > NAMED_MISSING else ''}。"


@dataclass(frozen=True)
class CommentEntry:
    """A comment as printed."""

    unit: str
    # The member commented on, or the unit itself.
    subject: str
    leader: str
    leader_post: str
    commented_on: wording.Day
    mode: str
    # (point, what was said), those that were filled in.
    points: tuple[tuple[str, str], ...]
    content: str
    follow_up: str
    followed_up_on: wording.Day


@dataclass(frozen=True)
class CommentsContent:
    """The comments of a report."""

    figures: CommentFigures
    entries: tuple[CommentEntry, ...]


def comments_of(scope: Scope) -> QuerySet[LeaderComment]:
    """The comments of a scope's campaign on its units and their members, unit by unit."""
    placed = Q(organization__in=scope.planned.order_by().values("organization"))
    without_poll = ~Q(organization__in=scope.campaign.polls.order_by().values("organization"))
    comments = LeaderComment.objects.filter(
        placed | scope.within("organization") & without_poll, campaign=scope.campaign
    )
    poll = Poll.objects.filter(campaign=OuterRef("campaign"), organization=OuterRef("organization"))
    placed_comments = comments.annotate(
        place=Coalesce(Subquery(poll.values("path")[:1]), "organization__path"),
        names=Subquery(poll.values("names")[:1]),
    )
    return placed_comments.select_related("organization", "member").order_by("place", "commented_on", "pk")


def comments_content(scope: Scope) -> CommentsContent:
    """The comments of a scope, with their coverage; a constant number of queries."""
    return CommentsContent(comment_figures(scope), tuple(map(comment_entry, comments_of(scope))))


def comment_figures(scope: Scope, *, named: int | None = None) -> CommentFigures:
    """How many of the organizations with a poll, sealed or not, were themselves commented on, and which were not.

    `named` asks for the names of so many of them alone, in tree order, and only where there are comments: a sentence about a
    province names a few, and without comments none.
    """
    recorded = comments_of(scope).order_by().aggregate(comments=Count("pk"), members=Count("member", distinct=True))
    kinds, on_kinds = scope.planned_by_kind, {}
    if recorded["comments"]:
        on_kinds = units_by_kind(planned_polls(scope).filter(is_commented=True))  # type: ignore[misc]  # added by `planned_polls`
    planned, commented = (sum(counted.units for counted in some.values()) for some in (kinds, on_kinds))
    are_named = planned > commented and (named is None or recorded["comments"])
    return CommentFigures(
        commented=commented,
        planned=planned,
        missing=tuple(_names_missing(scope, named)) if are_named else (),
        **recorded,
        kinds=tuple(
            (_COUNTED_AS[kind], on_kinds[kind].units if kind in on_kinds else 0)
            for kind in Organization.Kind.values
            if kind in kinds
        ),
    )


def _names_missing(scope: Scope, named: int | None) -> Iterable[str]:
    """The names of planned units without a comment; what is above them before those that several planned units bear."""
    if scope.poll:
        yield scope.unit.name
        return
    polls = planned_polls(scope)
    missing = polls.filter(is_commented=False)  # type: ignore[misc]  # added by `planned_polls`
    places = list(missing.values_list("path", "names")[:named])
    names = names_by_path(places)
    alike = _alike(polls, None if named is None else {names[path] for path, _ in places})
    for path, _ in places:
        yield f"{names.get(path[:-STEP]) or ''}{names[path]}" if names[path] in alike else names[path]


def _alike(polls: QuerySet[Poll], among: set[str] | None) -> set[str]:
    """The names that several of the polls' units bear, or those among some."""
    called = polls.order_by().annotate(called=Coalesce(_LastName("names"), "organization__name"))
    called = called if among is None else called.filter(called__in=among)
    bearers = called.values_list("called").annotate(bearers=Count("pk")).filter(bearers__gt=1)
    return {name for name, _ in bearers.order_by("called")}


class _LastName(Func):
    """The last of the names that are kept from the root down; NULL where none are."""

    output_field = CharField()

    def as_sqlite(self, compiler, connection, **facts):
        return self.as_sql(compiler, connection, template="JSON_EXTRACT(%(expressions)s, '$[#-1]')", **facts)

    def as_postgresql(self, compiler, connection, **facts):
        return self.as_sql(compiler, connection, template="(%(expressions)s ->> -1)", **facts)


def planned_polls(scope: Scope) -> QuerySet[Poll]:
    """The polls whose organizations are to be commented on, in tree order, each with `is_commented`."""
    on_the_unit = LeaderComment.objects.filter(
        campaign=scope.campaign, organization=OuterRef("organization"), member=None
    )
    return scope.planned.annotate(is_commented=Exists(on_the_unit)).order_by("path")


def comment_entry(comment: LeaderComment) -> CommentEntry:
    """A comment as `comments_of` gives it; the unit goes by the name that it had when the campaign opened."""
    names = comment.names  # type: ignore[attr-defined]  # added by `comments_of`
    unit = names[-1] if names else comment.organization.name
    return CommentEntry(
        unit=unit,
        subject=comment.member.name if comment.member else unit,
        leader=comment.leader,
        leader_post=comment.leader_post,
        commented_on=wording.Day(comment.commented_on),
        mode=comment.get_mode_display(),
        points=tuple(_answered_points(comment)),
        content=comment.content,
        follow_up=comment.follow_up,
        followed_up_on=wording.Day(comment.followed_up_on),
    )


def _answered_points(comment: LeaderComment) -> Iterable[tuple[str, str]]:
    post = comment.member.post if comment.member else None
    for point in points_of(comment.points, post=post):
        if text := comment.points.get(point.key):
            yield point.text, text
