"""A slip for several forms: its holder's pages, walked without scripts, and the secretary's."""

import html
import re
from datetime import timedelta

import pypdfium2
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.models import Ballot, Batch, Code, Receipt, SharedSlip
from ballots.voting import codes, sharing
from campaigns import actions as campaign_actions
from campaigns.models import Campaign
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FILL, ANSWER, REVIEW, CAST, RECEIPT, FORMS = (
    reverse(f"ballots:ballot_{name}") for name in ("fill", "answer", "review", "cast", "receipt", "forms")
)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
NUMBER = re.compile(r'receipt-number">(\d{8})<')


@pytest.fixture
def polls():
    """组织评议票 and 党员评议票 of one unit, both open."""
    first = factories.make_open_poll(title="组织评议票")
    return [first, factories.make_open_poll(first.organization, title="党员评议票")]


@pytest.fixture
def tied(polls):
    return factories.make_shared(*polls)


@pytest.fixture
def slips(tied):
    return codes.make_slips(tied[0], 3)


def scan(client, code):
    return client.get(reverse("ballots:code_claim", args=[code]))


def choose(client, batch):
    return client.get(reverse("ballots:ballot_choose", args=[batch.pk]), follow=True)


def hidden(page):
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page.content.decode())}


def answers(page, mark):
    """The fields of a ballot that is filled in with one grade throughout."""
    groups = set(re.findall(r'type="radio" name="([^"]+)"', page.content.decode()))
    assert groups
    return hidden(page) | dict.fromkeys(groups, mark)


def review(client, page, mark):
    return client.get(client.post(ANSWER, answers(page, mark)).url)


def vote(client, page, mark):
    """From a blank ballot to the page after it."""
    return client.post(CAST, hidden(review(client, page, mark)), follow=True)


def text(page):
    return page.content.decode()


def told(page):
    """The forms on a slip's page: title, and what is said or offered."""
    parts = re.findall(r"<h2>\d\. (.*?)</h2>.*?<p[^>]*>.*?</p>\s*<p[^>]*>(.*?)</p>", text(page), re.S)
    return [(title, re.sub(r"<[^>]*>", "", words).strip()) for title, words in parts]


def ballots():
    return sorted(Ballot.objects.values_list("batch__poll__campaign__title", "marks"))


# The holder of a slip


def test_one_code_leads_to_both_forms_one_after_the_other_and_then_is_done(client, tied, slips):
    scanned = scan(client, slips[0])
    forms = client.get(scanned.url)
    first = choose(client, tied[0])
    receipt = vote(client, first, "1")
    link = re.search(r'<a class="button" href="([^"]+)">接着填下一张', text(receipt))[1]
    second = client.get(link, follow=True)
    last = vote(client, second, "2")
    done = client.get(FORMS)

    assert scanned.url == FORMS
    assert told(forms) == [("组织评议票", "填写第1张"), ("党员评议票", "填写第2张")]
    assert [re.search(r'campaign">(.*?)<', text(page))[1] for page in (first, second)] == ["组织评议票", "党员评议票"]
    assert "这张码条有2张表" in text(first)
    assert "接着填下一张" not in text(last)
    numbers = [NUMBER.search(text(page))[1] for page in (receipt, last)]
    assert told(done) == [
        ("组织评议票", f"已提交。回执号：{numbers[0]}"),
        ("党员评议票", f"已提交。回执号：{numbers[1]}"),
    ]
    assert "几张表都已提交" in text(done)
    assert ballots() == [("党员评议票", "22"), ("组织评议票", "11")]
    assert Code.objects.count() == 4
    assert scan(client, slips[0]).url == FORMS
    assert scan(Client(), slips[0]).status_code == 404


def test_one_form_alone_may_be_filled_in_and_another_phone_is_told_so(client, tied, slips):
    scan(client, slips[0])
    vote(client, choose(client, tied[1]), "3")

    elsewhere = Client()
    assert scan(elsewhere, slips[0]).url == FORMS

    assert ballots() == [("党员评议票", "33")]
    assert told(elsewhere.get(FORMS)) == [("组织评议票", "填写第1张"), ("党员评议票", sharing.GONE)]
    assert [form.codes.count() for form in tied] == [3, 2]
    refused = choose(elsewhere, tied[1])
    assert refused.status_code == 409
    assert FORMS in text(refused)


