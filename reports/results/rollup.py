"""Sums of tally rows along the tree (DESIGN 9): each level from the one below, never a mean of rates (scenario C20)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Count, Q, Sum

from ballots.counting import tally
from ballots.models import Batch, TallyRow
from campaigns.models import Campaign, Channel, Indicator, Poll, Questionnaire, Target
from campaigns.models.place import STEP, ancestor_paths
from campaigns.models.reach import within_paths
from campaigns.units import Unit, key_of, names_at, names_by_path, organizer_of

from .. import wording
from .adding import CELL_SUMS, GRADE_PLACES, NO_COUNTS, UnitSum
from .hidden import HiddenResults, hidden_among
from .parts import sums_of_parts
from .poll import rules_of

# The columns of a poll that a sum wants; there may be a hundred thousand of them.
COLUMNS_OF_POLL = ("path", "names", "state", "attended_count", "entitled_count")
# To go through an enumeration takes longer than the rest of a node.
CHANNELS = tuple((channel, channel.label) for channel in Channel)


@dataclass(frozen=True)
class RolledLine:
    """An indicator of a questionnaire summed over the sealed polls at or below a unit."""

    indicator_id: int
    questionnaire_key: str
    questionnaire: str
    questionnaire_kind: str
    indicator: str
    is_overall: bool
    polls: int
    result: tally.Result


@dataclass(frozen=True)
class Node:
    """A unit of the tree with what the polls at and below it add up to.

    `units` were planned, `units_sealed` have results; `poll_id` and `poll_state` are those of its own poll, if any.
    """

    organization_id: int
    name: str
    path: str
    names: tuple[str, ...]
    units: int
    units_sealed: int
    meetings: int
    sheets: tally.Sheets
    # A ballot carries a form for each target that is graded: two forms on 6063 ballots are 12126 (C7).
    forms_issued: int
    # Of a company's four hundred units a page shows some thirty: the others' lines are never made.
    make_lines: Callable[[], tuple[RolledLine, ...]] = field(repr=False)
    poll_id: int | None
    poll_state: str | None
    children: tuple["Node", ...]
    # Why the sum is not shown, and the lines without their counts: a small poll would follow from it (DESIGN 5).
    hidden_reason: str = ""
    hidden_lines: tuple[RolledLine, ...] = ()
    # The sheets of each channel by name, in the order of the channels.
    channels: tuple[tuple[str, tally.Sheets], ...] = ()
    # The lists to choose from that sealed polls had, by title: each poll has options of its own, which no sum adds.
    lists: tuple[str, ...] = ()

    @property
    def list_sentence(self) -> str:
        """The sentence in place of a sum of lists; empty where there is no list."""
        return wording.lists_sentence(self.lists) if self.lists else ""

    @cached_property
    def lines(self) -> tuple[RolledLine, ...]:
        """The sums by indicator; none where they are not shown."""
        return () if self.hidden_reason else self.make_lines()

    @property
    def coverage(self) -> tally.Rate:
        """Sealed units of those planned; never 100 while one is missing (scenario C7)."""
        return tally.rate_of(self.units_sealed, self.units)

    @property
    def coverage_text(self) -> str:
        return wording.coverage_text(self.units_sealed, self.units)

    @property
    def has_polls_below(self) -> bool:
        return self.units > (self.poll_id is not None)

    def problems(self) -> list[str]:
        """Broken identities of the sums (DESIGN 5): they are checked like those of a poll."""
        return [
            f"《{line.questionnaire}》的“{line.indicator}”：{problem}"
            for line in self.lines
            if line.polls
            for problem in line.result.problems()
        ]

    def with_sums(self, summed: UnitSum) -> "Node":
        """The same unit with papers and lines from other sums of its polls."""
        lines = replace(self.make_lines, summed=summed) if isinstance(self.make_lines, LinesOfSum) else self.make_lines
        return replace(self, sheets=summed.sheets, make_lines=lines)

    def walk(self) -> Iterable["Node"]:
        """The node and all below it, in tree order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, organization_id: int) -> "Node | None":
        return next((node for node in self.walk() if node.organization_id == organization_id), None)


@dataclass(frozen=True)
class _Plan:
    """The part that is the same for every node: the tree's names and the questions asked."""

    rules: tally.Rules
    names: dict[str, str]
    polls: dict[str, Poll]
    questions: list["Question"]
    hidden: HiddenResults


