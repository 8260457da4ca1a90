"""From the code to the receipt, and no second ballot by any way."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from ballots import actions
from ballots.counting import sealing
from ballots.models import Ballot, Code, Opinion
from ballots.voting import casting, codes
from campaigns import actions as campaign_actions
from campaigns.models import Campaign
from tests.factories import (
    close_poll,
    make_batch,
    make_campaign,
    make_organization,
    make_user,
)

from .walking import CAST, FILL, RECEIPT, REVIEW, count, hidden, names_of, review, scan, seen

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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


def test_a_submission_repeated_after_sealing_shows_its_receipt_not_a_refusal(client, poll, slip):
    scan(client, slip)
    fields = hidden(review(client, poll))
    client.post(CAST, fields)
    close_poll(poll)
    sealing.seal(poll, by=None)

    repeated = client.post(CAST, fields)

    assert (repeated.status_code, repeated.url) == (302, RECEIPT)


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


def test_back_after_the_receipt_leads_to_the_receipt(client, poll, slip):
    scan(client, slip)
    client.post(CAST, hidden(review(client, poll)))

    assert [client.get(address).url for address in (FILL, REVIEW)] == [RECEIPT, RECEIPT]


def test_the_review_without_answers_leads_to_the_ballot(client, poll, slip):
    scan(client, slip)

    assert client.get(REVIEW).url == FILL