def test_a_form_open_in_another_window_is_taken_for_its_own_poll(client, tied, slips):
    scan(client, slips[0])
    first = choose(client, tied[0])
    choose(client, tied[1])

    receipt = vote(client, first, "1")

    assert ballots() == [("组织评议票", "11")]
    assert "组织评议票" in text(receipt)
    assert Batch.objects.get(pk=tied[1].pk).codes.count() == 3


def test_a_review_in_another_window_is_cast_for_its_own_poll_and_once(client, tied, slips):
    scan(client, slips[0])
    first = hidden(review(client, choose(client, tied[0]), "1"))
    second = hidden(review(client, choose(client, tied[1]), "2"))

    pages = [client.post(CAST, fields, follow=True) for fields in (first, second, first)]

    numbers = [NUMBER.search(text(page))[1] for page in pages]
    assert numbers[0] == numbers[2] != numbers[1]
    assert ballots() == [("党员评议票", "22"), ("组织评议票", "11")]
    assert Receipt.objects.count() == 2


def test_back_from_the_receipt_does_not_lead_to_a_second_ballot(client, tied, slips):
    scan(client, slips[0])
    page = choose(client, tied[0])
    fields = answers(page, "1")
    vote(client, page, "1")

    back = [client.get(FILL), client.get(REVIEW), client.post(ANSWER, fields)]

    assert [answer.url for answer in back] == [
        RECEIPT,
        RECEIPT,
        reverse("ballots:ballot_refused", kwargs={"reason": "used"}),
    ]
    assert ballots() == [("组织评议票", "11")]


def test_the_next_person_on_the_same_phone_has_both_forms_to_fill_in(client, tied, slips):
    scan(client, slips[0])
    vote(client, choose(client, tied[0]), "1")

    scan(client, slips[1])

    assert told(client.get(FORMS)) == [("组织评议票", "填写第1张"), ("党员评议票", "填写第2张")]
    vote(client, choose(client, tied[0]), "2")
    assert ballots() == [("组织评议票", "11"), ("组织评议票", "22")]


def test_a_slip_for_one_form_after_a_shared_one_leads_straight_to_its_ballot(client, polls, tied, slips):
    lone = factories.make_batch(polls[0], category="群众代表")
    scan(client, slips[0])

    scanned = scan(client, codes.make_slips(lone, 1)[0])

    assert scanned.url == FILL
    assert "张表" not in text(client.get(FILL))
    assert client.get(FORMS).status_code == 403
    assert "一个码只能投一票" in text(vote(client, client.get(FILL), "1"))


def test_a_form_that_is_closed_or_early_is_told_kindly_and_the_other_taken(client, polls, tied, slips):
    Campaign.objects.filter(pk=polls[1].campaign_id).update(
        is_stopped_on_time=True, starts_on=timezone.localdate() + timedelta(days=1)
    )
    scan(client, slips[0])
    early = told(client.get(FORMS))
    receipt = vote(client, choose(client, tied[0]), "1")
    factories.close_poll(polls[0])
    scan(client, slips[1])

    assert early[0] == ("组织评议票", "填写第1张")
    assert "现在还没有开始" in early[1][1]
    assert "接着填下一张" not in text(receipt)
    assert told(client.get(FORMS))[0] == ("组织评议票", sharing.CLOSED)


def test_a_form_that_is_not_on_the_slip_is_not_chosen(client, polls, tied, slips):
    lone = factories.make_batch(polls[0], category="群众代表")
    codes.make_slips(lone, 1)
    scan(client, slips[0])

    assert choose(client, lone).status_code == 403
    assert choose(Client(), tied[0]).status_code == 403


