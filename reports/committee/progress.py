"""The committee's view of the campaigns within its reach: how far they have come, who lags, what came out.

Only reads, in a number of queries that neither campaigns nor units add to (DESIGN 9).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from ballots.counting import tally
from campaigns.models import Campaign, Organization, Poll, Role
from campaigns.models.reach import within_paths
from campaigns.people import name_of
from campaigns.units import Unit, key_of, organizer_of

from .. import wording
from ..findings import pending_keys
from ..findings.keys import crossing_keys
from ..results.rollup import RolledLine
from ..results.sums import sums_of
from ..tables.rows import Row, row_of
from .charts import Bar, bar_of

# How many campaigns are shown in full, and how many that are over; the list of campaigns has the rest.
RUNNING_SHOWN, FINISHED_SHOWN, LAGGING_SHOWN = 10, 6, 5
NOT_BEGUN = (Poll.State.PREPARING, Poll.State.REHEARSING)


@dataclass(frozen=True)
class Progress:
    """How many polls of a campaign within reach are in which state."""

    preparing: int
    open: int
    closed: int
    sealed: int

    @property
    def units(self) -> int:
        return self.preparing + self.open + self.closed + self.sealed

    @property
    def is_over(self) -> bool:
        return self.sealed == self.units

    @property
    def states(self) -> tuple[tuple[str, str, int], ...]:
        """Key, name and number of each state that some polls are in."""
        counts = (self.preparing, self.open, self.closed, self.sealed)
        states = (Poll.State.PREPARING, Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)
        return tuple((state.value, state.label, count) for state, count in zip(states, counts, strict=True) if count)

    @property
    def coverage_text(self) -> str:
        return wording.coverage_text(self.sealed, self.units)


@dataclass(frozen=True)
class Lagging:
    """A poll that should have come further, since when, and whom to ask."""

    poll: Poll
    reason: str
    contacts: tuple[str, ...]


@dataclass(frozen=True)
class Headline:
    """The result of one questionnaire: its 总体评价, or between what its lines lie where none was asked."""

    title: str
    polls: int
    rate_name: str
    # The row of the 总体评价; without one, the lowest and the highest rate of the lines.
    row: Row | None
    span: tuple[tally.Rate, ...] = ()

    @property
    def is_range(self) -> bool:
        return self.row is None

    @property
    def rate_text(self) -> str:
        """「55.0%」 or 「50.0%～100.0%」, 「—」 where there is no rate."""
        if self.row:
            return self.row.satisfaction.percent_text
        return "～".join(rate.percent_text for rate in self.span) or tally.Rate().text

    @property
    def printed_base(self) -> str:
        """The denominator; empty where several lines have each their own."""
        return self.row.printed_base if self.row else ""

    @property
    def bar(self) -> Bar | None:
        return bar_of(self.row) if self.row else None


@dataclass(frozen=True)
class Top:
    """A highest unit within reach, where a campaign's pages begin."""

    unit: Unit
    has_results: bool


@dataclass(frozen=True)
class CampaignView:
    """A campaign as the home page shows it."""

    campaign: Campaign
    progress: Progress
    tops: tuple[Top, ...]
    headlines: tuple[Headline, ...]
    # Why there are none although polls are sealed.
    hidden_reason: str
    pending: int
    lagging_count: int
    lagging: tuple[Lagging, ...]


def campaigns_within(paths: Sequence[str], *, today: date) -> tuple[list[CampaignView], list[CampaignView]]:
    """The campaigns with polls in some subtrees, newest first: those under way, and those that are over."""
    polls = Poll.objects.filter(within_paths(paths))
    progress = _progress(polls)
    newest = {key: number for number, key in enumerate(progress)}
    running = [key for key, reached in progress.items() if not reached.is_over][:RUNNING_SHOWN]
    finished = [key for key, reached in progress.items() if reached.is_over][:FINISHED_SHOWN]
    campaigns = list(Campaign.objects.filter(pk__in=running + finished).select_related("organizer"))
    campaigns.sort(key=lambda campaign: newest[campaign.pk])
    sums = sums_of(campaigns, paths)
    pending = Counter(key.campaign_id for key in pending_keys(crossing_keys(campaigns, polls)))
    late = lagging_polls(polls.filter(campaign__in=running), today=today)
    shown, counts = _first_of_each(late, today=today)
    reaches = _reaches(paths)
    sealed = _sealed_below(polls.filter(campaign__in=campaigns), reaches, progress)
    views = [
        CampaignView(
            campaign=campaign,
            progress=progress[campaign.pk],
            tops=_tops_in(campaign, reaches, sealed),
            headlines=headlines(sums.of(campaign)),
            hidden_reason=sums.hidden_reason(campaign),
            pending=pending[campaign.pk],
            lagging_count=counts[campaign.pk],
            lagging=tuple(shown[campaign.pk]),
        )
        for campaign in campaigns
    ]
    return [view for view in views if not view.progress.is_over], [view for view in views if view.progress.is_over]


