"""The parts of a 公示 beside its results: promises, leaders' comments, opinions with their answers, open problems (seeds S0-5, S1-1)."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.db.models import Q, QuerySet

from ballots.models import Opinion
from campaigns.models import Commitment, TargetKind

from ..comments import comment_entry, comments_of
from ..commitments.content import counted_within
from ..ledger.content import problems_of
from ..models import Announcement, LeaderComment, Measure, Problem
from ..opinions.readings import ORDER, matters_where
from ..results.hidden import hidden_among
from ..scope import Scope
from ..scoring.printed import scoring_scheme
from ..tables.instant import has_instant
from ..wording import date_text
from .shape import AnnouncedEntry, AnnouncedList

Extra = Announcement.Extra
# More entries than this are no notice; a company's members have made thirteen thousand promises.
MOST_ENTRIES = 500
ABOUT_PERSONS = frozenset((Extra.MEMBER_COMMITMENTS, Extra.MEMBER_COMMENTS, Extra.PROMINENT_PROBLEM))
# Words of `Questionnaire.OpinionKind`, too.
OPINIONS = frozenset((Extra.SUGGESTION, Extra.SATISFIED_DEED, Extra.DISSATISFIED_MATTER, Extra.PROMINENT_PROBLEM))
# Named by participants; the ones that most of them named come first.
NOMINATIONS = (Extra.SATISFIED_DEED, Extra.DISSATISFIED_MATTER)
# The parts that are lists of entries.
LISTS = frozenset(Extra) - {Extra.UNITS, Extra.INSTANT, Extra.SCORES}
ABOUT_A_MEMBER = (
    Extra.PROBLEMS,
    Extra.PROMINENT_PROBLEM,
    Extra.SUGGESTION,
    Extra.MEMBER_COMMITMENTS,
    Extra.MEMBER_COMMENTS,
)
ABOUT_A_BODY = (Extra.PROBLEMS, Extra.PROMINENT_PROBLEM, Extra.SUGGESTION, Extra.COMMITMENTS, Extra.COMMENTS)


def further_results(scope: Scope) -> tuple[str, ...]:
    """The parts that are results beside the ballots' and that a place has: 窗口即时评议, the scores; two queries."""
    instant = (Extra.INSTANT.value,) if has_instant(scope) else ()
    return (*instant, Extra.SCORES.value) if scoring_scheme(scope.campaign) else instant


def extra_choices(announcement: Announcement, further: Collection[str] | None = None) -> list[tuple[str, str]]:
    """The parts that a notice about its place or its target can have; `further` are its `further_results` where they are known."""
    if announcement.target:
        kinds = ABOUT_A_MEMBER if announcement.target.member_id else ABOUT_A_BODY
        return [(kind.value, kind.label) for kind in kinds]
    there = further_results(announcement.scope) if further is None else further
    left_out = {Extra.INSTANT, Extra.SCORES}.difference(there) | ({Extra.UNITS} if announcement.poll_id else set())
    return [(kind.value, kind.label) for kind in Extra if kind not in left_out]


@dataclass(frozen=True)
class ChosenPart:
    """A part that somebody chose, with its rows in their order; none is fetched before it is shown."""

    kind: Announcement.Extra
    rows: QuerySet[Any]
    write: Callable[[Any], AnnouncedEntry]

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """The keys of the rows, up to one too many."""
        return tuple(self.rows.values_list("pk", flat=True)[: MOST_ENTRIES + 1])

    @property
    def whole(self) -> AnnouncedList:
        """All entries, up to one too many; one query."""
        return self._written(self.rows[: MOST_ENTRIES + 1])

    def listed(self, keys: Collection[int]) -> AnnouncedList:
        """The entries of some of its rows."""
        return self._written(self.rows.filter(pk__in=keys))

    def _written(self, rows: Iterable[Any]) -> AnnouncedList:
        return AnnouncedList(self.kind.value, self.kind.label, tuple(map(self.write, rows)))


def lists_of(announcement: Announcement) -> tuple[AnnouncedList, ...]:
    """The chosen parts in their order, each up to one entry too many; a part without any entry is left out."""
    lists = (part.whole for part in chosen_parts(announcement))
    return tuple(part for part in lists if part.entries)


def chosen_parts(announcement: Announcement) -> tuple[ChosenPart, ...]:
    """The chosen parts in their order, those without any entry too."""
    chosen = [extra for extra in Extra if extra in LISTS and extra in announcement.extras]
    hidden = _hidden_paths(announcement) if OPINIONS.union((Extra.PROBLEMS,)).intersection(chosen) else []
    return tuple(ChosenPart(extra, *_rows(extra, announcement, hidden)) for extra in chosen)


def _hidden_paths(announcement: Announcement) -> list[str]:
    """The paths of the units whose own poll is not shown: who answered there could be guessed."""
    campaign = announcement.scope.campaign
    return list(hidden_among([campaign])[campaign.pk].polls)


def _rows(
    extra: Announcement.Extra, announcement: Announcement, hidden: Collection[str]
) -> tuple[QuerySet[Any], Callable[[Any], AnnouncedEntry]]:
    """The rows of a part in their order, and what makes an entry of each."""
    if extra in OPINIONS:
        return _opinions(extra, announcement, hidden), partial(_opinion_entry, announcement)
    if extra == Extra.PROBLEMS:
        return _open_problems(announcement, hidden), partial(_problem_entry, announcement)
    of_members = extra in (Extra.MEMBER_COMMITMENTS, Extra.MEMBER_COMMENTS)
    if extra in (Extra.COMMITMENTS, Extra.MEMBER_COMMITMENTS):
        return _of_subject(_promises(announcement.scope), announcement, of_members=of_members), _promise_entry
    return _of_subject(comments_of(announcement.scope), announcement, of_members=of_members), _comment_entry


