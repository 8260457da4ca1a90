"""Closing and voiding: what is written and what is refused with which numbers."""

import threading
import time

import pytest
from django.db import connections

from ballots.actions import add_batch, open_campaign
from ballots.counting import boxes, closing, recounting, sealing
from ballots.models import Ballot, Batch, Code, SealedBox, TallyRow
from ballots.voting import casting, codes
from campaigns.actions import make_polls
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PATIENCE = 120


def counts(row):
    return tuple(getattr(row, field) for field in boxes.COUNT_FIELDS)


def facts(batch, **numbers):
    return {batch.pk: closing.BatchFacts(**numbers)}


def refusal(poll, *, attended=None, **numbers):
    """The refusal of closing a poll with one batch; the poll must stay as it was."""
    batch = poll.batches.get()
    codes_before = Code.objects.count()
    with pytest.raises(closing.CannotClose) as caught:
        closing.close(poll, by=None, attended=attended, facts=facts(batch, **numbers))
    poll.refresh_from_db()
    batch.refresh_from_db()
    assert (poll.state, poll.attended_count, batch.state, batch.returned_count) == ("open", None, "open", None)
    assert Code.objects.count() == codes_before
    return caught.value.problems


# Closing


def test_closing_a_phone_batch_counts_what_came_in_and_voids_the_codes_left_over():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3, "2-": 1})
    codes.make_slips(batch, 6)

    closing.close(poll, by=None, attended=8, facts=facts(batch, issued=7))

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.valid_count, batch.void_count) == (7, 4, 4, 0)
    assert (batch.printed_count, batch.unused_count, batch.state) == (10, 6, "closed")
    assert (poll.state, poll.attended_count) == ("closed", 8)
    assert not Code.objects.exists()


def test_a_phone_batch_whose_issued_slips_nobody_counted_has_issued_what_it_collected():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    codes.make_slips(batch, 2)

    closing.close(poll, by=None, attended=None, facts=facts(batch, issued=None))

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.unused_count) == (3, 3, 2)


def test_fewer_issued_than_collected_by_phone_is_refused_without_telling_how_many_came_in():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 7})

    assert refusal(poll, issued=6) == [closing.MISMATCH]


def test_ballots_that_a_helper_filled_in_are_counted_with_the_batch_and_change_no_figure():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})

    closing.close(poll, by=None, attended=None, facts=facts(batch, issued=3, assisted=2))

    batch.refresh_from_db()
    assert (batch.assisted_count, batch.returned_count, batch.valid_count) == (2, 3, 3)


@pytest.mark.parametrize(
    ("issued", "assisted", "told"),
    [(3, 4, "代填4张，多于发出的3张。"), (None, 1, "填了代填的张数，请把发出数也填上。")],
)
def test_more_filled_in_by_helpers_than_handed_out_is_refused_without_a_look_at_the_ballots(issued, assisted, told):
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})

    with pytest.raises(closing.CannotClose) as refused:
        closing.check(poll, attended=None, facts=facts(batch, issued=issued, assisted=assisted))

    assert refused.value.by_batch == {batch.pk: [told]}


def test_on_paper_a_helper_filled_in_at_most_what_came_back():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 3})

    with pytest.raises(closing.CannotClose, match="代填4张，多于收回的3张"):
        closing.check(poll, attended=None, facts=facts(batch, issued=5, returned=3, assisted=4))


def two_batches():
    """Seven ballots by phone, and three of another category."""
    poll = factories.make_open_poll()
    first, second = factories.make_batch(poll), factories.make_batch(poll, category="群众代表")
    factories.cast_ballots(first, {"11": 7})
    factories.cast_ballots(second, {"11": 3})
    return poll, first, second


def answer(poll, *, attended=None, **numbers):
    """The answer that somebody gets who tries numbers of two batches out; None where the poll is closed."""
    first, second = poll.batches.all()
    given = {
        first.pk: closing.BatchFacts(issued=numbers["first"]),
        second.pk: closing.BatchFacts(issued=numbers["second"]),
    }
    try:
        closing.close(poll, by=None, attended=attended, facts=given)
    except closing.CannotClose as refused:
        return refused.problems, refused.general, refused.by_batch


