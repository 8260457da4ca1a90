"""A participant's pages, walked as a browser without scripts walks them."""

import html
import logging
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots import actions
from ballots.counting import sealing
from ballots.models import Ballot, Code, Opinion, Receipt
from ballots.voting import casting, codes, cookies, guessing
from campaigns import actions as campaign_actions
from campaigns.models import Campaign
from pingyi.bodies import ANY_PAGE_TAKES
from tests.factories import (
    close_poll,
    make_batch,
    make_branch_poll,
    make_campaign,
    make_choice_poll,
    make_document,
    make_draft,
    make_open_poll,
    make_organization,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FILL, ANSWER, REVIEW, CAST, RECEIPT = (
    reverse(f"ballots:ballot_{name}") for name in ("fill", "answer", "review", "cast", "receipt")
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def slip(poll):
    return codes.make_slips(make_batch(poll), 2)[0]


@pytest.fixture
def screen(poll):
    batch = make_batch(poll, method="screen")
    codes.admit(batch, 3)
    return batch


def scan(client, code):
    return client.get(reverse("ballots:code_claim", args=[code]))


def hidden(response):
    """The hidden fields of a page, as a browser would send them."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(response.content.decode())}


def names_of(poll):
    """The names of the radio groups, and of the opinion boxes."""
    target = poll.targets.get()
    groups = [f"m{target.pk}-{indicator.pk}" for indicator in target.questionnaire.indicators.all()]
    return groups, f"o{target.pk}"


def review(client, poll, marks="12", **fields):
    """Fill the ballot in and go on to the review page, which is asked for by GET."""
    groups, _ = names_of(poll)
    chosen = {name: mark for name, mark in zip(groups, marks, strict=True) if mark != "-"}
    sent = client.post(ANSWER, {**hidden(client.get(FILL)), **chosen, **fields})
    return client.get(sent.url)


def seen(client, address, fields):
    """The page that a participant sees after sending something: another one, asked for by GET."""
    sent = client.post(address, fields)
    assert sent.status_code == 302
    return client.get(sent.url)


def count():
    return {model.__name__: model.objects.count() for model in (Ballot, Code, Receipt, Opinion)}


def test_a_participant_goes_from_the_code_to_the_receipt(client, poll, slip):
    _, box = names_of(poll)

    scanned = scan(client, slip)
    reviewed = review(client, poll, "21", **{box: "多公开。"})
    sent = client.post(CAST, hidden(reviewed))
    receipt = client.get(sent.url)

    assert (scanned.status_code, scanned.url) == (302, FILL)
    assert (sent.status_code, sent.url) == (302, RECEIPT)
    number = re.search(r'receipt-number">(\d{8})<', receipt.content.decode())[1]
    assert number == casting.receipt_number(hidden(reviewed)["key"])
    assert list(Ballot.objects.values_list("marks", flat=True)) == ["21"]
    assert list(Opinion.objects.values_list("text", flat=True)) == ["多公开。"]
    assert Code.objects.count() == 1


def test_a_typed_code_leads_to_the_same_ballot(client, poll, slip):
    typed = client.post(reverse("ballots:code_enter"), {"code": f"{slip[:5].lower()} {slip[5:]}"})

    assert (typed.status_code, typed.url) == (302, FILL)
    assert client.get(FILL).status_code == 200


@pytest.mark.parametrize(
    ("typed", "complaint", "kept"),
    [
        ("", "请输入选票码", ""),
        ("  ", "请输入选票码", "  "),
        ("abcd-e", "您输入了5位，少了：小条上的码是10位", "abcd-e"),
        ("A" * 200, "您输入了60位，多了", "A" * 60),
        ("ABCD0-FGHIO", "码里从来没有“0、I、O”", "ABCD0-FGHIO"),
        ("我的码ABCDE", "码里从来没有“我、的、码”", "我的码ABCDE"),
    ],
)
def test_a_text_that_cannot_be_a_code_is_told_in_place_with_what_was_typed(client, typed, complaint, kept):
    page = seen(client, reverse("ballots:code_enter"), {"code": typed})

    assert page.status_code == 200
    assert re.search(r'role="alert"[^>]*>([^<]*)<', page.content.decode())[1].startswith(complaint)
    assert (f'value="{kept}"' in page.content.decode()) == bool(kept)
    assert typed.strip() == "" or typed not in client.cookies["ballot_typed"].value
    assert client.cookies["ballot_typed"]["path"] == "/v/"


def test_a_code_with_a_wrong_letter_is_kept_to_be_mended_and_forgotten_with_the_right_one(client, slip):
    wrong = slip[:-1] + ("2" if slip[-1] != "2" else "3")
    entry = reverse("ballots:code_enter")

    refused = seen(client, entry, {"code": wrong})
    again = client.get(entry).content.decode()
    client.post(entry, {"code": slip})

    assert refused.status_code == 404
    assert f'value="{wrong}"' in again and 'role="alert"' not in again
    assert client.cookies["ballot_typed"].value == ""
    assert slip not in client.get(entry).content.decode()


def test_what_no_page_of_ours_kept_as_typed_is_not_shown(client):
    client.cookies["ballot_typed"] = "forged"

    page = client.get(reverse("ballots:code_enter"))

    assert page.status_code == 200 and "forged" not in page.content.decode()


def test_nothing_is_chosen_for_the_participant(client, poll, slip):
    scan(client, slip)

    page = client.get(FILL).content.decode()

    assert page.count('type="radio"') == 6
    assert "checked" not in page
    assert page.count("谁能看到") == page.count("<textarea") == 1
    assert reverse("ballots:records") in page


def test_the_review_lists_what_is_marked_and_what_is_not(client, poll, slip):
    scan(client, slip)

    page = review(client, poll, "2-").content.decode()

    assert "还有1项没有选" in page
    rows = re.findall(r"<dt>(.+?)</dt>\s*<dd>(.+?)</dd>", page)
    place = f"{FILL}#{names_of(poll)[0][1]}"
    assert rows == [("兑现公开承诺情况", "基本满意"), ("总体评价", f'<a href="{place}">没有选，去选</a>')]
    assert f'<fieldset id="{names_of(poll)[0][1]}"' in client.get(FILL).content.decode()
    assert count() == {"Ballot": 0, "Code": 2, "Receipt": 0, "Opinion": 0}


@pytest.mark.parametrize(("rule", "sentence"), [("abstain", "按弃权计"), ("invalid", "不计入该项结果")])
def test_a_blank_ballot_may_be_cast_and_is_called_blank(client, poll, slip, rule, sentence):
    Campaign.objects.update(blank=rule)
    scan(client, slip)

    reviewed = review(client, poll, "--")
    client.post(CAST, hidden(reviewed))

    assert "您一项都没有选" in reviewed.content.decode()
    assert sentence in reviewed.content.decode()
    assert Ballot.objects.get().marks == "--"


def test_going_back_from_the_review_keeps_what_was_marked_and_written(client, poll, slip):
    _, box = names_of(poll)
    scan(client, slip)
    text = '引号"和<标签>\n第二行'
    review(client, poll, "3-", **{box: text})

    page = client.get(FILL).content.decode()

    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(names_of(poll)[0][0], "3")]
    assert html.unescape(re.search(r"<textarea.*?>\n(.*?)</textarea>", page, re.S)[1]) == text


def test_each_review_page_has_a_key_of_its_own(client, poll, slip):
    scan(client, slip)

    keys = {hidden(review(client, poll))["key"] for _ in range(3)}

    assert len(keys) == 3


def test_the_same_submission_sent_twice_shows_the_same_receipt(client, poll, slip):
    scan(client, slip)
    fields = hidden(review(client, poll))

    pages = [client.post(CAST, fields, follow=True).content for _ in range(2)]

    assert pages[0] == pages[1]
    assert count() == {"Ballot": 1, "Code": 1, "Receipt": 1, "Opinion": 0}


def test_another_submission_with_a_used_code_is_refused_kindly_and_leaves_no_trace(client, poll, slip):
    scan(client, slip)
    first, second = hidden(review(client, poll, "12")), hidden(review(client, poll, "33"))
    client.post(CAST, first)
    before = count()

    refused = seen(client, CAST, second)

    assert refused.status_code == 409
    assert "已经用过" in refused.content.decode()
    assert casting.receipt_number(first["key"]) in refused.content.decode()
    assert count() == before


def test_two_phones_with_one_slip_cast_one_ballot(client, poll, slip):
    other = Client()
    for phone in (client, other):
        scan(phone, slip)
    late = hidden(review(other, poll, "33"))
    client.post(CAST, hidden(review(client, poll, "12")))

    refused = seen(other, CAST, late)

    assert refused.status_code == 409
    assert list(Ballot.objects.values_list("marks", flat=True)) == ["12"]


def test_scanning_a_used_slip_shows_the_receipt_on_the_phone_that_cast_and_a_kind_word_on_others(client, poll, slip):
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))

    again, elsewhere = scan(client, slip), scan(Client(), slip)

    assert (again.status_code, again.url) == (302, RECEIPT)
    assert client.get(FILL).url == RECEIPT
    assert "已收到您的票" in client.get(RECEIPT).content.decode()
    assert elsewhere.status_code == 404
    assert "可能已经用过" in elsewhere.content.decode()


def test_a_phone_that_scans_the_screen_again_does_not_vote_twice(client, poll, screen):
    scan(client, codes.screen_code(screen))
    client.post(CAST, hidden(review(client, poll)))

    again = client.get(scan(client, codes.screen_code(screen)).url)

    assert (again.status_code, again.url) == (302, RECEIPT)
    assert count() == {"Ballot": 1, "Code": 2, "Receipt": 2, "Opinion": 0}


def test_a_phone_does_not_vote_twice_at_a_screen_by_scanning_a_slip_in_between(client, poll, screen, slip):
    scan(client, codes.screen_code(screen))
    client.post(CAST, hidden(review(client, poll)))
    scan(client, slip)

    scan(client, codes.screen_code(screen))
    refused = client.get(FILL)

    assert refused.status_code in (302, 409)
    assert Ballot.objects.filter(batch=screen).count() == 1


def test_an_old_code_and_a_shut_door_say_kindly_what_to_do(client, screen):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        shown = codes.screen_code(screen)
        clock.shift(600)
        old = scan(client, shown)
        screen.shut_door()
        shut = scan(client, codes.screen_code(screen))

    assert (old.status_code, shut.status_code) == (410, 409)
    assert "请扫大屏幕上现在的码" in old.content.decode()
    assert "请等主持人打开" in shut.content.decode()


@pytest.fixture
def few_wrong_codes(settings, standing_clock):
    settings.WRONG_CODES_OF_ADDRESS, settings.BURST_BALLOTS = 3, 4
    guessing.forget_everything()
    yield
    guessing.forget_everything()


def test_after_too_many_wrong_codes_comes_a_word_to_wait_and_a_right_code_still_lets_in(
    client, slip, screen, few_wrong_codes
):
    guesses = [scan(client, f"2222222{letter}22") for letter in "23456"]
    typed = client.post(reverse("ballots:code_enter"), {"code": "2222222999"}, follow=True)

    assert [page.status_code for page in guesses] == [404] * 3 + [429] * 2
    assert guesses[-1]["Retry-After"] == "60"
    for page in (guesses[-1], typed):
        assert "请等一分钟再试" in page.content.decode()
    assert [scan(client, code).status_code for code in (slip, codes.screen_code(screen))] == [302, 302]


def test_many_ballots_from_one_address_at_once_are_a_warning_on_the_poll_s_page(client, poll, screen, few_wrong_codes):
    desk, address = Client(), reverse("ballots:poll_detail", args=[poll.pk])
    desk.force_login(make_user(kind="secretary", organization=poll.organization))
    codes.admit(screen, 10)
    before = desk.get(address).content.decode()

    for _ in range(4):
        phone = Client()
        scan(phone, codes.screen_code(screen))
        phone.post(CAST, hidden(review(phone, poll)))

    assert "会场码的票来得太快" not in before
    for page in (address, reverse("ballots:batch_admit", args=[screen.pk])):
        assert "会场码的票来得太快" in desk.get(page).content.decode()


def test_another_phone_votes_at_the_same_screen(client, poll, screen):
    for phone in (client, Client()):
        scan(phone, codes.screen_code(screen))
        phone.post(CAST, hidden(review(phone, poll)))

    assert Ballot.objects.filter(batch=screen).count() == 2


def test_a_full_room_is_said_before_the_ballot_is_filled_in(client, poll, screen):
    for number in range(3):
        casting.cast(ticket=codes.exchange(codes.screen_code(screen), browser=str(number)), key=str(number), marks="12")

    scan(client, codes.screen_code(screen))
    page = client.get(FILL)

    assert page.status_code == 409
    assert "会场人数" in page.content.decode()


def test_a_closed_poll_says_so(client, poll, screen):
    scan(client, codes.screen_code(screen))
    late = hidden(review(client, poll))
    close_poll(poll)

    newcomer = Client()
    pages = [seen(client, CAST, late), client.get(FILL), newcomer.get(scan(newcomer, codes.screen_code(screen)).url)]

    for page in pages:
        assert page.status_code == 409
        assert "不收票" in page.content.decode()
    assert count() == {"Ballot": 0, "Code": 0, "Receipt": 0, "Opinion": 0}


def test_a_submission_repeated_after_sealing_shows_its_receipt_not_a_refusal(client, poll, slip):
    scan(client, slip)
    fields = hidden(review(client, poll))
    client.post(CAST, fields)
    close_poll(poll)
    sealing.seal(poll, by=None)

    repeated = client.post(CAST, fields)

    assert (repeated.status_code, repeated.url) == (302, RECEIPT)


@pytest.mark.parametrize("code", ["ABCDEABCDE", "ABC", "AAAAAA", "我的码", "%00", "a b"])
def test_an_unknown_code_is_refused_kindly_and_not_repeated_on_the_page(client, code):
    page = scan(client, code)

    assert page.status_code == 404
    assert "<h1>选票码不能用</h1>" in page.content.decode()
    assert code not in page.content.decode()


def test_without_a_code_there_is_no_ballot(client):
    for response in (client.get(FILL), seen(client, ANSWER, {}), seen(client, CAST, {})):
        assert response.status_code == 403
        assert "请先扫选票码" in response.content.decode()


def test_a_forged_cookie_is_no_right(client, poll, slip):
    scan(client, slip)
    for name in ("ballot_ticket", "ballot_stub"):
        client.cookies[name] = "forged:" + client.cookies["ballot_ticket"].value

    assert client.get(FILL).status_code == 403
    assert client.get(RECEIPT).status_code == 404


def test_a_page_of_one_code_is_not_taken_with_another(client, poll, slip):
    other = make_open_poll(make_organization("另一局党委"))
    (other_slip,) = codes.make_slips(make_batch(other), 1)
    scan(client, slip)
    reviewed = hidden(review(client, poll))
    scan(client, other_slip)

    again, sent = seen(client, ANSWER, reviewed), seen(client, CAST, reviewed)

    assert (again.status_code, sent.status_code) == (409, 409)
    assert "别的码" in sent.content.decode()
    assert Ballot.objects.count() == 0


def test_a_key_that_no_review_page_gave_is_refused(client, poll, slip):
    scan(client, slip)
    fields = hidden(review(client, poll))

    for key in ("", "x", fields["key"] + "x", "12345678:" + fields["key"].split(":")[1]):
        assert seen(client, CAST, {**fields, "key": key}).status_code == 409
    assert Ballot.objects.count() == 0


BAD_FIELDS = {
    "unknown grade": lambda groups, box: {groups[0]: "4"},
    "no digit": lambda groups, box: {groups[0]: "满意"},
    "a spoiled mark": lambda groups, box: {groups[0]: "x"},
    "empty": lambda groups, box: {groups[0]: ""},
    "two answers": lambda groups, box: {groups[0]: ["1", "2"]},
    "extra indicator": lambda groups, box: {"m1-999999": "1"},
    "extra target": lambda groups, box: {"o999999": "好"},
    "unknown field": lambda groups, box: {"weight": "5"},
    "marks too short": lambda groups, box: {"marks": "1"},
    "marks with NUL": lambda groups, box: {"marks": "1\x00"},
    "marks of 100 KB": lambda groups, box: {"marks": "1" * 100_000},
}


@pytest.mark.parametrize("make", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_marks_and_opinions_off_the_ballot_are_refused_in_chinese_and_nothing_is_written(client, poll, slip, make):
    scan(client, slip)
    good = hidden(review(client, poll))
    bad = make(*names_of(poll))

    reviewed = client.post(ANSWER, {"ballot": good["ballot"], **bad})
    sent = client.post(CAST, {**good, **bad})

    assert (reviewed.status_code, sent.status_code) == (400, 400)
    for page in (reviewed, sent):
        assert "没有收下" in page.content.decode()
    assert count() == {"Ballot": 0, "Code": 2, "Receipt": 0, "Opinion": 0}


def test_a_missing_field_is_refused(client, poll, slip):
    scan(client, slip)
    good = hidden(review(client, poll))

    without = client.post(CAST, {name: value for name, value in good.items() if name != "marks"})

    assert without.status_code == 400
    assert "不完整" in without.content.decode()
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("好" * 28_000, "至多1000字"),
        ("铃\x07", "无法显示的字符"),
        ("空\x00字", "无法显示的字符"),
        (b"\xed\xa0\x80", "无法显示的字符"),  # a lone surrogate as a careless program encodes it
        (b"\xff\xfe", "无法显示的字符"),
    ],
    ids=["84 KB", "control", "NUL", "lone surrogate", "broken bytes"],
)
def test_an_opinion_that_cannot_be_kept_comes_back_to_be_mended(client, poll, slip, text, complaint):
    groups, box = names_of(poll)
    scan(client, slip)
    good = hidden(review(client, poll))

    page, sent = (
        client.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")
        for address, fields in (
            (ANSWER, {"ballot": good["ballot"], groups[0]: "3", box: text}),
            (CAST, {**good, box: text}),
        )
    )

    assert (page.status_code, page.url, sent.status_code) == (302, FILL, 400)
    page = client.get(FILL)
    assert complaint in page.content.decode()
    assert f'name="{groups[0]}" value="3" checked' in page.content.decode()
    assert complaint in sent.content.decode()
    assert count() == {"Ballot": 0, "Code": 2, "Receipt": 0, "Opinion": 0}


def test_lines_of_an_opinion_are_kept_and_only_their_ends_are_made_alike(client, poll, slip):
    _, box = names_of(poll)
    scan(client, slip)

    client.post(CAST, hidden(review(client, poll, **{box: "  第一\r\n第二  \r\n\r\n"})))

    assert Opinion.objects.get().text == "第一\n第二"


def test_an_opinion_of_blanks_is_none(client, poll, slip):
    _, box = names_of(poll)
    scan(client, slip)

    client.post(CAST, hidden(review(client, poll, **{box: " \r\n　\t"})))

    assert count()["Opinion"] == 0


def test_a_submission_larger_than_the_limit_is_refused(client, poll, slip):
    scan(client, slip)

    page = client.post(ANSWER, {"marks": "1" * (ANY_PAGE_TAKES + 1)})

    assert page.status_code == 413
    assert "这个页面一次最多收256" in page.content.decode()


def test_a_rehearsal_is_called_one_on_every_page_and_its_receipt_says_when_it_was_wiped(client):
    organizer = make_organization()
    campaign = make_campaign(organizer)
    campaign_actions.make_polls(campaign, [organizer])
    poll = campaign.polls.get()
    actions.start_rehearsal(poll)
    batch = make_batch(poll)
    scan(client, codes.make_slips(batch, 1)[0])

    reviewed = review(client, poll)
    pages = [client.get(FILL), reviewed, client.post(CAST, hidden(reviewed), follow=True)]
    actions.end_rehearsal(poll)
    wiped = client.get(RECEIPT).content.decode()

    for page in pages:
        assert "演练结束后全部清空" in page.content.decode()
    assert "已全部清空" in wiped
    assert "票已收到" not in wiped


def test_a_real_poll_is_not_called_a_rehearsal(client, poll, slip):
    scan(client, slip)
    reviewed = review(client, poll)

    for page in (client.get(FILL), reviewed, client.post(CAST, hidden(reviewed), follow=True)):
        assert "演练" not in page.content.decode()


def test_ballot_pages_are_kept_nowhere_and_tell_nobody_where_their_reader_came_from(client, poll, slip):
    pages = [client.get(reverse("ballots:code_enter")), scan(client, slip), client.get(FILL)]
    reviewed = review(client, poll)
    pages += [reviewed, client.post(CAST, hidden(reviewed)), client.get(RECEIPT), scan(client, "ABCDEABCDE")]

    for page in pages:
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]


def test_a_participant_gets_signed_cookies_that_scripts_cannot_read_and_no_session(
    client, poll, slip, screen, settings
):
    settings.HTTPS = True
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))
    scan(client, codes.screen_code(screen))

    own = {"__Host-ballot_ticket", "__Host-ballot_stub", "__Host-ballot_browser", "__Secure-ballot_draft"}
    assert set(client.cookies) == own
    assert client.cookies.pop("__Secure-ballot_draft").value == ""
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
        assert slip not in cookie.value
    assert Session.objects.count() == 0


def test_no_page_shows_a_code(client, poll, slip):
    pages = [scan(client, slip), client.get(FILL)]
    reviewed = review(client, poll)
    pages += [reviewed, client.post(CAST, hidden(reviewed)), client.get(RECEIPT), scan(Client(), slip)]
    pages += [Client().post(reverse("ballots:code_enter"), {"code": slip})]

    for page in pages:
        assert slip not in page.content.decode()
        assert slip not in page.get("Location", "")


def test_logs_carry_no_code(client, poll, slip, capfd, monkeypatch):
    (handler,) = (handler_ for handler_ in logging.getLogger("django").handlers if handler_.get_name() == "console")
    # pytest puts something else in the place of standard error for each test.
    monkeypatch.setattr(handler, "stream", sys.stderr)
    used = slip
    scan(client, used)
    client.post(CAST, hidden(review(client, poll)))

    scan(Client(), used)

    logged = capfd.readouterr().err
    assert "Not Found: /v/******/" in logged
    assert used not in logged


def test_a_ballot_for_nine_members_weighs_under_60_kilobytes_in_all(client):
    poll = make_branch_poll(9)
    scan(client, codes.make_slips(make_batch(poll, category="群众代表"), 1)[0])

    page = client.get(FILL).content

    files = re.findall(rb'(?:href|src)="/static/([^"]+)"', page)
    weight = len(page) + sum(len((Path(settings.BASE_DIR) / "static" / name.decode()).read_bytes()) for name in files)
    assert len(files) == 4
    # The branch, its secretary, three items of eight members, and the boxes for opinions about these.
    assert page.count(b"<section") == 6
    assert weight < 60_000


def test_a_ballot_of_31_items_weighs_at_most_23_kib_and_names_each_person_above_the_opinion(client):
    poll = make_branch_poll(9)
    scan(client, codes.make_slips(make_batch(poll, category="群众代表"), 1)[0])

    page = client.get(FILL).content

    assert page.count(b"<fieldset id=") == poll.ballot_form.cell_count == 31
    assert len(page) <= 23 * 1024
    labels = re.findall(r'<label for="o\d+">(.+?)：', page.decode())
    assert labels == [f"党员{number:02d}" for number in range(9)]


def test_the_ballot_asks_as_much_of_the_database_for_nine_members_as_for_one(client, django_assert_num_queries):
    poll = make_branch_poll(9)
    scan(client, codes.make_slips(make_batch(poll, category="群众代表"), 1)[0])

    with django_assert_num_queries(2):
        client.get(FILL)


def test_the_page_of_what_is_recorded_is_open_to_everybody(client):
    page = client.get(reverse("ballots:records")).content.decode()

    for heading in ("系统不存", "什么时候删", "不能保证的"):
        assert heading in page
    for sentence in ("掌管服务器的人", "一个人拿两部手机", "谁读过报告、什么时候读的"):
        assert sentence in page


@pytest.mark.parametrize("address", [FILL, REVIEW])
def test_a_page_of_the_ballot_that_is_asked_for_again_is_the_same(client, poll, slip, address):
    _, box = names_of(poll)
    scan(client, slip)
    review(client, poll, "2-", **{box: "多公开。"})

    pages = [client.get(address).content for _ in range(2)]

    assert pages[0] == pages[1]
    assert "多公开。" in pages[0].decode()


def test_back_after_the_receipt_leads_to_the_receipt(client, poll, slip):
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))

    assert [client.get(address).url for address in (FILL, REVIEW)] == [RECEIPT, RECEIPT]


def test_the_review_without_answers_leads_to_the_ballot(client, poll, slip):
    scan(client, slip)

    assert client.get(REVIEW).url == FILL


def test_answers_too_long_for_a_cookie_wait_in_several_and_a_shorter_text_leaves_none_behind(
    client, poll, slip, monkeypatch
):
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 700)
    long = "".join(chr(0x4E00 + 7 * number % 20_000) for number in range(1000))
    fields = {**hidden(client.get(FILL)), groups[0]: "1"}

    answer = client.post(ANSWER, {**fields, box: long})
    parts = [name for name, cookie in client.cookies.items() if name.startswith("ballot_draft") and cookie.value]
    page = client.get(REVIEW).content.decode()

    assert (answer.status_code, answer.url) == (302, REVIEW)
    assert len(parts) > 3 and {client.cookies[name]["path"] for name in parts} == {"/ballot/"}
    assert long in page and page == client.get(REVIEW).content.decode()
    client.post(ANSWER, {**fields, box: "短了"})
    assert "短了" in client.get(REVIEW).content.decode()
    assert [name for name in parts if client.cookies[name].value] == ["ballot_draft"]
    client.post(ANSWER, {**fields, box: long})
    client.post(CAST, hidden(client.get(REVIEW)))
    assert Opinion.objects.get().text == long
    assert not [name for name in client.cookies if name.startswith("ballot_draft") and client.cookies[name].value]


def test_a_device_that_is_handed_over_keeps_no_part_of_long_answers(client, poll, slip, monkeypatch):
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 100)
    client.post(ANSWER, {**hidden(client.get(FILL)), groups[0]: "1", box: "很长的意见"})
    assert client.cookies["ballot_draft_1"].value

    client.post(reverse("ballots:hand_over"))

    assert not [name for name in client.cookies if name.startswith("ballot_draft") and client.cookies[name].value]


def test_answers_too_long_for_a_cookie_are_shown_as_they_came_and_cast(client, poll, slip):
    groups, box = names_of(poll)
    scan(client, slip)
    long = "".join(chr(0x4E00 + 7 * number % 20_000) for number in range(1000))
    monologue = {**hidden(client.get(FILL)), groups[0]: "1", box: long}
    # The ballot has a single box, so a cookie that takes less stands for a ballot with several.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 500)
        patch.setattr(settings, "DRAFT_COOKIES", 1)
        page = client.post(ANSWER, monologue)

    client.post(CAST, hidden(page))

    assert f'data-posted="{FILL}"' in page.content.decode()
    assert Opinion.objects.get().text == long


def test_answers_too_long_for_a_cookie_go_back_to_the_ballot_as_they_came(client, poll, slip, monkeypatch):
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 100)
    monkeypatch.setattr(settings, "DRAFT_COOKIES", 1)
    reviewed = client.post(ANSWER, {**hidden(client.get(FILL)), groups[0]: "1", box: "很长的意见"})
    assert "去选" not in reviewed.content.decode()

    page = client.post(ANSWER, {**hidden(reviewed), "edit": "1"}).content.decode()

    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(groups[0], "1")]
    assert "很长的意见</textarea>" in page


@pytest.mark.parametrize(
    ("onward", "page"),
    [("/records/", "/records/"), ("https://example.org/", "/v/"), ("//example.org/", "/v/"), ("", "/v/")],
)
def test_large_print_leads_back_to_a_page_of_ours_and_is_forgotten_again(client, onward, page):
    address = f"{reverse('ballots:text_size')}?{urlencode({'next': onward})}"

    large = client.post(address, {"large": "1"})
    assert b'class="large-print"' in client.get("/records/").content
    client.post(address, {"large": "0"})

    assert large.url == page
    assert b'class="large-print"' not in client.get("/records/").content


def test_large_print_on_the_ballot_keeps_its_marks(client, poll, slip):
    groups, _ = names_of(poll)
    scan(client, slip)

    page = seen(client, ANSWER, {**hidden(client.get(FILL)), groups[0]: "2", "large": "1"}).content.decode()

    assert 'class="large-print"' in page
    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(groups[0], "2")]


def test_the_marks_that_wait_in_a_browser_cannot_be_read_there_and_go_to_the_ballot_alone(client, poll, slip):
    scan(client, slip)
    review(client, poll, "21")

    draft = client.cookies["ballot_draft"]

    assert (draft["path"], draft["httponly"], draft["max-age"]) == ("/ballot/", True, 1800)
    client.post(CAST, hidden(client.get(REVIEW)))
    assert client.cookies["ballot_draft"].value == ""


@pytest.mark.parametrize(
    "reason", ["closed", "early", "over", "used", "already", "full", "other", "unknown", "no-code"]
)
def test_a_refusal_has_a_page_of_its_own(client, reason):
    page = client.get(reverse("ballots:ballot_refused", args=[reason]))

    assert page.status_code in (403, 404, 409)
    assert "<h1>" in page.content.decode()
    assert re.search("请|可以关闭本页", re.sub(r".*<h1>|<a .*", "", page.content.decode(), flags=re.S))


def test_a_refusal_that_nobody_gives_has_none(client):
    assert client.get(reverse("ballots:ballot_refused", args=["because"])).status_code == 404


@pytest.fixture
def reported():
    """An open poll whose target has a report, and a slip for it."""
    organization = make_organization("某局机关党委")
    campaign_actions.make_polls(campaign := make_campaign(organization), [organization])
    make_draft(make_document(campaign.polls.get(), title="年度报告"), text="第一段\n<b>第二段</b>")
    actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    return poll, codes.make_slips(make_batch(poll), 1)[0]


def test_the_report_is_read_before_marking_and_the_marks_are_kept(client, reported):
    poll, slip = reported
    groups, box = names_of(poll)
    scan(client, slip)
    page = client.get(FILL)
    before = count()

    asked = client.post(ANSWER, {**hidden(page), groups[0]: "2", box: "写到一半", "report": poll.targets.get().pk})
    report = client.get(asked.url).content.decode()
    back = client.get(FILL).content.decode()

    assert "先读报告：年度报告" in page.content.decode()
    assert "第一段<br>&lt;b&gt;第二段&lt;/b&gt;" in report and FILL in report and "不记录" in report
    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', back) == [(groups[0], "2")]
    assert "写到一半" in back
    assert count() == before and not Session.objects.exists()


def test_opinions_that_the_browser_cannot_keep_are_not_lost_to_the_report(client, reported, monkeypatch):
    poll, slip = reported
    groups, box = names_of(poll)
    scan(client, slip)
    monkeypatch.setattr("ballots.voting.cookies.MOST_CHARACTERS", 100)
    monkeypatch.setattr(settings, "DRAFT_COOKIES", 1)

    fields = {**hidden(client.get(FILL)), groups[1]: "3", box: "很长的意见", "report": poll.targets.get().pk}
    page = client.post(ANSWER, fields).content.decode()

    assert "意见太长，离开本页保存不住。" in page and "很长的意见" in page
    assert re.findall(r'name="(m[\d-]+)" value="(\d)" checked', page) == [(groups[1], "3")]


def test_a_stranger_does_not_get_the_report(client, reported):
    poll, _ = reported
    address = reverse("ballots:ballot_report", args=[poll.targets.get().pk])

    assert client.get(address).status_code == 403
    assert client.get(f"{address}file/").status_code == 403


def test_a_report_of_another_poll_is_not_there(client, reported, poll, slip):
    other, _ = reported
    scan(client, slip)

    answers = [
        client.get(reverse("ballots:ballot_report", args=[key]))
        for key in (other.targets.get().pk, poll.targets.get().pk)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    refused = client.post(ANSWER, {**hidden(client.get(FILL)), "report": poll.targets.get().pk})
    assert refused.status_code == 400


def test_a_ballot_with_a_report_still_loads_four_files(client, reported):
    _, slip = reported
    scan(client, slip)

    page = client.get(FILL).content

    assert len(re.findall(rb'(?:href|src)="/static/([^"]+)"', page)) == 4


def fill_choices(client, poll, options):
    """Choose the options by name on the ballot's page and send it; returns the page that comes then."""
    (questionnaire,) = poll.campaign.questionnaires.exclude(most_chosen=None)
    asked = questionnaire.indicators.get()
    names = {target.name: f"m{target.pk}-{asked.pk}" for target in poll.targets.filter(questionnaire=questionnaire)}
    return seen(client, ANSWER, {**hidden(client.get(FILL)), **{names[option]: "1" for option in options}})


def test_a_participant_chooses_from_a_list_up_to_its_limit(client):
    poll = make_choice_poll()
    (code,) = codes.make_slips(make_batch(poll), 1)
    scan(client, code)

    page = client.get(FILL).content.decode()
    reviewed = fill_choices(client, poll, ["通水", "装路灯"])
    client.post(CAST, hidden(reviewed))

    assert page.count('type="checkbox"') == 4
    assert page.count("<textarea") == 1
    assert "至多选2项" in page and "每项选一个（清单里可以选几项），" in page
    assert re.findall(r"<li>(.*?)</li>", reviewed.content.decode()) == ["通水", "装路灯"]
    assert "共3项，<strong>还有2项没有选</strong>" in reviewed.content.decode()
    assert list(Ballot.objects.values_list("marks", flat=True)) == ["--2121"]


def test_too_many_from_a_list_come_back_with_the_marks_kept_and_nothing_is_written(client):
    poll = make_choice_poll()
    (code,) = codes.make_slips(make_batch(poll), 1)
    scan(client, code)

    page = fill_choices(client, poll, ["修路", "通水", "装路灯"]).content.decode()

    assert "“最满意的实事评选表”至多选2项，现在选了3项，请去掉1项。" in page
    assert page.count(" checked") == 3
    assert client.get(reverse("ballots:ballot_review")).url == FILL
    assert count() == {"Ballot": 0, "Code": 1, "Receipt": 0, "Opinion": 0}


def test_a_box_that_is_sent_twice_is_refused(client):
    poll = make_choice_poll()
    (code,) = codes.make_slips(make_batch(poll), 1)
    scan(client, code)
    option = poll.targets.last()
    name = f"m{option.pk}-{option.questionnaire.indicators.get().pk}"

    response = client.post(ANSWER, {**hidden(client.get(FILL)), name: ["1", "1"]})

    assert response.status_code == 400
    assert count()["Ballot"] == 0


def test_a_shared_device_is_handed_over_with_nothing_of_the_last_person_on_it(client, poll, slip):
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))

    handed = client.post(reverse("ballots:hand_over"))

    assert (handed.status_code, handed.url) == (302, reverse("ballots:code_enter"))
    assert {name for name, cookie in client.cookies.items() if cookie.value} <= {"ballot_browser"}
    assert client.get(RECEIPT).status_code == 404
    next_slip = codes.make_slips(poll.batches.get(), 1)[0]
    scan(client, next_slip)
    assert client.get(FILL).status_code == 200


def test_a_device_that_voted_in_a_room_stays_known_to_it_when_it_is_handed_over(client, poll):
    """Else a person with the room's code could vote again and again."""
    client.cookies[cookies.BROWSER] = "kept"

    client.post(reverse("ballots:hand_over"))

    assert client.cookies[cookies.BROWSER].value == "kept"