def _of_subject(rows: QuerySet, announcement: Announcement, *, of_members: bool) -> QuerySet:
    """The rows about organizations or about members; in a notice about one target those about that subject."""
    rows, target = rows.filter(member__isnull=not of_members), announcement.target
    if target is None:
        return rows
    if target.member_id:
        return rows.filter(member=target.member_id)
    return rows.filter(organization=target.organization_id or announcement.scope.organization)


def _promises(scope: Scope) -> QuerySet[Commitment]:
    return Commitment.objects.filter(scope.within("organization")).select_related("organization", "member")


def _promise_entry(promise: Commitment) -> AnnouncedEntry:
    fulfilled = f"（{date_text(promise.fulfilled_on)}）" if promise.fulfilled_on else ""
    due = f"完成时限：{date_text(promise.due_on)}" if promise.due_on else ""
    return AnnouncedEntry(
        subject=(promise.member or promise.organization).name,
        is_person=promise.member is not None,
        text=promise.content,
        remark=_joined(due, f"{promise.get_status_display()}{fulfilled}", promise.note),
    )


def _comment_entry(comment: LeaderComment) -> AnnouncedEntry:
    entry = comment_entry(comment)
    leader = f"{entry.leader}（{entry.leader_post}）" if entry.leader_post else entry.leader
    points = (f"{point}：{text}" for point, text in entry.points)
    return AnnouncedEntry(
        subject=entry.subject,
        is_person=comment.member is not None,
        text="\n".join(filter(None, (*points, entry.content))),
        remark=_joined(
            f"{leader}，{entry.commented_on}{entry.mode}",
            f"整改落实情况：{entry.follow_up}" if entry.follow_up else "",
        ),
    )


def _opinions(kind: str, announcement: Announcement, hidden: Collection[str]) -> QuerySet[Opinion]:
    """The opinions of a kind that somebody has read; none about a person who is not in the notice, none of a hidden poll."""
    opinions = matters_where(announcement.scope.reports_on("target__poll")).exclude(target__poll__path__in=hidden)
    opinions = opinions.filter(_about_shown(announcement), kind=kind, reading__isnull=False)
    opinions = opinions.select_related("reading__problem", "target__poll__organization")
    # Added by `readings`.
    return opinions.order_by("-times", *ORDER) if kind in NOMINATIONS else opinions  # type: ignore[misc]


def _about_shown(announcement: Announcement) -> Q:
    """The condition that an opinion is about a target whose results are shown, or answers an open question."""
    if announcement.target_id:
        return Q(target=announcement.target_id)
    is_open = Q(target__kind=TargetKind.OPEN)
    if announcement.poll_id:
        return Q(target__in=announcement.target_ids) | is_open
    shown = Q(target__questionnaire__key__in=announcement.questionnaire_keys, target__member=None)
    return shown | is_open


def _opinion_entry(announcement: Announcement, opinion: Opinion) -> AnnouncedEntry:
    target, problem = opinion.target, opinion.reading.problem
    unit = "" if announcement.poll_id else target.poll.unit_name
    about = "" if target.kind == TargetKind.OPEN or announcement.target_id else target.name
    times = opinion.times  # type: ignore[attr-defined]  # added by `readings`
    return AnnouncedEntry(
        subject="·".join(dict.fromkeys(filter(None, (unit, about)))),
        is_person=False,
        text=opinion.reading.shown_text,
        remark=_joined(f"{times}人提出" if times > 1 else "", _answer(problem) if problem else ""),
        opinion_id=opinion.pk,
    )


def _answer(problem: Problem) -> str:
    return f"答复：{problem.reply}" if problem.is_closed else f"办理情况：{problem.get_state_display()}"


def problems_about(announcement: Announcement) -> QuerySet[Problem]:
    """The problems of the notice's place, or those that were found about its one target."""
    scope = announcement.scope
    problems = problems_of(scope, counted_within(scope))
    return problems.filter(target=announcement.target_id) if announcement.target_id else problems


def _open_problems(announcement: Announcement, hidden: Collection[str]) -> QuerySet[Problem]:
    """The problems that are not closed: about a person only in a notice about them, of a finding, grade or hidden poll none."""
    problems = problems_about(announcement).exclude(state=Problem.State.CLOSED).filter(finding=None, member_grade=None)
    problems = problems.exclude(target__poll__path__in=hidden)
    if not announcement.target_id:
        problems = problems.filter(target__member=None, commitment__member=None)
    return problems.select_related("organization").prefetch_related("measures").order_by("organization__path", "pk")


def _problem_entry(announcement: Announcement, problem: Problem) -> AnnouncedEntry:
    return AnnouncedEntry(
        subject="" if announcement.poll_id else problem.organization.name,
        is_person=False,
        text=problem.content,
        remark=_joined(
            *map(_measure, problem.measures.all()),
            f"责任单位：{problem.responsible_unit}" if problem.responsible_unit else "",
            f"完成时限：{date_text(problem.due_on)}" if problem.due_on else "",
            f"办理情况：{problem.get_state_display()}",
        ),
    )


def _measure(measure: Measure) -> str:
    return f"整改措施：{measure.content}（{measure.get_state_display()}）"


def _joined(*parts: str) -> str:
    """Clauses as one sentence, without the full stops that some bring."""
    kept = [part.rstrip("。；") for part in parts if part]
    return "；".join(kept) + "。" if kept else ""
