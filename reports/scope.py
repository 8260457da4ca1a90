"""The subject of a report."""

from dataclasses import dataclass

from django.db.models import Q

from campaigns.models import Campaign, Organization, Poll, PollQuerySet
from campaigns.models.reach import within_paths


@dataclass(frozen=True)
class Scope:
    """A poll, or a unit's part of a campaign with all below it (`poll` None)."""

    campaign: Campaign
    organization: Organization
    poll: Poll | None = None

    @classmethod
    def of_poll(cls, poll: Poll) -> "Scope":
        return cls(poll.campaign, poll.organization, poll)

    @property
    def polls(self) -> PollQuerySet:
        """The sealed polls that are reported on."""
        if self.poll:
            return Poll.objects.sealed().filter(pk=self.poll.pk)
        return self.campaign.polls.sealed().filter(self.within("organization"))

    def within(self, field: str) -> Q:
        """The condition that an organization column lies in the scope."""
        if self.poll:
            return Q(**{field: self.organization})
        return within_paths([self.organization.path], f"{field}__path")
