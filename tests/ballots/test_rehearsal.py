"""What a rehearsal leaves behind: nothing."""

import pytest

from ballots import actions, casting, codes
from ballots.models import Ballot, Batch, Code, Opinion, Receipt
from campaigns.actions import make_polls
from tests import factories

pytestmark = pytest.mark.django_db


def rehearse(campaign, unit):
    make_polls(campaign, [unit])
    poll = campaign.polls.get(organization=unit)
    actions.start_rehearsal(poll)
    poll.refresh_from_db()
    batch = factories.make_batch(poll)
    first, _unused = codes.make_slips(batch, 2)
    said = casting.OpinionText(target_id=poll.targets.get().pk, text="试一试")
    casting.cast(ticket=codes.exchange(first), key=f"key of {unit}", marks="11", opinions=[said])
    return poll


def traces():
    return [model.objects.count() for model in (Batch, Ballot, Code, Receipt, Opinion)]


def test_ending_a_rehearsal_wipes_its_poll_and_no_other():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    ended = rehearse(campaign, factories.make_organization("一支部", parent=committee, kind="branch"))
    rehearse(campaign, factories.make_organization("二支部", parent=committee, kind="branch"))
    before = traces()

    actions.end_rehearsal(ended)

    assert before == [2, 2, 2, 2, 2]
    assert traces() == [1, 1, 1, 1, 1]
    assert not Batch.objects.filter(poll=ended).exists()
