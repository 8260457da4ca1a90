"""Polls and units whose results are not shown: the rule is `small_groups.hidden_units`, the facts are a campaign's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db.models import F, QuerySet, Sum

from ballots.counting.small_groups import PollSize, hidden_units
from ballots.models import Batch
from campaigns.models import Campaign, Poll, Target
from campaigns.models.place import STEP

from .. import wording
from .kept import by_size, kept_answer, sealed_so_far


@dataclass(frozen=True)
class HiddenResults:
    """The reasons why results of a campaign are not shown, by the path of the unit; empty where all are."""

    # The result of a unit's own poll.
    polls: Mapping[str, str] = field(default_factory=dict)
    # The sum of the polls at and below a unit; of a unit with no other poll below it, its own poll again.
    sums: Mapping[str, str] = field(default_factory=dict)

    def of_part(self, path: str, level: int) -> str:
        """The reason for a part of the tree that was cut at `level` digits: a shorter path is one poll by itself."""
        return (self.polls if len(path) < level else self.sums).get(path, "")


NOTHING_HIDDEN = HiddenResults()


def hidden_among(campaigns: Iterable[Campaign]) -> dict[int, HiddenResults]:
    """The results that are not shown, by campaign. Takes two queries where no poll is small, four otherwise; of campaigns
    with many sealed polls the answers are kept, and two queries each find them.

    A campaign is looked at whole, not a part of it: a sum further up may be what gives a small poll away.
    """
    campaigns = list(campaigns)
    sealed = sealed_so_far(campaigns)
    few, large = by_size(campaigns, sealed)
    hidden = dict.fromkeys((campaign.pk for campaign in campaigns), NOTHING_HIDDEN) | _among(few)
    for campaign in large:
        answer = kept_answer(campaign, "hidden", (), sealed[campaign.pk], partial(_hidden_as_json, campaign))
        hidden[campaign.pk] = HiddenResults(**answer)
    return hidden


def _hidden_as_json(campaign: Campaign) -> dict:
    hidden = _among([campaign])[campaign.pk]
    return {"polls": dict(hidden.polls), "sums": dict(hidden.sums)}


def _among(campaigns: Sequence[Campaign]) -> dict[int, HiddenResults]:
    hidden = dict.fromkeys((campaign.pk for campaign in campaigns), NOTHING_HIDDEN)
    if not campaigns:
        return hidden
    small = _valid(campaigns).filter(valid__gt=0, valid__lt=F("poll__campaign__min_poll"))
    keys = set(small.values_list("poll__campaign_id", flat=True))
    if keys:
        concerned = [campaign for campaign in campaigns if campaign.pk in keys]
        sizes = _sizes(concerned)
        hidden |= {campaign.pk: _hidden(campaign, sizes[campaign.pk]) for campaign in concerned}
    return hidden


def _hidden(campaign: Campaign, sizes: Sequence[PollSize]) -> HiddenResults:
    hidden = hidden_units(sizes, campaign.min_poll, campaign.min_group, step=STEP)
    few, beside = wording.few_ballots(campaign.min_poll), wording.beside_few_ballots(campaign.min_poll)
    polls = {path: few if path in hidden.small else beside for path in hidden.small | hidden.polls}
    above = {size.path[:end] for size in sizes for end in range(STEP, len(size.path), STEP)}
    alone = {path: reason for path, reason in polls.items() if path not in above}
    return HiddenResults(polls, {**alone, **dict.fromkeys(hidden.sums, beside)})


def _sizes(campaigns: Sequence[Campaign]) -> dict[int, list[PollSize]]:
    asked = defaultdict(set)
    targets = Target.objects.filter(poll__campaign__in=campaigns, poll__state=Poll.State.SEALED).order_by()
    for poll, questionnaire in targets.values_list("poll_id", "questionnaire_id").distinct():
        asked[poll].add(questionnaire)
    sizes = defaultdict(list)
    filled = _valid(campaigns).filter(valid__gt=0)
    for campaign, poll, path, valid in filled.values_list("poll__campaign_id", "poll_id", "poll__path", "valid"):
        sizes[campaign].append(PollSize(path, valid, frozenset(asked[poll])))
    return sizes


def _valid(campaigns: Iterable[Campaign]) -> QuerySet:
    """A row for each sealed poll with its valid ballots."""
    counting = Batch.objects.counting().filter(poll__campaign__in=campaigns, poll__state=Poll.State.SEALED).order_by()
    return counting.values("poll__campaign_id", "poll_id", "poll__path").annotate(
        valid=Sum(F("returned_count") - F("void_count"), default=0)
    )
