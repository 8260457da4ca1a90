"""The subject of a report."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q, QuerySet, Sum

from campaigns.models import Campaign, Organization, Poll, PollQuerySet
from campaigns.models.reach import within_paths
from campaigns.units import Unit, unit_of


@dataclass(frozen=True)
class Scope:
    """A poll, or a unit's part of a campaign with all below it (`poll` None).

    `unit` is the place whose polls it speaks of, `organization` the one whose ledger and promises go on.
    """

    campaign: Campaign
    organization: Organization
    unit: Unit
    poll: Poll | None = None

    @classmethod
    def of_poll(cls, poll: Poll) -> "Scope":
        return cls(poll.campaign, poll.organization, Unit.of_poll(poll), poll)

    @classmethod
    def of(cls, campaign: Campaign, organization: Organization) -> "Scope":
        """All that an organization had at and below it in a campaign."""
        return cls(campaign, organization, unit_of(campaign, organization))

    @property
    def polls(self) -> PollQuerySet:
        """The sealed polls that are reported on."""
        return self.planned.sealed()

    @property
    def planned(self) -> PollQuerySet:
        """The polls that are reported on, sealed or not."""
        if self.poll:
            return Poll.objects.filter(pk=self.poll.pk)
        return self.campaign.polls.filter(within_paths([self.unit.path]))

    @cached_property
    def planned_by_kind(self) -> dict[str, "UnitsOfKind"]:
        """The planned units by kind, counted once for all that tell of them."""
        return units_by_kind(self.planned)

    def reports_on(self, field: str) -> Q:
        """The condition that a poll column refers to a sealed poll that is reported on."""
        is_sealed = Q(**{f"{field}__state": Poll.State.SEALED})
        if self.poll:
            return is_sealed & Q(**{field: self.poll.pk})
        return is_sealed & Q(**{f"{field}__campaign": self.campaign}) & within_paths([self.unit.path], f"{field}__path")

    def is_about(self, target: str) -> Q:
        """The condition that a target column refers to what is reported on. Where that is a whole campaign, the questionnaires
        say so: to look up the poll of each target of a province takes as long again.
        """
        if self._has_whole_campaign:
            return Q(**{f"{target}__questionnaire__campaign": self.campaign})
        return Q(**{f"{target}__poll__in": self.polls})

    @property
    def _has_whole_campaign(self) -> bool:
        """Whether every poll of the campaign is sealed and lies here; indexes know, without a look at all of them."""
        if self.poll:
            return False
        path, polls = self.unit.path, self.campaign.polls.order_by()
        unsealed = [state for state in Poll.State if state != Poll.State.SEALED]
        outside = Q(path__lt=path) | Q(path__gte=f"{path}z")
        return not polls.filter(state__in=unsealed).exists() and not polls.filter(outside).exists()

    def within(self, field: str) -> Q:
        """The condition that an organization column lies in the scope as the tree is now."""
        if self.poll:
            return Q(**{field: self.organization})
        return within_paths([self.organization.path], f"{field}__path")


class UnitsOfKind(NamedTuple):
    """How many units of a kind have a poll, how many members they have, and the first of them in the tree."""

    units: int
    members: int
    first: str


def units_by_kind(polls: QuerySet[Poll]) -> dict[str, UnitsOfKind]:
    """The units of some polls by the kind that each had when it opened, until then the one of today; at most two queries."""
    by_kind = _counted(polls, "unit_kind")
    if by_kind.pop("", None):
        for kind, today in _counted(polls.filter(unit_kind=""), "organization__kind").items():
            kept = by_kind.get(kind, UnitsOfKind(0, 0, today.first))
            by_kind[kind] = UnitsOfKind(
                kept.units + today.units, kept.members + today.members, min(kept.first, today.first)
            )
    return by_kind


def _counted(polls: QuerySet[Poll], kind: str) -> dict[str, UnitsOfKind]:
    rows: Any = (
        polls.order_by()
        .values_list(kind)
        .annotate(units=Count("pk"), members=Sum("roster_count", default=0), first=Min("path"))
    )
    return {kind: UnitsOfKind(*facts) for kind, *facts in rows.order_by("first")}
