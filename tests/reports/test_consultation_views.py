"""征求意见表 beside the 评议表: printed, counted by the teller, keyed, and told in the downloaded 小结 (S0-1)."""

import pytest
from django.urls import reverse

from ballots.counting import sealing
from ballots.models import Consultation, Opinion
from tests.browser.figures import text_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_cast,
    make_open_poll,
    make_sheets,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def teller(client, people):
    client.force_login(people.teller)
    return client


def send(client, name, poll, **fields):
    return client.post(reverse(f"reports:{name}", args=[poll.pk]), fields)


def page(client, name, poll, **words):
    return client.get(reverse(f"reports:{name}", args=[poll.pk]), words)


def seal(poll):
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)


def test_what_the_teller_counts_and_keys_is_told_in_the_summary(client, teller, people, poll):
    counted = send(teller, "sheets_count", poll, issued_count=41, returned_count=38)
    amendments = "\n".join(f"第{number}条改得具体些" for number in range(7))
    keyed = send(teller, "sheets_key", poll, sheet_kind="amendment", opinions=amendments)
    send(teller, "sheets_key", poll, sheet_kind="remark", opinions="\n".join(f"意见{number}" for number in range(15)))
    seal(poll)
    client.force_login(people.secretary)

    summary = text_of(_draft(client, poll))
    printed = text_of(page(client, "opinions_pdf", poll, reason="归档").content)

    assert (counted.status_code, keyed.status_code) == (302, 302)
    assert "共征求到评议意见和建议22条，其中征求意见表22条。" in summary
    assert "发出征求意见表41份，收回38份，提出修改意见7条、其他意见15条。" in summary
    assert "征求意见表" in printed
    # Neither is a ballot.
    batch = poll.batches.get()
    assert (batch.issued_count, batch.returned_count) == (9, 9)


def _draft(client, poll):
    return client.get(reverse("reports:summary_pdf", args=[poll.pk]) + "?draft=1").content


def test_sheets_on_which_nothing_was_written_are_told_too(client, people, poll):
    make_sheets(poll)
    seal(poll)
    client.force_login(people.secretary)

    assert "发出征求意见表41份，收回38份，没有提出意见。" in text_of(_draft(client, poll))


def test_the_teller_does_not_see_what_was_keyed(teller, poll):
    make_sheets(poll, "第三条太笼统")

    pages = [page(teller, name, poll).content.decode() for name in ("sheets_count", "sheets_key")]

    assert "已录入意见1条" in pages[0]
    assert "第三条太笼统" not in "".join(pages)
    assert page(teller, "gathering_list", poll).status_code == 403


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("sheets_count", {"issued_count": 41, "returned_count": 42}, "不能多于发出的"),
        ("sheets_count", {"issued_count": -1, "returned_count": 0}, "大于或等于0"),
        ("sheets_key", {"sheet_kind": "amendment", "opinions": "改"}, "请先登记征求意见表的发出、收回份数"),
        ("sheets_key", {"sheet_kind": "other", "opinions": "改"}, "选择一个有效的选项"),
        ("sheets_key", {"sheet_kind": "remark", "opinions": " "}, "这个字段是必填项"),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_is_written(teller, poll, name, fields, told):
    response = send(teller, name, poll, **fields)

    assert response.status_code == 200
    assert told in response.content.decode()
    assert not Consultation.objects.exists()
    assert not Opinion.objects.exists()


def test_the_secretary_corrects_what_was_keyed_without_changing_its_kind(client, people, poll):
    make_sheets(poll, "第三条太笼统")
    client.force_login(people.secretary)
    origin = Opinion.objects.get().origin

    sent = client.post(reverse("reports:gathered_edit", args=[origin.pk]), {"text": "第三条要具体"})

    origin.refresh_from_db()
    assert sent.status_code == 302
    assert (origin.opinion.text, origin.source, origin.sheet_kind) == ("第三条要具体", "sheet", "amendment")


def test_the_blank_form_asks_for_text_alone(teller, poll):
    text = text_of(page(teller, "sheets_blank", poll).content)

    assert poll.organization.name in text
    assert "修改意见" in text
    assert "满意" not in text
