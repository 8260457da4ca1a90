"""A member's own link: unguessable, kept as a digest, open once, until it is revoked or the campaign is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.models import SelfAppraisalLink
from reports.self_appraisals.links import digest_of, link_of, make_link, revoke_link, use_link
from tests.reports.grading.members import make_graded_poll

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def poll():
    return make_graded_poll({"22": 5}, full=2)


@pytest.fixture
def member(poll):
    return poll.targets.first().member


def test_the_link_itself_is_nowhere_in_the_database(poll, member):
    token = make_link(poll, member, by=None)

    (row,) = SelfAppraisalLink.objects.values()

    assert len(token) >= 32 and row["digest"] == digest_of(token)
    assert token not in str(row)
    assert link_of(token).member == member
    assert link_of(token[:-1]) is None


def test_a_link_is_used_once(poll, member):
    token = make_link(poll, member, by=None)
    link = link_of(token)

    assert use_link(link) and not use_link(link)
    assert link_of(token) is None


def test_a_new_link_ends_the_one_before_and_a_revoked_one_is_gone(poll, member):
    first = make_link(poll, member, by=None)
    second = make_link(poll, member, by=None)

    assert link_of(first) is None and link_of(second)
    assert revoke_link(poll, member) and not revoke_link(poll, member)
    assert link_of(second) is None


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (-1, False)])
def test_a_link_is_open_to_the_end_of_the_campaign_s_last_day(poll, member, days, is_open):
    token = make_link(poll, member, by=None)
    poll.campaign.ends_on = timezone.localdate() + timedelta(days=days)
    poll.campaign.save()

    assert (link_of(token) is not None) is is_open