@pytest.mark.parametrize("wrong", [{"first": 0, "second": 3}, {"first": 7, "second": 3, "attended": 0}])
def test_numbers_tried_out_beside_a_wrong_one_are_all_answered_alike(wrong):
    poll, first, second = two_batches()
    name = "second" if "attended" not in wrong else "first"

    answers = [answer(poll, **wrong | {name: number}) for number in (0, 1, 2, 3)]

    assert answers == [([closing.MISMATCH], [closing.MISMATCH], {first.pk: [], second.pk: []})] * 4
    assert not any(character.isdecimal() for character in closing.MISMATCH)


def test_a_wrong_number_of_the_form_itself_keeps_the_ballots_from_being_looked_at():
    poll, _, _ = two_batches()

    answers = [answer(poll, first=number, second=4)[0] for number in (0, 6, 7)]

    assert answers == [["“集中评议·群众代表”：发出4张，多于制作的3张。"]] * 3


def test_whoever_tries_the_right_number_has_closed_the_poll():
    poll, _, _ = two_batches()

    answers = [answer(poll, first=number, second=3) for number in (5, 6, 7)]

    assert [bool(given) for given in answers] == [True, True, False]
    assert poll.state == "closed"


def test_the_numbers_by_themselves_are_checked_without_a_look_at_a_phone_s_ballots(django_assert_num_queries):
    poll, first, second = two_batches()

    with django_assert_num_queries(1):
        closing.check(poll, attended=0, facts=facts(first, issued=0) | facts(second, issued=0))

    assert poll.state == "open"


def test_more_issued_than_printed_is_refused():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})

    assert refusal(poll, issued=3) == ["“集中评议·党员”：发出3张，多于制作的2张。"]


def test_nobody_counts_the_returned_ballots_of_phones_by_hand():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})

    assert "收回数由系统计数" in refusal(poll, issued=2, returned=2)[0]
    assert "收回数由系统计数" in refusal(poll, issued=2, void=1)[0]


def test_ballots_that_no_right_was_spent_for_are_found_at_closing():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 2})
    codes.make_slips(batch, 2)
    Ballot.objects.create(batch=batch, marks="11")

    assert "票箱可能被动过" in refusal(poll, issued=4)[0]


def test_paper_is_closed_with_what_was_taken_out_of_the_box():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 34})

    closing.close(poll, by=None, attended=40, facts=facts(batch, issued=37, returned=35, void=1))

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.valid_count, batch.void_count) == (37, 35, 34, 1)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"issued": 50, "returned": 51, "void": 17}, "收回的测评票多于发出的测评票（发出50，收回51）"),
        ({"issued": 50, "returned": 35}, "应录入35张，实际录入34张"),
        ({"issued": 50, "returned": 34, "void": 35}, "整票无效数多于收回数"),
        ({"issued": None, "returned": 34}, "纸质票须填写发出数和收回数"),
        ({"issued": 34, "returned": None}, "纸质票须填写发出数和收回数"),
    ],
)
def test_paper_that_does_not_reconcile_is_refused(numbers, words):
    poll = factories.make_open_poll()
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 34})

    assert words in refusal(poll, **numbers)[0]


def test_every_batch_says_what_is_wrong_with_it_and_none_is_closed():
    poll = factories.make_open_poll()
    good = factories.make_batch(poll)
    bad = factories.make_batch(poll, category="群众代表")
    forgotten = factories.make_batch(poll, channel="paper", method="entered")
    factories.cast_ballots(good, {"11": 2})
    codes.make_slips(good, 1)
    given = {good.pk: closing.BatchFacts(issued=2), bad.pk: closing.BatchFacts(issued=1)}

    with pytest.raises(closing.CannotClose) as caught:
        closing.close(poll, by=None, attended=None, facts=given)

    assert caught.value.by_batch == {
        good.pk: [],
        bad.pk: ["发出1张，多于制作的0张。"],
        forgotten.pk: ["没有填写发出数。"],
    }
    assert set(Batch.objects.values_list("state", "issued_count")) == {("open", None)}
    assert Code.objects.filter(batch=good).count() == 1


@pytest.mark.parametrize(
    ("entitled", "attended", "rules", "words"),
    [
        (4, 5, {}, "实际参评人数5多于应参评人数4"),
        (None, 2, {}, "多于参评人数"),
        (None, None, {"base": "attended"}, "请填写实际参评人数"),
        (2, None, {"base": "entitled"}, "多于参评人数"),
    ],
)
def test_people_and_papers_must_fit(entitled, attended, rules, words):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, **rules)
    make_polls(campaign, [committee])
    campaign.polls.update(entitled_count=entitled)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})

    assert [words in problem for problem in refusal(poll, attended=attended, issued=3)] == [True]


