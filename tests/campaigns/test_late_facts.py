"""The pages on which facts of a meeting are asked for before the seal, and completed after it."""

import pytest
from django.urls import reverse

from campaigns import actions
from campaigns.models import LateFact, Poll
from campaigns.readiness import blank_at_the_seal
from reports.report import content_of_poll
from tests import factories

pytestmark = pytest.mark.django_db

WHY = "封存时漏填"


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


@pytest.fixture
def poll(people):
    return factories.make_open_poll(people.organization)


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def url(name, key):
    return reverse(name, args=[key])


def sealed(secretary, poll):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 5})
    factories.close_poll(poll)
    secretary.post(url("ballots:poll_seal", poll.pk))


def test_sealing_lists_what_is_blank_with_a_link_to_where_it_is_filled_in(secretary, poll):
    Poll.objects.filter(pk=poll.pk).update(place="二楼会议室", host="王某")
    factories.close_poll(poll)

    pages = [
        secretary.get(url("ballots:poll_seal", poll.pk)).content.decode(),
        secretary.get(url("ballots:campaign_seal", poll.campaign_id)).content.decode(),
    ]

    link = f'<a href="{url("campaigns:poll_edit", poll.pk)}">去填写</a>'
    for page in pages:
        assert f"“某局党委”没有填写：评议时间、监票人、应参评人数。{link}" in page
        assert "确认封存" in page or "封存可以封存的" in page


def test_a_poll_with_everything_filled_in_is_asked_nothing(secretary, poll):
    facts = {"place": "二楼会议室", "host": "王某", "scrutineers": "李某", "entitled_count": 9}
    Poll.objects.filter(pk=poll.pk).update(meeting_on="2026-11-08", **facts)
    factories.close_poll(poll)

    assert blank_at_the_seal([Poll.objects.get(pk=poll.pk)]) == []
    assert "还有空着的内容" not in secretary.get(url("ballots:poll_seal", poll.pk)).content.decode()


def test_blank_facts_are_completed_on_a_page_that_offers_no_others(secretary, poll, people):
    Poll.objects.filter(pk=poll.pk).update(place="二楼会议室")
    sealed(secretary, poll)

    form = secretary.get(url("campaigns:late_facts", poll.pk)).context["form"]
    sent = {"host": "王某", "meeting_on": "2026-11-08", "place": "三楼会议室", "entitled_count": "99", "reason": WHY}
    page = secretary.post(url("campaigns:late_facts", poll.pk), sent, follow=True).content.decode()

    assert list(form.fields) == ["meeting_on", "host", "supervisor", "scrutineers", "tellers", "reason"]
    poll.refresh_from_db()
    assert (poll.host, poll.place, poll.entitled_count) == ("王某", "二楼会议室", None)
    assert "主持人：王某" in page
    assert f"{people.secretary.username}，" in page
    assert f"原因：{WHY}" in page
    assert "主持人：王某" in secretary.get(url("ballots:poll_detail", poll.pk)).content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"host": "王某"}, "请写明补记原因。"),
        ({"reason": WHY}, "没有填写要补记的内容。"),
        ({"reason": WHY, "meeting_on": "昨天"}, "输入一个有效的日期。"),
    ],
)
def test_a_page_without_a_reason_or_anything_to_write_comes_back(secretary, poll, sent, told):
    sealed(secretary, poll)

    response = secretary.post(url("campaigns:late_facts", poll.pk), sent)

    assert told in response.content.decode()
    assert not LateFact.objects.exists()


def test_before_the_seal_the_page_sends_to_where_facts_are_filled_in(secretary, poll):
    response = secretary.get(url("campaigns:late_facts", poll.pk), follow=True)

    assert "封存以前直接填写" in response.content.decode()


def test_the_count_sheet_says_what_was_completed_after_the_seal(secretary, poll):
    Poll.objects.filter(pk=poll.pk).update(place="二楼会议室")
    sealed(secretary, poll)
    poll.refresh_from_db()
    before = content_of_poll(poll)

    (entry, scrutineer) = actions.complete_facts(poll, {"host": "王某", "scrutineers": "李某"}, reason=WHY, by=None)

    content = content_of_poll(Poll.objects.get(pk=poll.pk))
    day = f"{entry.completed_at.astimezone():%Y}年"
    facts = {fact.label: fact.text for fact in content.facts}
    assert facts["主持人"].startswith(f"王某（封存后补记，{day}")
    assert facts["地点"] == "二楼会议室"
    notes = [note for note in content.notes if note not in before.notes]
    assert [note.partition("（")[0] for note in notes] == [
        "封存后补记：主持人“王某”",
        f"封存后补记：监票人“{scrutineer.value}”",
    ]
    assert all(note.endswith(f"，原因：{WHY}）。") for note in notes)
    assert (content.boxes, content.tables, content.sheets) == (before.boxes, before.tables, before.sheets)
