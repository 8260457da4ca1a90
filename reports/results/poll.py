"""The results of sealed polls, as objects that pages, files and reports draw (DESIGN 5; formats/README 3).

Built from tally rows, batches and the frozen ballot alone; every rate is that of `ballots.counting.tally.Result`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from ballots.counting import judgement, tally
from ballots.counting.boxes import section_grades
from ballots.models import Batch, TallyRow
from campaigns import library
from campaigns.ballot_form import BallotForm, FormIndicator, Section
from campaigns.models import Campaign, Channel, LateFact, Poll, PollQuerySet, Target, TargetKind

from .hidden import hidden_among
from .outside import Place, counts_outside, outside_of
from .splits import Group, groups_of


class NotSealed(Exception):
    """Results exist for nobody before the seal (DESIGN 6)."""


@dataclass(frozen=True)
class BatchLine:
    """The five numbers of one batch; a voided one is shown, but counts nowhere."""

    id: int
    channel: str
    category: str
    issued: int
    returned: int
    void: int
    unused: int
    is_void: bool
    void_reason: str
    # Notes on paper that was not keyed by two, or of which only totals were known.
    counting_notes: tuple[str, ...] = ()
    # Of the returned ballots, those that a helper filled in.
    assisted: int = 0

    @property
    def valid(self) -> int:
        return self.returned - self.void

    @property
    def channel_label(self) -> str:
        return Channel(self.channel).label

    @property
    def people(self) -> str:
        """The category, and how many of its ballots a helper filled in: 「党员（其中代填2张）」."""
        return f"{self.category}（其中代填{self.assisted}张）" if self.assisted else self.category

    @property
    def sheets(self) -> tally.Sheets:
        return tally.Sheets(self.issued, self.returned, self.void)


@dataclass(frozen=True)
class Split:
    """A row of a split: the ballots of one category or channel, or of several that are shown together.

    A suppressed one has its result for the arithmetic of others only: nothing may show it.
    """

    label: str
    category: str | None
    channel: str | None
    result: tally.Result
    is_suppressed: bool
    # The groups in the row, and why they are shown together or not at all.
    names: tuple[str, ...]
    reason: str

    @property
    def is_joined(self) -> bool:
        return len(self.names) > 1


@dataclass(frozen=True)
class Line:
    """An indicator's result about one target."""

    indicator_id: int
    text: str
    is_overall: bool
    total: tally.Result
    by_category: tuple[Split, ...]
    by_channel: tuple[Split, ...]

    @property
    def splits(self) -> tuple[Split, ...]:
        """Each category, then each channel: one split at a time."""
        return self.by_category + self.by_channel


@dataclass(frozen=True)
class TargetResults:
    """All lines about one target, in ballot order."""

    id: int
    kind: str
    name: str
    # A unit, a body or a paper, not one person.
    is_collective: bool
    questionnaire: str
    title: str
    lines: tuple[Line, ...]
    # Of an option in a list to choose from: how many may be chosen, and its place by how many chose it.
    most_chosen: int | None = None
    rank: int | None = None

    @property
    def is_option(self) -> bool:
        return self.most_chosen is not None

    @property
    def chosen(self) -> int:
        """How many ballots chose the option."""
        return self.lines[0].total.cell.grades[0]

    @property
    def judged(self) -> tuple[Line, ...]:
        """The lines that stand for the target as a whole: the 总体评价, or every line where none was asked."""
        return tuple(line for line in self.lines if line.is_overall) or self.lines

    @property
    def labels(self) -> tuple[str, ...]:
        """The grades in the base; one scale a questionnaire."""
        return self.lines[0].total.labels


@dataclass(frozen=True)
class PollResults:
    """The results of a sealed poll: its sheets of paper and its targets' results; no target's where the results are not shown."""

    poll: Poll
    path: tuple[str, ...]
    rules: tally.Rules
    sheets: tally.Sheets
    batches: tuple[BatchLine, ...]
    voided: tuple[BatchLine, ...]
    targets: tuple[TargetResults, ...]
    # Members who took part without being graded, by name (C16).
    ungraded: tuple[str, ...]
    # Why no result is shown: too few ballots here, or in a poll that would follow from this one (DESIGN 5).
    hidden_reason: str = ""
    # The sections about single members whom the branch gives a grade, 优秀 to 不合格, whether or not results are shown.
    graded: tuple[Section, ...] = ()
    # The facts of the meeting that were completed after the seal, in the order in which they came.
    late_facts: tuple[LateFact, ...] = ()

    @property
    def unit(self) -> str:
        return self.path[-1]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for target in self.targets for line in target.lines)

    @property
    def unentered(self) -> tuple[str, int] | None:
        """The channels, by name, whose ballots were not entered, and of how many people (C2)."""
        batches = [(batch.channel, batch.issued, batch.returned) for batch in self.batches]
        not_entered = judgement.unentered(self.sheets.attended, self.poll.campaign.channels, batches)
        return not_entered and ("、".join(Channel(channel).label for channel in not_entered[0]), not_entered[1])

    @property
    def split_reasons(self) -> tuple[str, ...]:
        """Why some groups are shown together or not at all, each reason once."""
        reasons = (split.reason for line in self.lines[:1] for split in line.splits if split.reason)
        return tuple(dict.fromkeys(reasons))

    @property
    def rate_notes(self) -> tuple[str, ...]:
        """The notes that any printed row needs."""
        needed = {note for result in self._printed for note in result.notes}
        return tuple(note for note in (tally.SUM_NOTE, tally.HELD_NOTE) if note in needed)

    @property
    def _printed(self) -> Iterable[tally.Result]:
        for line in self.lines:
            yield line.total
            yield from (split.result for split in line.splits if not split.is_suppressed)

    def problems(self) -> list[str]:
        """Broken identities (DESIGN 5); checked again whenever a report is built."""
        return [
            f"“{target.name}”的“{line.text}”：{problem}"
            for target in self.targets
            for line in target.lines
            for problem in line.total.problems()
        ]