def test_a_poll_that_is_not_open_cannot_be_closed():
    poll = factories.make_sealed_poll()

    with pytest.raises(StateError):
        closing.close(poll, by=None, attended=None, facts={})


# Voiding


def test_a_voided_batch_leaves_the_count_and_a_new_one_takes_its_place():
    poll = factories.make_open_poll()
    broken = factories.make_batch(poll)
    factories.cast_ballots(broken, {"33": 5})
    codes.make_slips(broken, 2)

    closing.void_batch(broken, by=None, reason="收回多于发出", issued=4)
    factories.cast_ballots(factories.make_batch(poll), {"11": 4})
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    broken.refresh_from_db()
    assert (broken.state, broken.issued_count, broken.returned_count, broken.unused_count) == ("void", 4, 5, 2)
    assert [counts(row)[:4] for row in TallyRow.objects.all()] == [(4, 4, 0, 0), (4, 4, 0, 0)]
    assert [boxes.box_lines(box) for box in SealedBox.objects.filter(batch=broken)] == [["33"] * 5]
    assert recounting.recount(poll) == []


def test_voiding_after_closing_keeps_the_numbers_that_were_fixed():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    codes.make_slips(batch, 2)
    factories.close_poll(poll)

    closing.void_batch(batch, by=None, reason="程序有误")
    sealing.seal(poll, by=None)

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.unused_count) == (3, 3, 2)
    assert not TallyRow.objects.exists()


def test_nothing_is_voided_twice_or_after_the_seal():
    sealed = factories.make_sealed_poll().batches.get()
    poll = factories.make_open_poll(factories.make_organization("二局党委"))
    voided = factories.make_batch(poll)
    closing.void_batch(voided, by=None, reason="程序有误")

    for batch in (sealed, voided):
        with pytest.raises(StateError):
            closing.void_batch(batch, by=None, reason="程序有误")


def test_a_slip_of_a_voided_batch_is_refused():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    (slip,) = codes.make_slips(batch, 1)
    ticket = codes.exchange(slip)
    closing.void_batch(batch, by=None, reason="程序有误")

    with pytest.raises(casting.CodeUsed):
        casting.cast(ticket=ticket, key="a key", marks="11")


# Against casts in flight, and on disk


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_voters_racing_the_closing_each_is_counted_or_told_no():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 100)]
    answers, errors, lock = {"taken": 0, "refused": 0}, [], threading.Lock()
    half_way, closed = threading.Event(), threading.Event()

    def vote(chunk):
        for place, ticket in enumerate(chunk):
            # However long the closing takes, the last of each comes after it.
            if place == len(chunk) - 1:
                closed.wait(PATIENCE)
            try:
                casting.cast(ticket=ticket, key=f"key {ticket.slip}", marks="11")
                answer = "taken"
            except casting.Refused:
                answer = "refused"
            except Exception as error:
                errors.append(error)
                return
            with lock:
                answers[answer] += 1
                if answers["taken"] >= 30:
                    half_way.set()
            time.sleep(0.01)  # SQLite's waiting closer looks again only so often: so it comes among them more often
        connections.close_all()

    def close():
        try:
            half_way.wait(PATIENCE)
            closing.close(poll, by=None, attended=None, facts=facts(batch, issued=100))
        except Exception as error:
            errors.append(error)
        closed.set()
        connections.close_all()

    threads = [threading.Thread(target=vote, args=(tickets[start::10],)) for start in range(10)]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    batch.refresh_from_db()
    assert errors == []
    assert answers["taken"] + answers["refused"] == 100
    assert answers["taken"] == batch.returned_count == Ballot.objects.count()
    assert batch.unused_count == answers["refused"] >= 10
    sealing.seal(poll, by=None)
    assert [counts(row)[0] for row in TallyRow.objects.all()] == [answers["taken"]] * 2


# Recounting


def test_a_new_batch_is_refused_after_closing():
    poll = factories.make_open_poll()
    factories.close_poll(poll)

    with pytest.raises(StateError):
        add_batch(poll, channel="meeting", category=poll.campaign.categories.first(), method="slips")