def test_neither_cookies_nor_pages_nor_sessions_have_the_code_and_scripts_read_no_cookie(client, tied, slips, settings):
    settings.HTTPS = True
    pages = [scan(client, slips[0]), client.get(FORMS), choose(client, tied[0])]
    pages.append(vote(client, pages[-1], "1"))

    own = {"__Host-ballot_ticket", "__Host-ballot_slip", "__Host-ballot_stub", "__Secure-ballot_draft"}
    assert set(client.cookies) == own
    assert client.cookies.pop("__Secure-ballot_draft").value == ""
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert slips[0] not in cookie.value
    for page in pages:
        assert slips[0] not in text(page)
        assert page["Cache-Control"].startswith("max-age=0")
        assert page["Referrer-Policy"] == "no-referrer"
    assert not Session.objects.exists()


def test_the_receipts_of_two_forms_have_nothing_in_common(client, tied, slips):
    scan(client, slips[0])
    first = vote(client, choose(client, tied[0]), "1")
    second = vote(client, choose(client, tied[1]), "1")

    receipts = list(Receipt.objects.order_by("poll_id").values_list("digest", "poll_id"))
    assert [poll_id for _, poll_id in receipts] == [tied[0].poll_id, tied[1].poll_id]
    assert receipts[0][0] != receipts[1][0]
    assert NUMBER.search(text(first))[1] != NUMBER.search(text(second))[1]


# The secretary


@pytest.fixture
def secretary(client, polls):
    client.force_login(factories.make_cast(polls[0].organization).secretary)
    return client


def url(name, row):
    return reverse(f"ballots:{name}", args=[row.pk])


def share(client, own, /, **overrides):
    category = own[0].campaign.categories.get(name="党员")
    fields = {"polls": [own[1].pk], "channel": "meeting", "category": category.pk, **overrides}
    return client.post(url("batch_share", own[0]), fields)


def test_a_secretary_ties_two_forms_and_prints_slips_that_admit_to_both(secretary, polls):
    answer = share(secretary, polls)
    batch = Batch.objects.get(poll=polls[0])
    page = secretary.get(answer.url)
    printed = secretary.post(answer.url, {"count": 30})

    assert answer.url == url("batch_slips", batch)
    assert "另有“党员评议票”" in text(page)
    document = pypdfium2.PdfDocument(printed.content)
    words = "\n".join(sheet.get_textpage().get_text_range() for sheet in document)
    slips = re.findall(r"\b\w{5}-\w{5}\b", words)
    assert len(slips) == words.count("组织评议票") == words.count("党员评议票") == 30
    assert {len(codes.exchange_all(slip)) for slip in slips} == {2}
    assert list(Batch.objects.order_by("slip_place").values_list("printed_count", flat=True)) == [30, 30]


def test_only_polls_of_the_unit_that_the_user_runs_are_offered(secretary, polls):
    elsewhere = factories.make_open_poll(factories.make_organization("另一局党委"), title="外单位评议")
    below = factories.make_organization("一支部", parent=polls[0].organization, kind="branch")
    factories.make_open_poll(below, title="支部评议")
    waiting = factories.make_campaign(polls[0].organization, title="还没有开启的评议")
    campaign_actions.make_polls(waiting, [polls[0].organization])
    factories.close_poll(factories.make_open_poll(polls[0].organization, title="截止的评议"))

    form = secretary.get(url("batch_share", polls[0])).context["form"]

    assert [label for _, label in form.fields["polls"].choices] == [
        "党员评议票（评议中）",
        "还没有开启的评议（筹备中）",
    ]
    answer = share(secretary, polls, polls=[elsewhere.pk])
    assert list(answer.context["form"].errors) == ["polls"]
    assert not SharedSlip.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("polls", []), ("channel", "phone"), ("category", 0)])
def test_a_tie_outside_what_is_offered_is_refused(secretary, polls, field, value):
    answer = share(secretary, polls, **{field: value})

    assert list(answer.context["form"].errors) == [field]
    assert not Batch.objects.exists()


def test_a_refusal_is_shown_on_the_page(secretary, polls):
    codes.make_slips(factories.make_batch(polls[1]), 1)

    assert "已经发过单独的选票码" in text(share(secretary, polls))


