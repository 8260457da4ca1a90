"""Meeting facts of a poll."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign, start_rehearsal
from campaigns import actions
from campaigns.models import Poll
from tests.factories import (
    close_poll,
    make_batch,
    make_member,
    make_sealed_poll,
)

from .asking import FACTS, facts_of, url

pytestmark = pytest.mark.django_db


def test_the_number_on_the_roster_is_offered(cast, poll, as_user):
    for name in ("甲", "乙"):
        make_member(cast.organization, name)
    make_member(cast.organization, "丙", is_active=False)

    page = as_user(cast.secretary).get(url("poll_edit", poll.pk))

    assert page.context["form"]["entitled_count"].value() == 2
    assert "在册党员2名" in page.content.decode()
    assert facts_of(poll)["entitled_count"] is None


@pytest.mark.parametrize("state", ["preparing", "rehearsing", "open", "closed"])
def test_meeting_facts_are_written_until_the_seal(state, cast, campaign, poll, as_user):
    if state == "rehearsing":
        start_rehearsal(poll)
    elif state != "preparing":
        open_campaign(campaign, by=None)
    if state == "closed":
        poll.refresh_from_db()
        make_batch(poll)
        close_poll(poll)

    response = as_user(cast.secretary).post(url("poll_edit", poll.pk), FACTS)

    assert response.url == reverse("ballots:poll_detail", args=[poll.pk])
    facts = facts_of(poll)
    assert (facts["entitled_count"], facts["scrutineers"], facts["state"]) == (45, "丙、丁", state)


def test_after_the_seal_they_are_text(cast, as_user):
    poll = make_sealed_poll(organizer=cast.organization)
    before = facts_of(poll)
    client = as_user(cast.secretary)

    response = client.post(url("poll_edit", poll.pk), FACTS, follow=True)

    assert "已经封存，会议情况不能再改" in response.content.decode()
    assert "<input" not in response.content.decode().split('<main id="main"')[1]
    assert facts_of(poll) == before


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"entitled_count": "-1"}, "大于或等于0"),
        ({"entitled_count": "4"}, "实际参评人数不能多于应参评人数。"),
        ({"meeting_on": "2026-13-01"}, "有效的日期"),
        ({"place": "一" * 101}, "100"),
        ({"host": "甲\x07"}, "控制字符"),
    ],
)
def test_facts_that_do_not_fit_are_refused(overrides, message, cast, poll, as_user):
    Poll.objects.update(attended_count=5)
    before = facts_of(poll)

    response = as_user(cast.secretary).post(url("poll_edit", poll.pk), FACTS | overrides)

    assert message in response.content.decode()
    assert facts_of(poll) == before


def test_the_units_own_secretary_writes_its_facts_and_no_others(cast, campaign, units, client):
    first, second = actions.make_polls(campaign, units[:2])
    cast.outsider.roles.create(organization=units[0], kind="secretary")
    client.force_login(cast.outsider)

    statuses = [client.post(url("poll_edit", poll.pk), FACTS).status_code for poll in (first, second)]

    assert statuses == [302, 404]
    assert (facts_of(first)["place"], facts_of(second)["place"]) == ("三楼会议室", "")
