"""意见箱: from the poster to a reply, and into the 小结; no name, no hour, no address."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.counting import sealing
from ballots.models import Opinion
from reports.letterbox import receipts
from reports.models import Letter, Letterbox, Problem
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.browser.figures import text_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_cast,
    make_letter,
    make_open_poll,
    make_organization,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_written():
    receipts.forget_writers()
    yield
    receipts.forget_writers()


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


@pytest.fixture
def box(secretary, poll):
    secretary.post(reverse("reports:letterbox_open", args=[poll.organization_id]))
    return Letterbox.objects.get()


@pytest.fixture
def anybody():
    return Client()


def write(client, box, text, **changed):
    """Open the box and send what is on its page."""
    address = reverse("reports:letter_write", args=[box.token])
    key = re.search(r'name="key" value="([^"]+)"', client.get(address).content.decode())[1]
    return client.post(address, {"text": text, "key": key, **changed})


def receipt(client, sent):
    return re.search(r"[2-9A-Z]{6}-[2-9A-Z]{6}", client.get(sent["Location"]).content.decode())[0]


def test_a_letter_is_answered_at_its_receipt_code_alone_and_told_in_the_summary(secretary, anybody, poll, box):
    sent = write(anybody, box, "食堂中午排队太久")
    code = receipt(anybody, sent)
    letter = Letter.objects.get()
    secretary.post(reverse("reports:letter_read", args=[letter.pk]), {"reply": "已增开两个窗口"})
    brought = secretary.post(reverse("reports:letter_bring", args=[letter.pk]), {"target": poll.targets.get().pk})
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)
    save_summary(Scope.of_poll(poll), {"use": "通报。", "content": "四个方面。", "scope": "全体。"}, by=None)

    asked = anybody.post(reverse("reports:reply_ask"), {"code": code.lower().replace("-", " ")})
    read = anybody.get(asked["Location"]).content.decode()
    summary = text_of(secretary.get(reverse("reports:summary_pdf", args=[poll.pk]) + "?draft=1").content)

    assert (sent.status_code, brought.status_code, asked.status_code) == (302, 302, 302)
    assert "已增开两个窗口" in read
    assert "食堂" not in read
    assert "共征求到评议意见和建议1条，其中意见箱1条。" in summary
    # Somebody who has no code sees nothing of it.
    assert "已增开" not in Client().get(reverse("reports:reply_read"), follow=True).content.decode()


def test_the_code_is_shown_once_and_is_nowhere_in_the_database(anybody, box):
    sent = write(anybody, box, "食堂中午排队太久")

    code = receipt(anybody, sent)
    again = anybody.get(sent["Location"]).content.decode()

    assert "回执码只显示一次" in again
    assert code not in again
    row = Letter.objects.values().get()
    assert code.replace("-", "") not in str(row)
    assert row["receipt"] == receipts.receipt_digest(code)


def test_the_same_page_sent_twice_is_one_letter_with_one_code(anybody, box):
    address = reverse("reports:letter_write", args=[box.token])
    key = re.search(r'name="key" value="([^"]+)"', anybody.get(address).content.decode())[1]

    codes = {receipt(anybody, anybody.post(address, {"text": "排队太久", "key": key})) for _ in range(2)}

    assert (len(codes), Letter.objects.count()) == (1, 1)


def test_a_shut_box_says_so_and_takes_nothing(secretary, anybody, poll, box):
    address = reverse("reports:letter_write", args=[box.token])
    key = re.search(r'name="key" value="([^"]+)"', anybody.get(address).content.decode())[1]
    secretary.post(reverse("reports:letterbox_shut", args=[poll.organization_id]))

    page = anybody.get(address).content.decode()
    sent = anybody.post(address, {"text": "太迟了", "key": key}, follow=True).content.decode()

    assert "意见箱现在关着" in page
    assert "<textarea" not in page
    assert "没有收下" in sent
    assert not Letter.objects.exists()


def test_without_cookies_or_with_a_key_of_another_browser_nothing_is_taken(anybody, box):
    address = reverse("reports:letter_write", args=[box.token])
    key = re.search(r'name="key" value="([^"]+)"', anybody.get(address).content.decode())[1]

    sent = Client().post(address, {"text": "别的浏览器", "key": key})
    forged = write(anybody, box, "编的", key="made up")

    assert sent["Location"].endswith("?not=cookie")
    assert forged["Location"].endswith("?not=cookie")
    assert "cookie" in Client().get(sent["Location"]).content.decode()
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("standing_clock")
def test_one_device_is_held_up_after_five_letters(anybody, box):
    answers = [write(anybody, box, f"意见{number}")["Location"] for number in range(6)]

    assert [address.endswith("?not=wait") for address in answers] == [False] * 5 + [True]
    assert Letter.objects.count() == 5


def test_an_empty_or_too_long_letter_keeps_what_was_written(anybody, box):
    long = write(anybody, box, "长" * 1001)
    empty = write(anybody, box, " ")

    assert "至多1000字" in long.content.decode()
    assert "长长长" in long.content.decode()
    assert "还没有写意见" in empty.content.decode()
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("standing_clock")
def test_wrong_codes_are_told_and_after_thirty_have_to_wait(anybody, box):
    ask = reverse("reports:reply_ask")

    answers = [anybody.post(ask, {"code": f"WRONG{number}"})["Location"] for number in range(31)]

    assert (answers[0], answers[-1]) == (f"{ask}?wrong", f"{ask}?wait")
    assert "没有这个回执码" in anybody.get(answers[0]).content.decode()
    assert "请等一分钟" in anybody.get(answers[-1]).content.decode()


def test_the_reply_is_there_for_ten_minutes_after_the_code_was_typed(anybody, box):
    code = receipt(anybody, write(anybody, box, "排队太久"))
    anybody.post(reverse("reports:reply_ask"), {"code": code})
    page = reverse("reports:reply_read")

    assert "还没有答复" in anybody.get(page).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert anybody.get(page)["Location"] == reverse("reports:reply_ask")


def test_the_public_pages_load_nothing_from_elsewhere_and_run_no_script(anybody, box):
    code = receipt(anybody, write(anybody, box, "排队太久"))
    anybody.post(reverse("reports:reply_ask"), {"code": code})

    for name, keys in (
        ("letter_write", [box.token]),
        ("letter_sent", [box.token]),
        ("reply_ask", []),
        ("reply_read", []),
    ):
        answer = anybody.get(reverse(f"reports:{name}", args=keys))
        page = answer.content.decode()
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), name
        assert "<script" not in page
        assert (answer["Referrer-Policy"], "no-store" in answer["Cache-Control"]) == ("no-referrer", True)
        assert reverse("ballots:records") in page


def test_a_box_that_is_not_there_is_not_found(anybody):
    assert anybody.get(reverse("reports:letter_write", args=["unknown"])).status_code == 404


def test_the_poster_has_the_address_of_the_box(secretary, poll, box):
    poster = secretary.get(reverse("reports:letterbox_poster", args=[poll.organization_id]))

    text = text_of(poster.content)
    assert poster["Content-Type"] == "application/pdf"
    assert poll.organization.name in text
    assert f"/box/{box.token}/" in text


def test_a_letter_becomes_a_problem_in_other_words(secretary, poll):
    letter = make_letter(poll.organization, "王五总不在窗口")

    sent = secretary.post(reverse("reports:letter_register", args=[letter.pk]), {"content": "窗口有人不在岗"})

    assert sent.status_code == 302
    assert Problem.objects.get().content == "窗口有人不在岗"
    assert "已转入台账" in secretary.get(reverse("reports:letter_read", args=[letter.pk])).content.decode()


def test_a_letter_is_not_brought_into_a_campaign_of_others_or_one_that_is_filed(secretary, poll):
    letter, other = make_letter(poll.organization), make_open_poll(make_organization("另一个党委"))

    answer = secretary.post(reverse("reports:letter_bring", args=[letter.pk]), {"target": other.targets.get().pk})

    assert answer.status_code == 200
    assert not Opinion.objects.exists()


def test_the_letters_are_for_the_secretary_alone(client, people, poll):
    letter = make_letter(poll.organization)

    statuses = {}
    for role in ("officer", "teller", "administrator", "outsider"):
        client.force_login(getattr(people, role))
        statuses[role] = client.get(reverse("reports:letter_read", args=[letter.pk])).status_code

    assert statuses == {"officer": 403, "teller": 403, "administrator": 403, "outsider": 404}