def roll_up(campaign: Campaign, *, top: Unit | None = None) -> Node:
    """The tree of a campaign's sums from `top` (the organizer unless said) down, in a constant number of queries."""
    top = top or organizer_of(campaign)
    below = Poll.objects.filter(within_paths([top.path]), campaign=campaign)
    polls = {poll.path: poll for poll in below.only(*COLUMNS_OF_POLL)}
    sums = _sums_of_polls(campaign, top, polls)
    for depth in range(max(map(len, sums), default=0), len(top.path), -STEP):
        for path in [path for path in sums if len(path) == depth]:
            sums[path[:-STEP]].add(sums[path])
    questions, hidden = questions_of([campaign])[campaign.pk], hidden_among([campaign])[campaign.pk]
    names = {top.path: top.name, **names_by_path((poll.path, poll.names) for poll in polls.values())}
    plan = _Plan(rules_of(campaign), names, polls, questions, hidden)
    children = defaultdict(list)
    for path in sorted(sums):
        children[path[:-STEP]].append(path)
    return _node(top.path, sums, children, plan)


def top_of_tree(campaign: Campaign, *, top: Unit | None = None) -> Node:
    """The node of `top` with the units right below it, which have no children here: the same figures as `roll_up`, added by
    the database, and of many polls kept until another is sealed.
    """
    top = top or organizer_of(campaign)
    questions = questions_of([campaign])[campaign.pk]
    sums = sums_of_parts(campaign, top, has_lists=not all(question.adds_up for question in questions))
    below = sorted(path for path in sums if path != top.path)
    whole = UnitSum()
    for summed in sums.values():
        whole.add(summed)
    own = {poll.path: poll for poll in campaign.polls.filter(path__in=sums).defer("form")}
    names = {top.path: top.name, **names_at(campaign, top, len(top.path) + STEP)}
    plan = _Plan(rules_of(campaign), names, own, questions, _hidden_of(campaign))
    return _node(top.path, sums | {top.path: whole}, {top.path: below}, plan)


def _hidden_of(campaign: Campaign) -> HiddenResults:
    return hidden_among([campaign])[campaign.pk]


def _sums_of_polls(campaign: Campaign, top: Unit, polls: dict[str, Poll]) -> dict[str, UnitSum]:
    """The sums of each poll of the subtree by itself, by path."""
    sums: dict[str, UnitSum] = defaultdict(UnitSum)
    for path, poll in polls.items():
        sums[path].units = 1
        sums[path].units_sealed = int(poll.state == Poll.State.SEALED)
    sealed = Q(poll__campaign=campaign, poll__state=Poll.State.SEALED) & within_paths([top.path], "poll__path")
    _add_papers(sums, polls, sealed)
    cells = TallyRow.objects.filter(sealed).order_by()
    for path, indicator, *numbers in cells.values_list("poll__path", "indicator_id").annotate(**CELL_SUMS):
        if path in polls:
            sums[path].cells[indicator] = numbers
    if campaign.is_self_excluded:
        _add_own_blanks(sums, polls, cells.exclude(target__member=None))
    return sums


def _add_own_blanks(sums: dict[str, UnitSum], polls: dict[str, Poll], cells) -> None:
    """Count one blank of each person's row as their own, as in `results.poll.own_blanks`."""
    by_person = cells.values("poll__path", "indicator_id", "target_id")
    for row in by_person.annotate(blank=Sum("abstained_count")).filter(blank__gt=0):
        path = row["poll__path"]
        if path in polls:
            sums[path].own[row["indicator_id"]] += 1


def _add_papers(sums: dict[str, UnitSum], polls: dict[str, Poll], sealed: Q) -> None:
    batches = Batch.objects.counting().filter(sealed).order_by().values_list("poll__path", "channel")
    for path, channel, *numbers in batches.annotate(Sum("issued_count"), Sum("returned_count"), Sum("void_count")):
        if path in polls:
            sums[path].channels[channel] = tally.Sheets(*numbers)
    for path in [path for path, summed in sums.items() if summed.channels]:
        channels = sums[path].channels
        sums[path].sheets = _with_people(sum(channels.values(), tally.Sheets()), polls[path])
        # A meeting from which no ballot came was perhaps not held.
        meeting = channels.get(Channel.MEETING)
        sums[path].meetings = int(meeting is not None and meeting.returned > 0)
    asked = ("poll__path", "questionnaire_id", "questionnaire__most_chosen")
    targets = Target.objects.filter(sealed).order_by().values_list(*asked).annotate(count=Count("pk"))
    for path, key, most_chosen, count in targets:
        if path in polls:
            sums[path].polls[key] = 1
            # The options of a list are one form.
            sums[path].papers[key] = _times(sums[path].sheets, count if most_chosen is None else 1)


def _with_people(sheets: tally.Sheets, poll: Poll) -> tally.Sheets:
    """A poll's people belong to the base only with ballots: one that returned nothing changes no other (C14)."""
    if not sheets.returned:
        return replace(sheets, attended=0, entitled=0)
    return replace(sheets, attended=poll.attended_count, entitled=poll.entitled_count)


