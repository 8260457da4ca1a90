"""Crossings of a threshold among many polls, by sums of tally rows that the database makes.

`findings.crossings_of` finds the same in the polls' results (a test holds them together), with what was crossed and
by how much.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from ballots.counting import judgement
from ballots.models import Batch, TallyRow
from campaigns.library import LibraryThreshold
from campaigns.models import Campaign, Grade, Poll, PollQuerySet

from ..results.adding import GRADE_PLACES
from ..results.hidden import hidden_among
from ..results.kept import SealedSoFar, by_size, kept_answer, sealed_so_far
from ..results.subtrees import Chosen, Stretch, SubtreeQuestion, answer_about

# SQLite takes less than a thousand ranges of paths in a query, and here they stand in several within each other.
MOST_RANGES = 200
_LINE = ("poll__campaign_id", "poll_id", "target_id", "indicator_id", "indicator__is_overall")
_CHOSEN = sum((F(f"grade_{place}_count") for place in GRADE_PLACES[1:]), F("grade_1_count"))


class Key(NamedTuple):
    """A threshold that a target crossed."""

    rule: str
    campaign_id: int
    poll_id: int
    target_id: int


class _Target(NamedTuple):
    """Where a target stands."""

    campaign_id: int
    poll_id: int
    target_id: int


def crossing_keys(campaigns: Iterable[Campaign], polls: PollQuerySet) -> list[Key]:
    """The crossings in the sealed polls among some polls of the campaigns; two queries a threshold.

    A poll whose results are not shown has none: that a threshold was crossed would tell its marks. Of campaigns with
    many sealed polls the crossings are kept.
    """
    campaigns = [campaign for campaign in campaigns if campaign.limits]
    sealed = sealed_so_far(campaigns) if campaigns else {}
    few, large = by_size(campaigns, sealed)
    keys = _keys(few, polls)
    kept = [key for campaign in large for key in _kept_keys(campaign, sealed[campaign.pk])]
    within = set(polls.filter(pk__in={key.poll_id for key in kept}).order_by().values_list("pk", flat=True))
    return keys + [key for key in kept if key.poll_id in within]


def _kept_keys(campaign: Campaign, sealed: SealedSoFar) -> list[Key]:
    """All crossings of a campaign with many sealed polls."""
    answer = kept_answer(campaign, "crossings", (), sealed, lambda: _shown_crossings(campaign))
    return [Key(*key) for key in answer]


def _shown_crossings(campaign: Campaign) -> list[Key]:
    """From what is kept of large units; which results are shown, only the whole campaign says."""
    hidden = hidden_among([campaign])[campaign.pk].polls
    return [Key(*key) for *key, path in answer_about(campaign, "", CROSSED_BELOW) if path not in hidden]


def _crossings_of_parts(polls: Chosen) -> dict[str, list]:
    """By part the crossings in some sealed polls, shown or not, each with the path of its poll."""
    if len(polls.stretches) > MOST_RANGES:
        polls = replace(
            polls, stretches=(Stretch("", "", ends_with_a_poll=False),)
        )  # nobody looks up the parts between
    chosen = Poll.objects.filter(polls.condition())
    keys = _all_keys([polls.campaign], chosen)
    paths = dict(chosen.filter(pk__in={key.poll_id for key in keys}).order_by().values_list("pk", "path"))
    parts: dict[str, list] = defaultdict(list)
    for key in keys:
        parts[paths[key.poll_id][: polls.level]].append([*key, paths[key.poll_id]])
    return parts


def _side_by_side(path: str, own: list | None, below: Sequence[list]) -> list:
    return [crossing for crossings in (own or [], *below) for crossing in crossings]


CROSSED_BELOW = SubtreeQuestion("crossed", _crossings_of_parts, _side_by_side, [], grows=True)


def _keys(campaigns: Sequence[Campaign], polls: PollQuerySet) -> list[Key]:
    for campaign, hidden in hidden_among(campaigns).items():
        if hidden.polls:
            polls = polls.exclude(campaign=campaign, path__in=hidden.polls)
    return _all_keys(campaigns, polls)


def _all_keys(campaigns: Sequence[Campaign], polls: PollQuerySet) -> list[Key]:
    """The crossings in polls whether their results are shown or not."""
    judged_by: dict[LibraryThreshold, list[Campaign]] = defaultdict(list)
    for judged_by_it in campaigns:
        for threshold in judged_by_it.limits:
            judged_by[threshold].append(judged_by_it)
    return [
        Key(threshold.key, *crossed)
        for threshold, judged in judged_by.items()
        for crossed in _crossed(threshold, judged, polls)
    ]


def _crossed(threshold: LibraryThreshold, campaigns: list[Campaign], polls: PollQuerySet) -> Iterable[_Target]:
    """The targets over the limit, by `judgement.crossed`: the database sums their lines, and passes over targets without
    any line over it, which have no sum over it either.
    """
    scales = _places(threshold, campaigns)
    if not scales:
        return
    lines = _lines(threshold, campaigns, polls).filter(indicator__questionnaire__scale__in=scales)
    sums = lines.values(*_LINE).annotate(crossing=Sum(_counted(scales)), abstained=Sum("abstained_count"))
    sums = sums.annotate(base=_base())
    over = sums.annotate(left=F("crossing") * threshold.denominator, right=F("base") * threshold.numerator)
    is_over = Q(left__gte=F("right")) if threshold.is_at_least else Q(left__gt=F("right"))
    over = over.filter(is_over, base__gt=0).values("target_id")
    judged = {campaign.pk: campaign.judged for campaign in campaigns}
    by_target = defaultdict(list)
    for *target, _, is_overall, count, base in sums.filter(target__in=over).values_list(*_LINE, "crossing", "base"):
        by_target[_Target(*target)].append(judgement.JudgedLine(count, base, is_overall))
    for target, votes in by_target.items():
        rule, share = judged[target.campaign_id], (threshold.numerator, threshold.denominator)
        if judgement.crossed(votes, rule, *share, or_equal=threshold.is_at_least):
            yield target


def _places(threshold: LibraryThreshold, campaigns: list[Campaign]) -> dict[int, list[int]]:
    """For each scale that has all of the threshold's grades, their places among the grades in the base."""
    labels = defaultdict(list)
    grades = Grade.objects.filter(is_in_base=True, scale__questionnaires__campaign__in=campaigns).distinct()
    for scale, label in grades.order_by("scale", "position").values_list("scale_id", "label"):
        labels[scale].append(label)
    return {
        scale: [in_base.index(label) + 1 for label in threshold.labels]
        for scale, in_base in labels.items()
        if set(threshold.labels) <= set(in_base)
    }


