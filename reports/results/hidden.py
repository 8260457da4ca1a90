"""Polls and units whose results are not shown: the rule is `small_groups.hidden_units`, the facts are a campaign's."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from ballots.counting.small_groups import (
    Fold,
    HiddenUnits,
    PollSize,
    ShownRow,
    fold_above,
    folds_of,
    hidden_units,
)
from ballots.models import Batch
from campaigns.models import Campaign, Poll, Target
from campaigns.models.place import STEP

from .. import wording
from .kept import by_size, kept_answer, sealed_so_far
from .subtrees import Chosen, SubtreeQuestion, answer_about, answers_of_roots

# Polls of which a query may name the keys.
MOST_KEYS = 20_000


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
    """From what is kept of large units: the rest of the tree is folded along them."""
    folds = answers_of_roots(campaign, folded_units(campaign))
    hidden = _reasons(campaign, [_fold_of(campaign, kept).units for kept in folds])
    return {"polls": dict(hidden.polls), "sums": dict(hidden.sums)}


def folded_units(campaign: Campaign) -> SubtreeQuestion:
    """The question after all that the units above need to know of a unit, to hide what must be hidden."""
    return SubtreeQuestion("folded", _folds, partial(_fold_above, campaign), _fold_as_json(Fold()))


def _folds(polls: Chosen) -> dict[str, dict]:
    campaign = polls.campaign
    sizes = _sizes(polls.condition("poll"))[campaign.pk]
    folds = folds_of(sizes, polls.level, campaign.min_poll, campaign.min_group, step=STEP)
    return {path: _fold_as_json(fold) for path, fold in folds.items()}


def _fold_above(campaign: Campaign, path: str, own: dict | None, below: Sequence[dict]) -> dict:
    parts = [_fold_of(campaign, part) for part in below]
    fold = fold_above(path, _fold_of(campaign, own) if own else None, parts, max(campaign.min_poll, campaign.min_group))
    return _fold_as_json(fold)


def _fold_as_json(fold: Fold) -> dict:
    """The rows at the top with those right below them; what lies in these is asked for by their path if it is ever wanted.

    The rows below, of which there may be hundreds, are a text of their own: few are ever opened.
    """
    return {
        "rows": [[*_row_as_json(row), json.dumps([_row_as_json(below) for below in row.open()])] for row in fold.rows],
        "rest": [[*item] for item in fold.rest.items()],
        "small": fold.small,
        "hidden": [_row_as_json(row) for row in fold.hidden],
        "sums": fold.sums,
    }


def _row_as_json(row: ShownRow) -> list:
    return [row.path, row.is_poll, row.size, sorted(row.asked), [[*item] for item in row.unseen.items()], row.is_alone]


def _fold_of(campaign: Campaign, kept: Mapping[str, Any]) -> Fold:
    return Fold(
        [_row_of(campaign, row, below) for *row, below in kept["rows"]],
        Counter(dict(kept["rest"])),
        dict(kept["small"]),
        [_row_of(campaign, row, "[]") for row in kept["hidden"]],
        [*kept["sums"]],
    )


def _row_of(campaign: Campaign, row: Sequence[Any], below: str | None = None) -> ShownRow:
    path, is_poll, size, asked, unseen, is_alone = row
    open_row = partial(_opened, campaign, path) if below is None else partial(_rows_of, campaign, below)
    return ShownRow(path, is_poll, size, frozenset(asked), dict(unseen), tuple if is_poll else open_row, is_alone)


def _rows_of(campaign: Campaign, rows: str) -> list[ShownRow]:
    return [_row_of(campaign, row) for row in json.loads(rows)]


def _opened(campaign: Campaign, path: str) -> Sequence[ShownRow]:
    """The rows that the sum of a unit is made of, where they are wanted two levels further up."""
    fold = _fold_of(campaign, answer_about(campaign, path, folded_units(campaign)))
    return next((row.open() for row in fold.rows if row.path == path and not row.is_poll), ())


def _among(campaigns: Sequence[Campaign]) -> dict[int, HiddenResults]:
    hidden = dict.fromkeys((campaign.pk for campaign in campaigns), NOTHING_HIDDEN)
    if not campaigns:
        return hidden
    small = _valid(_sealed_of(campaigns)).filter(valid__gt=0, valid__lt=F("poll__campaign__min_poll"))
    keys = set(small.values_list("poll__campaign_id", flat=True))
    if keys:
        concerned = [campaign for campaign in campaigns if campaign.pk in keys]
        sizes = _sizes(_sealed_of(concerned))
        hidden |= {
            campaign.pk: _reasons(
                campaign, [hidden_units(sizes[campaign.pk], campaign.min_poll, campaign.min_group, step=STEP)]
            )
            for campaign in concerned
        }
    return hidden


def _reasons(campaign: Campaign, parts: Iterable[HiddenUnits]) -> HiddenResults:
    """Why each result is not shown, in the parts of the tree under its roots."""
    few, beside = wording.few_ballots(campaign.min_poll), wording.beside_few_ballots(campaign.min_poll)
    polls: dict[str, str] = {}
    sums: dict[str, str] = {}
    for hidden in parts:
        polls |= {path: few if path in hidden.small else beside for path in hidden.small | hidden.polls}
        sums |= {path: polls[path] for path in hidden.alone} | dict.fromkeys(hidden.sums, beside)
    return HiddenResults(polls, sums)


def _sealed_of(campaigns: Iterable[Campaign]) -> Q:
    return Q(poll__campaign__in=campaigns, poll__state=Poll.State.SEALED)


def _sizes(sealed: Q) -> dict[int, list[PollSize]]:
    """By campaign the polls with ballots among some sealed ones."""
    columns = ("poll__campaign_id", "poll_id", "poll__path", "valid")
    filled = list(_valid(sealed).filter(valid__gt=0).values_list(*columns))
    # To plan for hundreds of ranges of paths takes longer than to find some thousand polls by their keys.
    found_by = sealed if len(filled) > MOST_KEYS else Q(poll__in=[poll for _, poll, *_ in filled])
    asked = _asked_of_polls(found_by)
    sizes = defaultdict(list)
    for campaign, poll, path, valid in filled:
        sizes[campaign].append(PollSize(path, valid, asked[poll]))
    return sizes


def _asked_of_polls(polls: Q) -> dict[int, frozenset[int]]:
    """By poll its questionnaires: a hundred thousand polls ask the same few, and share them."""
    asked: dict[int, frozenset[int]] = defaultdict(frozenset)
    known: dict[tuple[frozenset[int], int], frozenset[int]] = {}
    targets = Target.objects.filter(polls).order_by()
    for poll, questionnaire in targets.values_list("poll_id", "questionnaire_id").distinct():
        so_far = asked[poll]
        asked[poll] = known.setdefault((so_far, questionnaire), so_far | {questionnaire})
    return asked


def _valid(sealed: Q) -> QuerySet:
    """A row for each of some sealed polls with its valid ballots."""
    counting = Batch.objects.counting().filter(sealed).order_by()
    return counting.values("poll__campaign_id", "poll_id", "poll__path").annotate(
        valid=Sum(F("returned_count") - F("void_count"), default=0)
    )