def test_a_unit_with_one_poll_is_told_that_there_is_nothing_to_tie(client):
    poll = factories.make_open_poll()
    client.force_login(factories.make_cast(poll.organization).secretary)

    page = text(client.get(url("batch_share", poll)))

    assert "没有可以同票的表" in page
    assert url("batch_share", poll) in text(client.get(url("batch_add", poll)))


def test_the_workbench_and_the_closing_page_name_the_form_beside(secretary, polls, tied):
    workbench, closing = secretary.get(url("poll_detail", polls[0])), secretary.get(url("poll_close", polls[0]))

    assert "同票：党员评议票" in text(workbench)
    assert "与“党员评议票”同票：各张表自己清点，自己截止。" in text(closing)


def test_the_workbench_asks_no_more_for_three_ties_than_for_one(secretary, polls):
    factories.make_shared(*polls)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            secretary.get(url("poll_detail", polls[0]))
        counts.append(len(queries))
        factories.make_shared(*polls, category="群众代表") if len(counts) == 1 else None

    assert counts[0] == counts[1]


def test_the_workbench_of_a_form_not_open_yet_shows_its_batch_and_lets_it_go(secretary, polls):
    waiting = factories.make_campaign(polls[0].organization, title="还没有开启的评议")
    campaign_actions.make_polls(waiting, [polls[0].organization])
    poll = waiting.polls.get()
    _, batch = factories.make_shared(polls[0], poll)
    page = text(secretary.get(url("poll_detail", poll)))

    answer = secretary.post(url("batch_void", batch), {"reason": "改期"}, follow=True)

    assert "同票：组织评议票" in page
    assert url("batch_void", batch) in page
    assert "已作废" in text(answer)
    assert not poll.batches.exists()


def test_voiding_asks_about_the_forms_beside_and_leaves_them_unless_told(secretary, tied, slips):
    page = secretary.get(url("batch_void", tied[0]))
    secretary.post(url("batch_void", tied[0]), {"reason": "多发"})
    states = [Batch.objects.get(pk=batch.pk).state for batch in tied]

    assert "同票的“党员评议票”也一并作废" in text(page)
    assert states == ["void", "open"]
    assert "一并作废" not in text(secretary.get(url("batch_void", tied[1])))


def test_voiding_takes_the_forms_beside_with_it_when_told(secretary, tied, slips):
    secretary.post(url("batch_void", tied[0]), {"reason": "多发", "with_tied": "on"})

    assert [Batch.objects.get(pk=batch.pk).state for batch in tied] == ["void", "void"]
    assert not Code.objects.exists()


def test_a_slip_that_came_back_is_voided_on_all_forms_with_one_deed(secretary, tied, slips):
    address = url("slip_withdraw", tied[1])

    answer = secretary.post(address, {"code": f" {slips[0][:5].lower()}-{slips[0][5:]} "}, follow=True)

    assert "这张码条已经作废" in text(answer)
    assert "上面的2张表一次作废" in text(answer)
    assert scan(Client(), slips[0]).status_code == 404
    assert scan(Client(), slips[1]).url == FORMS


def test_the_answer_to_a_slip_that_came_back_does_not_tell_whether_it_was_used_on_one_form(secretary, tied, slips):
    voter = Client()
    scan(voter, slips[0])
    vote(voter, choose(voter, tied[0]), "1")
    address = url("slip_withdraw", tied[0])

    used, fresh = (secretary.post(address, {"code": slip}, follow=True) for slip in slips[:2])

    hide = re.compile(r'value="[^"]*"')
    assert hide.sub("", text(used)) == hide.sub("", text(fresh))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "必填"),
        ("ABC", "选票码是10位"),
        ("ABCDEFGHI0", "没有0、1、I、L、O、U、V"),
        ("ABCDEFGHJK", "没有能用的这个码"),
    ],
)
def test_a_code_that_is_none_is_refused_with_what_to_look_at(secretary, tied, slips, code, message):
    page = secretary.post(url("slip_withdraw", tied[0]), {"code": code})

    assert message in text(page)
    assert [form.codes.count() for form in tied] == [3, 3]
