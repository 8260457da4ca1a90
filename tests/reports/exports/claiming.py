"""Exports claimed and looked into."""

import zipfile

from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Campaign
from reports.exports import archives
from reports.exports.queue import (
    claim_export,
)
from reports.models import Export
from tests import factories


def make_sealed_campaign(committee) -> Campaign:
    """A general branch with one branch, and another branch; each with a sealed poll."""
    general = factories.make_organization("第一党总支", parent=committee, kind="general_branch")
    below = factories.make_organization("第三党支部", parent=general, kind="branch")
    other = factories.make_organization("第二党支部", parent=committee, kind="branch")
    campaign = factories.make_campaign(committee)
    actions.make_polls(campaign, [general, below, other])
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 8, "12": 2})
        factories.close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def claimed():
    return claim_export(now=timezone.now())


def again(export):
    return Export.objects.get(pk=export.pk)


def contents(export):
    """Each file of the archive by its name."""
    with zipfile.ZipFile(archives.archive_of(export.pk)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