def _times(sheets: tally.Sheets, count: int) -> tally.Sheets:
    """The papers as often as they carry a target of one questionnaire."""
    return sum((sheets for _ in range(count)), tally.Sheets(attended=0, entitled=0))


@dataclass(frozen=True)
class Question:
    """An indicator with its questionnaire and the grades that it is answered on."""

    questionnaire: Questionnaire
    indicator: Indicator
    grades: tuple[tally.CountedGrade, ...]

    @property
    def adds_up(self) -> bool:
        """Whether it is the same question everywhere; of a list each poll has its own options."""
        return not self.questionnaire.is_choice

    def line(self, counts, papers: tally.Sheets, rules: tally.Rules, *, polls: int, own: int) -> RolledLine:
        """The line of summed counts: a number for each of GRADE_PLACES, 不了解, 弃权, 行无效."""
        in_base = sum(grade.is_in_base for grade in self.grades)
        cell = tally.CellCount(tuple(counts[:in_base]), *counts[len(GRADE_PLACES) :])
        return RolledLine(
            indicator_id=self.indicator.pk,
            questionnaire_key=self.questionnaire.key,
            questionnaire=self.questionnaire.title,
            questionnaire_kind=self.questionnaire.target_kind,
            indicator=self.indicator.text,
            is_overall=self.indicator.is_overall,
            polls=polls,
            result=tally.Result(self.grades, cell, papers, rules, own=own),
        )


def questions_of(campaigns: Iterable[Campaign]) -> dict[int, list[Question]]:
    """The questions of each campaign, in its order."""
    questionnaires = Questionnaire.objects.filter(campaign__in=campaigns).order_by("position", "pk")
    questions: dict[int, list[Question]] = defaultdict(list)
    for questionnaire in questionnaires.prefetch_related("indicators", "scale__grades").select_related("scale"):
        grades = tuple(
            tally.CountedGrade(grade.label, grade.is_in_base, grade.is_positive, grade.score)
            for grade in questionnaire.scale.grades.all()
        )
        questions[questionnaire.campaign_id] += [
            Question(questionnaire, indicator, grades) for indicator in questionnaire.indicators.all()
        ]
    return questions


def _node(path: str, sums: dict[str, UnitSum], children: dict[str, list[str]], plan: _Plan) -> Node:
    summed = sums[path]
    poll = plan.polls.get(path)
    # An open question has no grades, and is no form.
    graded = {question.questionnaire.pk for question in plan.questions}
    reason = plan.hidden.sums.get(path, "")
    return Node(
        organization_id=key_of(path),
        name=plan.names[path],
        path=path,
        names=tuple(plan.names[above] for above in ancestor_paths(path) if above in plan.names),
        units=summed.units,
        units_sealed=summed.units_sealed,
        meetings=summed.meetings,
        sheets=summed.sheets,
        forms_issued=sum(papers.issued for key, papers in summed.papers.items() if key in graded),
        make_lines=tuple if reason else LinesOfSum(summed, plan),
        poll_id=poll.pk if poll else None,
        poll_state=poll.state if poll else None,
        children=tuple(_node(child, sums, children, plan) for child in children.get(path, ())),
        hidden_reason=reason,
        hidden_lines=_lines(UnitSum(polls=summed.polls), plan) if reason else (),
        channels=tuple((label, summed.channels[channel]) for channel, label in CHANNELS if channel in summed.channels),
        lists=tuple(
            question.questionnaire.title
            for question in plan.questions
            if not question.adds_up and summed.polls.get(question.questionnaire.pk)
        ),
    )


@dataclass(frozen=True)
class LinesOfSum:
    """Makes the lines of a node when they are wanted."""

    summed: UnitSum
    plan: _Plan

    def __call__(self) -> tuple[RolledLine, ...]:
        return _lines(self.summed, self.plan)

    @property
    def counts(self) -> dict[int, tuple[int, ...]]:
        """The counts that they are made of, by indicator in the order of CELL_SUMS."""
        return {indicator_id: tuple(counts) for indicator_id, counts in self.summed.cells.items()}


def _lines(summed: UnitSum, plan: _Plan) -> tuple[RolledLine, ...]:
    return tuple(
        question.line(
            summed.cells.get(question.indicator.pk, NO_COUNTS),
            summed.papers.get(question.questionnaire.pk, tally.Sheets()),
            plan.rules,
            polls=summed.polls.get(question.questionnaire.pk, 0),
            own=summed.own.get(question.indicator.pk, 0),
        )
        for question in plan.questions
        if question.adds_up
    )