def headlines(lines: Iterable[RolledLine]) -> tuple[Headline, ...]:
    """A headline for each questionnaire that sealed polls asked."""
    by_title = defaultdict(list)
    for line in lines:
        if line.polls:
            by_title[line.questionnaire].append(line)
    return tuple(_headline(title, asked) for title, asked in by_title.items())


def _headline(title: str, lines: list[RolledLine]) -> Headline:
    overall = next((line for line in lines if line.is_overall), lines[0] if len(lines) == 1 else None)
    name = wording.rate_name(lines[0].result.labels[0])
    if overall:
        return Headline(title, overall.polls, name, row_of(overall.indicator, overall.result))
    rates = [line.result.satisfaction for line in lines if line.result.satisfaction.is_known]
    rates.sort(key=lambda rate: rate.value or 0)
    return Headline(title, lines[0].polls, name, None, (rates[0], rates[-1]) if rates else ())


def _progress(polls: QuerySet[Poll]) -> dict[int, Progress]:
    """By campaign, newest first."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for campaign, state, count in polls.order_by().values_list("campaign_id", "state").annotate(count=Count("*")):
        counts[campaign]["preparing" if state in NOT_BEGUN else state] += count
    newest = Campaign.objects.filter(pk__in=counts).order_by("-created_at", "-pk").values_list("pk", flat=True)
    names = ("preparing", Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)
    return {key: Progress(*(counts[key][name] for name in names)) for key in newest}


def polls_progress(polls: QuerySet[Poll]) -> Progress:
    """Of the polls of one campaign."""
    return next(iter(_progress(polls).values()), Progress(0, 0, 0, 0))


def lagging_polls(polls: QuerySet[Poll], *, today: date) -> QuerySet[Poll]:
    """Polls past their last day and still open, polls that wait for their seal, and polls that should have begun.

    The longest way to go comes first.
    """
    # Asked of the campaigns by themselves: the polls are then read from an index alone.
    begun = Campaign.objects.filter(Q(opened_at__isnull=False) | Q(starts_on__lt=today)).order_by().values("pk")
    over = Campaign.objects.filter(ends_on__lt=today).order_by().values("pk")
    late = polls.filter(
        Q(state__in=NOT_BEGUN, campaign__in=begun)
        | Q(state=Poll.State.OPEN, campaign__in=over)
        | Q(state=Poll.State.CLOSED)
    )
    far = Case(When(state__in=NOT_BEGUN, then=Value(0)), When(state=Poll.State.OPEN, then=Value(1)), default=Value(2))
    return late.annotate(far=far).order_by("far", "path").defer("form")


def with_reasons(polls: Iterable[Poll], *, today: date) -> list[Lagging]:
    """The lagging polls with the reason and whom to ask; two queries."""
    polls = list(polls)
    secretaries = _secretaries(polls)
    return [Lagging(poll, _reason(poll, today), _contacts(poll, secretaries)) for poll in polls]


def _first_of_each(late: QuerySet[Poll], *, today: date) -> tuple[dict[int, list[Lagging]], Counter[int]]:
    """The first few of each campaign, and how many each has."""
    number = Window(RowNumber(), partition_by=F("campaign_id"), order_by=["far", "path"])
    count = Window(Count("*"), partition_by=F("campaign_id"))
    # By the columns of an index: a row holds its whole ballot.
    numbered = late.annotate(number=number, count=count).filter(number__lte=LAGGING_SHOWN).order_by("number", "path")
    rows = list(numbered.values_list("campaign_id", "path", "count"))
    places = [(campaign, path) for campaign, path, _ in rows]
    polls = Poll.objects.filter(campaign__in={key for key, _ in places}, path__in={path for _, path in places})
    polls = polls.select_related("campaign", "organization").defer("form")
    first = {(poll.campaign_id, poll.path): poll for poll in polls}
    by_campaign = defaultdict(list)
    for laggard in with_reasons([first[place] for place in places], today=today):
        by_campaign[laggard.poll.campaign_id].append(laggard)
    return by_campaign, Counter({campaign: count for campaign, _, count in rows})


def _reason(poll: Poll, today: date) -> str:
    campaign = poll.campaign
    if poll.state == Poll.State.CLOSED:
        return "已截止，待清点封存"
    if poll.state == Poll.State.OPEN and campaign.ends_on:
        return f"超过结束日期{(today - campaign.ends_on).days}天，尚未截止"
    if campaign.starts_on and campaign.starts_on < today:
        return f"超过开始日期{(today - campaign.starts_on).days}天，尚未开启"
    return "活动已开启，本单位尚未开启"


def _contacts(poll: Poll, secretaries: dict[str, list[str]]) -> tuple[str, ...]:
    """Names with what each is: the secretary of the unit, or of the nearest unit above that has one, and the host."""
    nearest = [path for path in poll.organization.ancestor_paths if path in secretaries]
    names = secretaries[nearest[-1]] if nearest else []
    role = "党务干事" if nearest and nearest[-1] == poll.organization.path else "上级党务干事"
    return (*(f"{name}（{role}）" for name in names), *((f"{poll.host}（主持人）",) if poll.host else ()))


def _secretaries(polls: list[Poll]) -> dict[str, list[str]]:
    """The names of those with the role at the polls' units and at the units above, by path."""
    paths = {path for poll in polls for path in poll.organization.ancestor_paths}
    roles = Role.objects.filter(kind=Role.Kind.SECRETARY, organization__path__in=paths, user__is_active=True)
    names = defaultdict(list)
    for role in roles.select_related("user", "organization").order_by("pk"):
        names[role.organization.path].append(name_of(role.user))
    return names


