"""The row of a way back to preparation: with a reason, and with the unit's name where it is a poll's."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import TakenBack
from tests.factories import make_open_poll

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"reason": ""}, "taken_back_has_a_reason"),
        ({"unit_name": ""}, "taken_back_names_its_poll"),
    ],
)
def test_the_database_refuses_an_entry_that_tells_nothing(facts, constraint):
    poll = make_open_poll()
    told = {"poll": poll, "unit_name": poll.unit_name, "reason": "票上漏了一人", "code_count": 0, **facts}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        TakenBack.objects.create(campaign=poll.campaign, **told)


def test_an_entry_stays_when_its_poll_is_deleted():
    poll = make_open_poll()
    facts = {"unit_name": poll.unit_name, "reason": "票上漏了一人", "code_count": 3}
    entry = TakenBack.objects.create(campaign=poll.campaign, poll=poll, **facts)
    poll.targets.all().delete()

    poll.delete()

    entry.refresh_from_db()
    assert (entry.poll, str(entry)) == (None, "某局党委退回筹备")
