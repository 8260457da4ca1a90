"""Polls of a campaign closed and sealed together, in pages where they are many."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots import actions
from ballots.counting import bulk, closing
from ballots.models import Ballot, Batch, Opinion
from campaigns.actions import make_polls
from campaigns.models import Poll
from campaigns.views.many import NOT_AS_SEEN
from tests import factories

from .asking import field_of, messages_of, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_campaign_closes_what_it_can_and_lists_the_rest(secretary, three):
    page = url("campaign_close", campaign_id=three.pk)

    before = text_of(secretary.get(page))
    after = secretary.post(page, {}, follow=True)

    assert "有纸质票，须填写发出数和收回数。" in before
    assert messages_of(after) == ["截止了1个评议点。"]
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "open"]
    secretary.post(page, {"with_empty": "on"})
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]


def test_a_poll_that_a_campaign_could_not_close_is_named_with_the_reason(secretary, three):
    Poll.objects.filter(organization__name="一支部").update(attended_count=3)

    response = secretary.post(url("campaign_close", campaign_id=three.pk), {})

    assert [(str(poll.organization), why == closing.MISMATCH) for poll, why in response.context["refused"]] == [
        ("一支部", True)
    ]
    assert "没有截止" in text_of(response)


def test_a_campaign_seals_all_that_is_closed(secretary, three):
    secretary.post(url("campaign_close", campaign_id=three.pk), {"with_empty": "on"})
    page = url("campaign_seal", campaign_id=three.pk)

    asked = text_of(secretary.get(page))
    response = secretary.post(page)

    assert "将要封存的2个" in asked
    assert re.search(r"二支部</a></th>\s*<td>仍在收票，须先截止。", asked)
    assert response.url == reverse("campaigns:campaign_detail", kwargs={"campaign_id": three.pk})
    assert list(three.polls.values_list("state", flat=True)) == ["sealed", "open", "sealed"]
    assert not Opinion.objects.exists()


def test_a_campaign_names_the_poll_that_it_could_not_seal(secretary, three):
    secretary.post(url("campaign_close", campaign_id=three.pk), {"with_empty": "on"})
    Ballot.objects.create(batch=Batch.objects.get(poll__organization__name="一支部"), marks="11")

    response = secretary.post(url("campaign_seal", campaign_id=three.pk))

    (refused,) = response.context["refused"]
    assert (str(refused[0].organization), refused[1]) == ("一支部", "“集中评议·党员”有效票应为9张，票库中有10张。")
    assert "以下1个评议点没有封存" in text_of(response)
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "sealed"]


def test_the_units_of_a_campaign_to_be_closed_are_searched_and_only_they_are_closed(secretary, three, in_pages):
    page = url("campaign_close", campaign_id=three.pk)

    asked = text_of(secretary.get(page, {"q": "一支部"}))
    response = secretary.post(page, {"q": field_of(asked, "q"), "seen": field_of(asked, "seen"), "with_empty": "on"})

    assert "集中截止查找到的1个" in asked and "三支部" not in asked
    assert response.status_code == 302
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "open"]


def test_nothing_is_closed_where_the_list_has_changed_since_it_was_seen(secretary, three):
    page = url("campaign_close", campaign_id=three.pk)
    asked = text_of(secretary.get(page))
    factories.make_batch(three.polls.get(organization__name="三支部"))

    response = secretary.post(page, {"seen": field_of(asked, "seen")})

    assert messages_of(response) == [NOT_AS_SEEN]
    assert "可以集中截止的2个" in text_of(response)
    assert field_of(text_of(response), "seen") != field_of(asked, "seen")
    assert list(three.polls.values_list("state", flat=True)) == ["open"] * 3


def test_a_list_in_pages_is_closed_and_sealed_only_with_its_mark(secretary, three, in_pages):
    factories.make_batch(three.polls.get(organization__name="三支部"))
    close, seal = (url(name, campaign_id=three.pk) for name in ("campaign_close", "campaign_seal"))

    unmarked = secretary.post(close, {})
    assert messages_of(unmarked) == [NOT_AS_SEEN]
    assert list(three.polls.values_list("state", flat=True)) == ["open"] * 3
    assert "第1页，共2页，2条" in text_of(unmarked) and "?ready-page=2" in text_of(unmarked)
    secretary.post(close, {"seen": field_of(text_of(unmarked), "seen")})
    unmarked = secretary.post(seal)
    assert messages_of(unmarked)[-1] == NOT_AS_SEEN
    assert list(three.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]
    secretary.post(seal, {"seen": field_of(text_of(unmarked), "seen")})
    assert list(three.polls.values_list("state", flat=True)) == ["sealed", "open", "sealed"]


def test_a_search_on_the_page_of_sealing_narrows_the_names_alone(secretary, three, in_pages):
    secretary.post(url("campaign_close", campaign_id=three.pk), {"with_empty": "on"})
    page = url("campaign_seal", campaign_id=three.pk)

    asked = text_of(secretary.get(page, {"q": "三支部"}))
    secretary.post(page, {"seen": field_of(asked, "seen")})

    assert "将要封存的1个" in asked and "封存的仍是全部2个" in asked and "封存可以封存的2个" in asked
    assert list(three.polls.values_list("state", flat=True)) == ["sealed", "open", "sealed"]


def test_the_rest_of_a_long_closing_waits_for_the_next_press(secretary, three, monkeypatch):
    monkeypatch.setattr(bulk, "SECONDS_AT_ONCE", -1)

    response = secretary.post(url("campaign_close", campaign_id=three.pk), {}, follow=True)

    assert messages_of(response) == ["截止了0个评议点。", "还有1个没有轮到，再按一次接着办。"]
    assert list(three.polls.values_list("state", flat=True)) == ["open"] * 3


def test_the_pages_of_a_campaign_take_the_same_queries_for_one_unit_and_for_three(secretary, people):
    counts = {}
    for units in (1, 3):
        campaign = factories.make_campaign(people.organization, title=f"{units}个单位")
        branches = [
            factories.make_organization(f"{units}之{n}", parent=people.organization, kind="branch")
            for n in range(units)
        ]
        make_polls(campaign, branches)
        actions.open_campaign(campaign, by=None)
        for poll in campaign.polls.all():
            factories.make_batch(poll)
        for name in ("campaign_close", "campaign_seal"):
            with CaptureQueriesContext(connection) as queries:
                secretary.get(url(name, campaign_id=campaign.pk))
            counts.setdefault(name, []).append(len(queries))
            if name == "campaign_close":
                secretary.post(url(name, campaign_id=campaign.pk), {})

    assert all(first == second for first, second in counts.values()), counts