def rules_of(campaign: Campaign) -> tally.Rules:
    """A campaign's counting rules."""
    return tally.Rules(
        base=campaign.base,
        blank=campaign.blank,
        unknown=campaign.unknown,
        decimals=campaign.decimals,
        sum_to_100=campaign.sum_to_100,
        min_group=campaign.min_group,
        min_poll=campaign.min_poll,
        first_split=campaign.first_split,
    )


def results_of(poll: Poll) -> PollResults:
    """The results of one poll; raises NotSealed. Whether its numbers can be true together is asked of `problems()`."""
    if poll.state != Poll.State.SEALED:
        raise NotSealed("评议点尚未封存，没有结果。")
    return all_results(Poll.objects.filter(pk=poll.pk))[0]


def all_results(polls: PollQuerySet) -> list[PollResults]:
    """The results of the sealed ones among some polls, in tree order, with a constant number of queries."""
    sealed = list(polls.sealed().select_related("campaign__organizer", "organization").order_by("path"))
    keys = [poll.pk for poll in sealed]
    batches = defaultdict(list)
    for batch in _chunked(Batch.objects.select_related("category").order_by("pk"), keys):
        batches[batch.poll_id].append(batch)
    rows = defaultdict(list)
    for row in _chunked(TallyRow.objects.order_by("pk"), keys):
        rows[row.poll_id].append(row)
    late = defaultdict(list)
    for entry in _chunked(LateFact.objects.order_by("pk"), keys):
        late[entry.poll_id].append(entry)
    bodies = {target.pk for target in _chunked(Target.objects.filter(member=None).only("poll"), keys)}
    hidden = hidden_among({poll.campaign for poll in sealed})
    forms = {poll.pk: poll.ballot_form for poll in sealed}
    outside = counts_outside(section for form in forms.values() for section in form.sections)
    return [
        _hidden_or_shown(
            replace(
                _assemble(poll, forms[poll.pk], batches[poll.pk], rows[poll.pk], bodies, outside),
                late_facts=tuple(late[poll.pk]),
            ),
            hidden[poll.campaign_id].polls.get(poll.path, ""),
        )
        for poll in sealed
    ]


def _hidden_or_shown(results: PollResults, reason: str) -> PollResults:
    """The results as they may be shown: with a reason not to, no target's figures are left in them."""
    return replace(results, targets=(), hidden_reason=reason) if reason else results


def _chunked(queryset, keys: list[int], size: int = 5000) -> Iterable:
    """Rows of the given polls; a database takes only so many parameters in one query."""
    for start in range(0, len(keys), size):
        yield from queryset.filter(poll__in=keys[start : start + size])


def _assemble(
    poll: Poll,
    form: BallotForm,
    batches: list[Batch],
    rows: list[TallyRow],
    bodies: set[int],
    outside: Mapping[Place, tuple[int, ...]],
) -> PollResults:
    lines = [_batch_line(batch) for batch in batches]
    counting = tuple(line for line in lines if not line.is_void)
    rules = rules_of(poll.campaign)
    sheets = sum((line.sheets for line in counting), tally.Sheets())
    sheets = replace(sheets, attended=poll.attended_count, entitled=poll.entitled_count)
    groups, is_self_excluded = groups_of(batches, rules), poll.campaign.is_self_excluded
    count = _Count(rules, sheets, *groups, _by_cell(rows), bodies, outside, is_self_excluded)
    return PollResults(
        poll=poll,
        path=tuple(poll.names),
        rules=rules,
        sheets=sheets,
        batches=counting,
        voided=tuple(line for line in lines if line.is_void),
        targets=ranked(count.target(section) for section in form.sections if section.indicators),
        ungraded=form.ungraded,
        graded=tuple(section for section in form.sections if _is_graded(section) and section.id not in bodies),
    )