def _lines(threshold: LibraryThreshold, campaigns: list[Campaign], polls: PollQuerySet) -> QuerySet[TallyRow]:
    """The rows of the targets that the threshold judges."""
    return TallyRow.objects.filter(
        poll__in=polls.sealed().filter(campaign__in=campaigns).order_by().values("pk"),
        target__kind__in=threshold.target_kinds,
    ).order_by()


def _counted(scales: dict[int, list[int]]):
    """The grades that the threshold counts, by the scale of the row."""
    return Case(
        *[
            When(
                indicator__questionnaire__scale=scale,
                then=sum((F(f"grade_{place}_count") for place in places[1:]), F(f"grade_{places[0]}_count")),
            )
            for scale, places in scales.items()
        ],
        output_field=IntegerField(),
    )


def _base():
    """The denominator as in `tally.Result.base`, None where it is not known; wants `abstained` beside it."""
    own = _own()
    returned = Batch.objects.counting().filter(poll=OuterRef("poll_id")).order_by().values("poll")
    returned = returned.annotate(total=Sum("returned_count")).values("total")
    inside = Case(When(poll__campaign__unknown=Campaign.Unknown.INSIDE, then=Sum("unknown_count")), default=0)
    return Case(
        When(poll__campaign__base=Campaign.Base.ATTENDED, then=F("poll__attended_count") - own),
        When(poll__campaign__base=Campaign.Base.ENTITLED, then=F("poll__entitled_count") - own),
        When(
            poll__campaign__base=Campaign.Base.RETURNED,
            then=Coalesce(Subquery(returned), 0) - Sum("unknown_count") + inside - own,
        ),
        When(poll__campaign__blank=Campaign.Blank.ABSTAIN, then=Sum(_CHOSEN) + F("abstained") + inside - own),
        default=Sum(_CHOSEN) + inside,
        output_field=IntegerField(),
    )


def _own():
    """The one blank of a person's row that is their own, where nobody appraises themselves."""
    is_own = Q(poll__campaign__is_self_excluded=True, target__member__isnull=False, abstained__gt=0)
    return Case(When(is_own, then=Value(1)), default=Value(0), output_field=IntegerField())
