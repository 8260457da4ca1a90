"""A long deed is working until it ended, and the one that waits longest comes first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import LongDeed
from tests.factories import make_campaign, make_long_deed, make_organization, make_user

pytestmark = pytest.mark.django_db


def test_the_worker_s_turn_comes_in_the_order_of_waiting():
    now, user, root = timezone.now(), make_user(), make_organization()
    late = make_long_deed(make_campaign(root, title="甲"), user, asked_at=now)
    early = make_long_deed(make_campaign(root, title="乙"), user, asked_at=now - timedelta(minutes=1))
    ended = make_long_deed(make_campaign(root, title="丙"), user, ended="已经办完。")

    assert list(LongDeed.objects.at_work()) == [early, late]
    assert list(LongDeed.objects.ended_before(timezone.now())) == [ended]
    assert [deed.is_at_work for deed in (early, late, ended)] == [True, True, False]


@pytest.mark.parametrize(("facts", "is_begun"), [({}, False), ({"try_count": 1}, True), ({"total_count": 3}, True)])
def test_a_deed_is_begun_when_a_worker_took_it_up_and_stays_so_between_its_parts(facts, is_begun):
    assert LongDeed(kind="open", **facts).is_begun == is_begun