def ranked(targets: Iterable[TargetResults]) -> tuple[TargetResults, ...]:
    """The targets in their order, the options of each list by how many chose them: those with as many share a rank."""
    placed: list[TargetResults] = []
    for (is_option, _), together in groupby(targets, key=lambda target: (target.is_option, target.questionnaire)):
        alike = list(together)
        if is_option:
            alike.sort(key=lambda option: -option.chosen)
            ranks = judgement.places([option.chosen for option in alike])
            alike = [replace(option, rank=rank) for rank, option in zip(ranks, alike, strict=True)]
        placed += alike
    return tuple(placed)


def _is_graded(section: Section) -> bool:
    labels = tuple(grade.label for grade in section.grades if grade.is_in_base)
    return bool(section.indicators) and section.kind in TargetKind.persons() and labels == member_labels()


def member_labels() -> tuple[str, ...]:
    """The grades of the yearly appraisal of members: 优秀、合格、基本合格、不合格."""
    return library.scales()["member-4"].labels


def _by_cell(rows: Iterable[TallyRow]) -> dict[tuple[int, int], list[TallyRow]]:
    by_cell = defaultdict(list)
    for row in rows:
        by_cell[row.target_id, row.indicator_id].append(row)
    return by_cell


def own_blanks(cell: tally.CellCount) -> int:
    """Where nobody appraises themselves, one blank of a person's row is their own; who that was nobody knows (C16)."""
    return min(cell.abstained, 1)


def _batch_line(batch: Batch) -> BatchLine:
    return BatchLine(
        id=batch.pk,
        channel=batch.channel,
        category=batch.category.name,
        issued=batch.issued_count or 0,
        returned=batch.returned_count or 0,
        void=batch.void_count,
        unused=batch.unused_count or 0,
        is_void=batch.state == Batch.State.VOID,
        void_reason=batch.void_reason,
        counting_notes=tuple(batch.counting_notes),
        assisted=batch.assisted_count,
    )


@dataclass(frozen=True)
class _Count:
    """All that one poll's lines are counted from: its rules, its sheets of paper, its groups and its sealed rows."""

    rules: tally.Rules
    sheets: tally.Sheets
    categories: list[Group]
    channels: list[Group]
    # By target and indicator.
    rows: Mapping[tuple[int, int], list[TallyRow]]
    # The targets that are a unit, a body or a paper.
    bodies: set[int]
    # The answers outside the base, grade by grade, where a scale has several.
    outside: Mapping[Place, tuple[int, ...]]
    is_self_excluded: bool

    def target(self, section: Section) -> TargetResults:
        return TargetResults(
            id=section.id,
            kind=section.kind,
            name=section.name,
            is_collective=section.id in self.bodies,
            questionnaire=section.questionnaire,
            title=section.title,
            lines=tuple(self.line(section, indicator) for indicator in section.indicators),
            most_chosen=section.most_chosen,
        )

    def line(self, section: Section, indicator: FormIndicator) -> Line:
        grades, rows = section_grades(section), self.rows.get((section.id, indicator.id), [])
        cell = add_cells(rows, grades)
        has_own = self.is_self_excluded and section.id not in self.bodies
        own, outside = own_blanks(cell) if has_own else 0, outside_of(rows, self.outside, grades)
        return Line(
            indicator_id=indicator.id,
            text=indicator.text,
            is_overall=indicator.is_overall,
            total=tally.Result(grades, cell, self.sheets, self.rules, own=own, outside=outside),
            by_category=tuple(
                self.split(group, [row for row in rows if row.category_id in group.category_ids], grades)
                for group in self.categories
            ),
            by_channel=tuple(
                self.split(group, [row for row in rows if row.channel in group.channels], grades)
                for group in self.channels
            ),
        )

    def split(self, group: Group, rows: list[TallyRow], grades: tuple[tally.CountedGrade, ...]) -> Split:
        cell, outside = add_cells(rows, grades), outside_of(rows, self.outside, grades)
        return Split(
            label=group.label,
            category=group.label if group.category_ids else None,
            channel="、".join(group.channels) or None,
            result=tally.Result(grades, cell, group.sheets, self.rules, outside=outside),
            is_suppressed=group.is_suppressed,
            names=group.names,
            reason=group.reason,
        )


def add_cells(rows: Iterable[TallyRow], grades: tuple[tally.CountedGrade, ...]) -> tally.CellCount:
    """The sum of tally rows of one scale; no rows give zeros."""
    places = range(1, sum(grade.is_in_base for grade in grades) + 1)
    total = tally.CellCount(tuple(0 for _ in places))
    for row in rows:
        total += tally.CellCount(
            tuple(getattr(row, f"grade_{place}_count") for place in places),
            row.unknown_count,
            row.abstained_count,
            row.spoiled_count,
        )
    return total
