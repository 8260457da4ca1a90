"""The last day is put off while polls are open, and everybody sees by whom and why."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from ballots import actions as ballot_actions
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.actions.extending import can_be_extended, extend_campaign
from campaigns.models import Campaign, Extension
from campaigns.models.states import StateError
from tests.factories import close_poll, make_batch, make_campaign, make_cast, make_open_poll, make_organization

pytestmark = pytest.mark.django_db

DAYS = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 12)}
THE_DAY_AFTER = datetime(2027, 3, 13, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def poll(people):
    return make_open_poll(people.organization, **DAYS)


@pytest.fixture(autouse=True)
def the_day_after():
    with time_machine.travel(THE_DAY_AFTER, tick=False):
        yield


def extend(poll, **overrides):
    facts = {"ends_on": date(2027, 3, 20), "reason": "两个支部改期", "by": None, **overrides}
    return extend_campaign(poll.campaign, **facts)


def test_a_campaign_put_off_takes_ballots_again(people, poll):
    (slip,) = codes.make_slips(make_batch(poll), 1)

    extension = extend(poll, by=people.secretary)

    assert casting.cast(ticket=codes.exchange(slip), key="k", marks="12")
    assert Campaign.objects.get().ends_on == date(2027, 3, 20)
    assert (extension.was_to_end_on, extension.ends_on, extension.reason, extension.extended_by) == (
        date(2027, 3, 12),
        date(2027, 3, 20),
        "两个支部改期",
        people.secretary,
    )


@pytest.mark.parametrize("ends_on", [date(2027, 3, 11), date(2027, 3, 12)])
def test_a_day_that_is_not_later_or_past_is_refused(poll, ends_on):
    with pytest.raises(StateError):
        extend(poll, ends_on=ends_on)

    assert (Campaign.objects.get().ends_on, Extension.objects.count()) == (date(2027, 3, 12), 0)


def test_an_earlier_day_is_refused_before_the_end_too(poll):
    Campaign.objects.update(ends_on=date(2027, 3, 30))

    with pytest.raises(StateError, match="晚于现在的结束日期"):
        extend(poll)


def test_what_is_closed_or_not_yet_open_is_not_extended(people, poll):
    close_poll(poll)
    coming = make_campaign(people.organization, title="另一次评议", **DAYS)
    actions.make_polls(coming, [people.organization])

    assert [can_be_extended(campaign) for campaign in (poll.campaign, coming)] == [False, False]
    with pytest.raises(StateError):
        extend(poll)


def test_the_pages_of_poll_and_campaign_say_who_put_it_off_and_why(client, people, poll):
    client.force_login(people.secretary)
    sent = {"ends_on": "2027-03-20", "reason": "两个支部改期"}

    page = client.post(reverse("campaigns:campaign_extend", args=[poll.campaign_id]), sent, follow=True)

    told = "结束日期由2027年3月12日延至2027年3月20日：两个支部改期"
    client.force_login(people.officer)
    for text in (page.content, client.get(reverse("ballots:poll_detail", args=[poll.pk])).content):
        assert told in text.decode()
        assert "（secretary，2027年3月13日 09:00）" in text.decode()


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"ends_on": "2027-03-20", "reason": ""}, "这个字段是必填项"),
        ({"ends_on": "2027-03-12", "reason": "改期"}, "不能早于今天"),
        ({"ends_on": "三月", "reason": "改期"}, "有效的日期"),
    ],
)
def test_a_wrong_day_or_no_reason_is_said_beside_the_field(client, people, poll, sent, complaint):
    client.force_login(people.secretary)

    page = client.post(reverse("campaigns:campaign_extend", args=[poll.campaign_id]), sent)

    assert complaint in page.content.decode()
    assert Extension.objects.count() == 0


def test_the_poll_says_that_phones_take_nothing_any_more(client, people, poll):
    client.force_login(people.secretary)

    page = client.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()

    assert "已过结束日期，手机上不再收票" in page


def test_the_home_page_says_what_ends_today(client, people, poll):
    other = make_campaign(people.organization, title="后天才结束", **DAYS | {"ends_on": date(2027, 3, 15)})
    actions.make_polls(other, [people.organization])
    ballot_actions.open_campaign(other, by=None)
    client.force_login(people.secretary)

    before = client.get(reverse("reports:home")).context["ending"]
    extend(poll, ends_on=date(2027, 3, 13))
    today = client.get(reverse("reports:home"))

    assert [list(before), [campaign.title for campaign in today.context["ending"]]] == [[], [poll.campaign.title]]
    assert "1个评议点正在收票，手机投票到今天24时自动停止" in today.content.decode()