@dataclass(frozen=True)
class _Reach:
    """The highest unit of a part of the tree, at each of the paths that it has and had."""

    unit: Unit
    paths: tuple[str, ...]

    def covers(self, campaign: Campaign) -> bool:
        return campaign.path.startswith(self.paths)

    def lies_in(self, campaign: Campaign) -> bool:
        return any(path.startswith(campaign.path) for path in self.paths)


def _reaches(paths: Sequence[str]) -> list[_Reach]:
    """The units of some paths that no other of them covers."""
    places = defaultdict(list)
    for path in paths:
        if not any(path != other and path.startswith(other) for other in paths):
            places[key_of(path)].append(path)
    return [
        _Reach(Unit(row.pk, row.path, row.name), tuple(places[row.pk]))
        for row in Organization.objects.filter(pk__in=places)
    ]


def _tops_in(campaign: Campaign, reaches: list[_Reach], sealed: Counter[tuple[int, int]]) -> tuple[Top, ...]:
    """Where a reader begins in a campaign: its organizer, or those parts of its tree that the reader covers."""
    if any(reach.covers(campaign) for reach in reaches):
        has_results = any(sealed[campaign.pk, reach.unit.pk] for reach in reaches)
        return (Top(organizer_of(campaign), has_results),)
    # A part of the tree without polls in the campaign has no pages about it.
    return tuple(
        Top(reach.unit, sealed[campaign.pk, reach.unit.pk] > 0)
        for reach in reaches
        if (campaign.pk, reach.unit.pk) in sealed and reach.lies_in(campaign)
    )


def _sealed_below(
    polls: QuerySet[Poll], reaches: list[_Reach], progress: dict[int, Progress]
) -> Counter[tuple[int, int]]:
    """By campaign and highest unit, how many polls are sealed; no entry where there is no poll. Of one unit alone the progress
    says it.
    """
    if len(reaches) == 1:
        return Counter({(campaign, reaches[0].unit.pk): reached.sealed for campaign, reached in progress.items()})
    within = {reach.unit.pk: within_paths(reach.paths) for reach in reaches}
    is_sealed = Q(state=Poll.State.SEALED)
    counts = {f"polls_{key}": Count("pk", filter=below) for key, below in within.items()}
    counts |= {f"sealed_{key}": Count("pk", filter=below & is_sealed) for key, below in within.items()}
    return Counter(
        {
            (campaign, key): sealed
            for campaign, *numbers in polls.order_by().values_list("campaign_id").annotate(**counts)
            for key, below, sealed in zip(within, numbers[: len(within)], numbers[len(within) :], strict=True)
            if below
        }
    )
