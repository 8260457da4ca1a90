"""A hundred people press 确认提交 at once: each with a thread and a database connection of their own, the real code below.

DESIGN 7 promises that nobody who was shown a receipt is lost, that nothing is counted twice, and that a vote which meets
the closing is either counted or refused.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, connections, transaction

from ballots import actions, taking_back
from ballots.counting import bulk, closing, sealing
from ballots.models import Ballot, Batch, Code, Opinion, Receipt, SealedBox
from ballots.voting import casting, codes
from ballots.voting.casting import OpinionText
from campaigns.actions import NotReady, TreeError, make_polls, move_organization
from campaigns.models import Poll
from campaigns.models.states import StateError
from campaigns.readiness import plan_opening
from tests.factories import make_batch, make_campaign, make_open_poll, make_organization, make_shared

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

VOTERS = 100
INDICATORS = ("一", "二", "三", "四", "五", "总体评价")


def at_once(deeds):
    """Run all deeds at the same time; for each what it returned, or the Refused, CannotClose, NotReady or StateError that it raised."""
    start = Barrier(len(deeds))

    def run(deed):
        try:
            start.wait()
            return deed()
        except (casting.Refused, closing.CannotClose, NotReady, StateError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def deed(ticket, key, marks, opinions=()):
    return lambda: casting.cast(ticket=ticket, key=key, marks=marks, opinions=opinions)


def some_marks(rng, count):
    return ["".join(rng.choice("123-") for _ in INDICATORS) for _ in range(count)]


def count_cells(all_marks):
    """For each cell how often each mark stands there."""
    return [Counter(marks[cell] for marks in all_marks) for cell in range(len(INDICATORS))]


def stored_marks(batch):
    return list(Ballot.objects.filter(batch=batch).values_list("marks", flat=True))


@pytest.fixture
def poll():
    return make_open_poll(indicators=INDICATORS)


@pytest.fixture
def rng():
    return random.Random(100)


def test_a_hundred_voters_at_once_are_each_counted_once_cell_by_cell(poll, rng):
    batch = make_batch(poll)
    target = poll.targets.get()
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, VOTERS)]
    marks = some_marks(rng, VOTERS)

    numbers = at_once(
        [
            deed(ticket, f"key {number}", ballot, [OpinionText(target.pk, f"意见{number}")])
            for number, (ticket, ballot) in enumerate(zip(tickets, marks, strict=True))
        ]
    )

    assert numbers == [casting.receipt_number(f"key {number}") for number in range(VOTERS)]
    assert sorted(stored_marks(batch)) == sorted(marks)
    assert count_cells(stored_marks(batch)) == count_cells(marks)
    assert Counter(Opinion.objects.values_list("text", flat=True)) == Counter(f"意见{n}" for n in range(VOTERS))
    assert (Code.objects.count(), Receipt.objects.count()) == (0, VOTERS)
    closing.close(poll, by=None, attended=VOTERS, facts={batch.pk: closing.BatchFacts(issued=VOTERS)})
    sealing.seal(poll, by=None)
    tallied = [
        (row.grade_1_count, row.grade_2_count, row.grade_3_count, row.abstained_count) for row in poll.tally_rows.all()
    ]
    assert tallied == [tuple(cell[mark] for mark in "123-") for cell in count_cells(marks)]


def test_a_unit_is_moved_while_its_poll_takes_ballots_and_each_is_counted_where_it_was_opened(poll, rng):
    batch, unit = make_batch(poll), poll.organization
    elsewhere = make_organization("另一局党委")
    branch = make_organization("第一支部", parent=unit, kind="branch")
    opened = make_open_poll(branch, indicators=INDICATORS)
    own = make_batch(opened)
    marks = some_marks(rng, 40)
    tickets = [codes.exchange(slip) for slip in (*codes.make_slips(batch, 20), *codes.make_slips(own, 20))]
    path = opened.path

    answers = at_once(
        [
            *(
                deed(ticket, f"key {place}", cast)
                for place, (ticket, cast) in enumerate(zip(tickets, marks, strict=True))
            ),
            lambda: move_organization(branch, elsewhere, by=None),
        ]
    )

    opened.refresh_from_db()
    branch.refresh_from_db()
    assert answers == [*(casting.receipt_number(f"key {place}") for place in range(40)), None]
    assert (branch.parent, opened.path) == (elsewhere, path)
    assert sorted(stored_marks(own)) == sorted(marks[20:])
    closing.close(opened, by=None, attended=20, facts={own.pk: closing.BatchFacts(issued=20)})
    sealing.seal(opened, by=None)
    assert Counter(SealedBox.objects.get(batch=own).content.split("\n")[1:]) == Counter(marks[20:])


def test_a_move_that_is_refused_disturbs_no_casting(poll, rng):
    batch, unit = make_batch(poll), poll.organization
    branch = make_organization("第一支部", parent=unit, kind="branch")
    make_polls(make_campaign(unit, title="还在筹备的"), [branch])
    elsewhere, before = make_organization("另一局党委"), branch.path
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 20)]
    marks = some_marks(rng, 20)

    def move():
        with pytest.raises(TreeError, match="还在筹备"):
            move_organization(branch, elsewhere, by=None)

    at_once(
        [
            *(
                deed(ticket, f"key {place}", cast)
                for place, (ticket, cast) in enumerate(zip(tickets, marks, strict=True))
            ),
            *[move] * 3,
        ]
    )

    branch.refresh_from_db()
    assert (branch.parent, branch.path) == (unit, before)
    assert sorted(stored_marks(batch)) == sorted(marks)


def test_the_same_submission_six_times_at_once_is_one_ballot_and_one_receipt(poll, rng):
    batch = make_batch(poll)
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 20)]
    marks = some_marks(rng, 20)
    voters = list(enumerate(zip(tickets, marks, strict=True)))

    numbers = at_once([deed(ticket, f"key {number}", ballot) for number, (ticket, ballot) in voters * 6])

    assert numbers == [casting.receipt_number(f"key {number}") for number, _ in voters * 6]
    assert sorted(stored_marks(batch)) == sorted(marks)
    assert (Code.objects.count(), Receipt.objects.count()) == (0, 20)


def test_of_six_different_submissions_with_one_code_one_is_taken_and_five_are_refused(poll, rng):
    batch = make_batch(poll)
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 20)]
    sent = [
        (ticket, f"key {place}", marks)
        for place, (ticket, marks) in enumerate(zip(tickets * 6, some_marks(rng, 120), strict=True))
    ]

    answers = at_once([deed(*submission) for submission in sent])

    taken = [submission for submission, answer in zip(sent, answers, strict=True) if isinstance(answer, str)]
    refused = [answer for answer in answers if not isinstance(answer, str)]
    assert {type(refusal) for refusal in refused} == {casting.CodeUsed}
    assert Counter(ticket.slip for ticket, _, _ in taken) == Counter(ticket.slip for ticket in tickets)
    assert sorted(stored_marks(batch)) == sorted(marks for _, _, marks in taken)
    assert (Code.objects.count(), Receipt.objects.count()) == (0, 20)


def test_a_screen_takes_no_more_than_the_room_holds_and_one_ballot_a_phone(poll, rng):
    batch = make_batch(poll, method="screen")
    codes.admit(batch, 30)
    phones = [codes.exchange(codes.screen_code(batch), browser=str(number)) for number in range(50)]
    sent = [
        (ticket, f"key {place}", marks)
        for place, (ticket, marks) in enumerate(zip(phones * 2, some_marks(rng, 100), strict=True))
    ]

    answers = at_once([deed(*submission) for submission in sent])

    taken = [submission for submission, answer in zip(sent, answers, strict=True) if isinstance(answer, str)]
    assert len(taken) == len({ticket.browser for ticket, _, _ in taken}) == 30
    assert sorted(stored_marks(batch)) == sorted(marks for _, _, marks in taken)
    assert {type(answer) for answer in answers if not isinstance(answer, str)} <= {
        casting.AlreadyCast,
        casting.RoomFull,
    }
    assert Code.objects.count() == 0


def test_a_vote_that_meets_the_closing_is_counted_or_refused_never_both(poll, rng):
    batch = make_batch(poll)
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 60)]
    sent = [
        (ticket, f"key {place}", marks)
        for place, (ticket, marks) in enumerate(zip(tickets, some_marks(rng, 60), strict=True))
    ]

    def close():
        closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(issued=60)})

    deeds = [deed(*submission) for submission in sent]
    answers = at_once([*deeds[:30], close, *deeds[30:]])
    of_closing = answers.pop(30)

    taken = [submission for submission, answer in zip(sent, answers, strict=True) if isinstance(answer, str)]
    batch.refresh_from_db()
    assert of_closing is None
    assert {type(answer) for answer in answers if not isinstance(answer, str)} <= {casting.PollNotOpen}
    assert sorted(stored_marks(batch)) == sorted(marks for _, _, marks in taken)
    assert (batch.returned_count, batch.unused_count) == (len(taken), 60 - len(taken))
    assert Code.objects.count() == 0


@pytest.mark.parametrize("voters", [1, 1, 1, 2, 20])
def test_a_vote_that_meets_the_way_back_to_preparation_stops_it_or_is_refused_and_none_is_lost(poll, voters):
    batch = make_batch(poll)
    votes = [
        deed(codes.exchange(slip), f"key {place}", "111111")
        for place, slip in enumerate(codes.make_slips(batch, voters))
    ]

    *answers, back = at_once([*votes, lambda: taking_back.take_back_poll(poll, by=None, reason="票上漏了一人")])

    poll.refresh_from_db()
    taken = [answer for answer in answers if isinstance(answer, str)]
    assert Ballot.objects.count() == Receipt.objects.count() == len(taken)
    if taken:
        assert (str(back), poll.state) == (taking_back.TAKEN, "open")
        assert len(taken) == voters
    else:
        assert (back.code_count, poll.state) == (voters, "preparing")
        assert {type(answer) for answer in answers} == {casting.PollNotOpen}
        assert (Batch.objects.count(), Code.objects.count()) == (0, 0)


def close_now(poll):
    closing.close(
        poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(None) for batch in poll.batches.all()}
    )


def close_all(poll):
    outcome = bulk.close_planned(bulk.plan_closing(poll.campaign), by=None, with_empty=False)
    assert len(outcome.done) == 1


def take_back(poll):
    return taking_back.take_back_poll(poll, by=None, reason="票上漏了一人")


def take_back_whole(poll):
    return taking_back.take_back_campaign(poll.campaign, by=None, reason="票上漏了一人")


def void(poll):
    closing.void_batch(poll.batches.get(), by=None, reason="多发")


def withdraw(poll):
    assert not codes.withdraw_slip(poll.batches.get(), "ABCDEFGHJK")


def print_more(poll):
    codes.make_slips(poll.batches.get(), 1)


# Whatever ends the casting, voids a right or makes one: the answer of a vote that comes after it, and its own after a vote.
ENDINGS = [
    (close_now, casting.PollNotOpen, None),
    (close_all, casting.PollNotOpen, None),
    (take_back, casting.PollNotOpen, StateError),
    (take_back_whole, casting.PollNotOpen, StateError),
    (void, casting.CodeUsed, None),
    (withdraw, str, None),
    (print_more, str, None),
]


def meet(first, second):
    """The answer of a deed that comes while another is done and not yet on disk; it must wait until that is."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(at_once, [second])
            sleep(0.5)
            assert not waiting.done()
        (answer,) = waiting.result()
    return answer


@pytest.mark.parametrize(("ending", "refusal", "_own"), ENDINGS)
def test_a_vote_waits_for_whatever_ends_the_casting_and_is_told_then(poll, ending, refusal, _own):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    first, last = map(codes.exchange, codes.make_slips(make_batch(poll), 2))
    if ending not in (take_back, take_back_whole):
        casting.cast(
            ticket=first, key="first", marks="111111"
        )  # so that the poll is known, as in the midst of a meeting
    before = Ballot.objects.count()

    answer = meet(partial(ending, poll), deed(last, "key", "111111"))

    assert isinstance(answer, refusal)
    assert Ballot.objects.count() == before + (refusal is str)


@pytest.mark.parametrize(("ending", "_refusal", "own"), ENDINGS)
@pytest.mark.parametrize("is_known", [True, False])
def test_whatever_ends_the_casting_waits_for_a_vote_and_counts_it(poll, ending, _refusal, own, is_known):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    first, last = map(codes.exchange, codes.make_slips(make_batch(poll), 2))
    if is_known:
        casting.cast(ticket=first, key="first", marks="111111")

    answer = meet(deed(last, "key", "111111"), partial(ending, poll))

    assert isinstance(answer, own) if own else not isinstance(answer, Exception)
    assert Ballot.objects.count() == 1 + is_known
    if ending in (close_now, close_all):
        assert poll.batches.get().returned_count == 1 + is_known


def open_whole(poll):
    actions.open_campaign(poll.campaign, by=None)


@pytest.mark.parametrize("ending", [actions.end_rehearsal, open_whole])
@pytest.mark.parametrize("is_vote_first", [True, False])
def test_the_end_of_a_rehearsal_waits_for_a_vote_and_wipes_it_and_a_vote_waits_for_the_end(ending, is_vote_first):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    organization = make_organization()
    campaign = make_campaign(organization, indicators=INDICATORS)
    make_polls(campaign, [organization])
    poll = campaign.polls.get()
    actions.start_rehearsal(poll)
    first, last = map(codes.exchange, codes.make_slips(make_batch(poll), 2))
    casting.cast(ticket=first, key="first", marks="111111")
    vote, end = deed(last, "key", "111111"), partial(ending, poll)

    answer = meet(vote, end) if is_vote_first else meet(end, vote)

    assert answer is None if is_vote_first else isinstance(answer, casting.Refused)
    assert (Ballot.objects.count(), Receipt.objects.count(), Code.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("_round", range(3))
def test_of_openings_of_all_and_of_the_ready_ones_at_once_one_is_done_whole(_round):
    root = make_organization()
    units = [make_organization(name, parent=root, kind="branch") for name in ("一支部", "二支部")]
    campaign = make_campaign(root)
    make_polls(campaign, units)
    campaign.polls.get(organization=units[1]).targets.all().delete()
    seen = plan_opening(campaign).mark
    ready = partial(actions.open_ready, campaign, by=None, seen=seen)

    answers = at_once([ready, ready, ready, partial(actions.open_campaign, campaign, by=None)])

    refused = [answer for answer in answers if isinstance(answer, NotReady)]
    assert len(refused) == 3
    assert list(campaign.polls.order_by("path").values_list("state", flat=True)) == ["open", "preparing"]


def test_rights_made_while_people_vote_are_neither_lost_nor_made_twice(poll, rng):
    batch = make_batch(poll)
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 40)]
    opened_before = [Batch.objects.get(pk=batch.pk) for _ in range(10)]

    votes = [deed(ticket, f"key {place}", "111111") for place, ticket in enumerate(tickets)]
    prints = [lambda page=page: len(codes.make_slips(page, 7)) for page in opened_before]
    answers = at_once([*votes, *prints])

    batch.refresh_from_db()
    assert answers[40:] == [7] * 10
    assert (batch.printed_count, batch.codes.count(), len(stored_marks(batch))) == (110, 70, 40)


def test_polls_do_not_mix(poll, rng):
    polls = [poll, make_open_poll(make_organization("另一局党委"), indicators=INDICATORS)]
    batches = [make_batch(each_poll) for each_poll in polls]
    sent = [
        (codes.exchange(slip), slip, marks)
        for batch in batches
        for slip, marks in zip(codes.make_slips(batch, 50), some_marks(rng, 50), strict=True)
    ]
    expected = {
        batch.pk: sorted(marks for ticket, _, marks in sent if ticket.batch_id == batch.pk) for batch in batches
    }
    rng.shuffle(sent)

    answers = at_once([deed(*submission) for submission in sent])

    assert all(isinstance(answer, str) for answer in answers)
    assert {batch.pk: sorted(stored_marks(batch)) for batch in batches} == expected


def test_a_poll_that_is_being_counted_does_not_hold_up_another(poll):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    other = make_batch(make_open_poll(make_organization("另一局党委"), indicators=INDICATORS))
    (slip,) = codes.make_slips(other, 1)

    with transaction.atomic():
        Poll.objects.select_for_update().get(pk=poll.pk)
        (number,) = at_once([deed(codes.exchange(slip), "key", "111111")])

    assert number == casting.receipt_number("key")


def test_a_shared_slip_casts_at_most_once_on_each_form_however_many_press_at_once(poll, rng):
    tied = make_shared(poll, make_open_poll(poll.organization, title="党员评议票", indicators=INDICATORS))
    people = [codes.exchange_all(slip) for slip in codes.make_slips(tied[0], 20)]
    tickets = [ticket for forms in people for ticket in forms] * 3
    sent = [
        (ticket, f"key {place}", marks)
        for place, (ticket, marks) in enumerate(zip(tickets, some_marks(rng, 120), strict=True))
    ]

    answers = at_once([deed(*submission) for submission in sent])

    taken = [submission for submission, answer in zip(sent, answers, strict=True) if isinstance(answer, str)]
    refused = [answer for answer in answers if not isinstance(answer, str)]
    assert {type(refusal) for refusal in refused} == {casting.CodeUsed}
    assert sorted(ticket.slip for ticket, _, _ in taken) == sorted(ticket.slip for forms in people for ticket in forms)
    for batch in tied:
        own = [marks for ticket, _, marks in taken if ticket.batch_id == batch.pk]
        assert sorted(stored_marks(batch)) == sorted(own)
        assert len(own) == 20
    assert (Code.objects.count(), Receipt.objects.count()) == (0, 40)


def test_shared_slips_made_from_both_forms_while_people_vote_and_one_form_closes_are_whole(poll, rng):
    other = make_open_poll(poll.organization, title="党员评议票", indicators=INDICATORS)
    first, second = make_shared(poll, other)
    people = [codes.exchange_all(slip) for slip in codes.make_slips(first, 20)]
    votes = [deed(ticket, f"key {ticket.slip}", "111111") for forms in people for ticket in forms]
    prints = [lambda page=page: len(codes.make_slips(page, 7)) for page in [first, second] * 5]

    def withdraw():
        return codes.withdraw_slip(second, "ABCDEFGHJK")

    answers = at_once([*votes, *prints, withdraw])

    assert answers[40:] == [7] * 10 + [False]
    for batch in (first, second):
        batch.refresh_from_db()
        assert (batch.printed_count, batch.codes.count(), len(stored_marks(batch))) == (90, 70, 20)


def test_a_slip_taken_back_while_it_is_cast_is_cast_or_void_on_each_form_never_both(poll):
    other = make_open_poll(poll.organization, title="党员评议票", indicators=INDICATORS)
    tied = make_shared(poll, other)
    slips = codes.make_slips(tied[0], 20)
    votes = [deed(ticket, f"key {ticket.slip}", "111111") for slip in slips for ticket in codes.exchange_all(slip)]
    backs = [lambda slip=slip: codes.withdraw_slip(tied[1], slip) for slip in slips]

    answers = at_once([*votes, *backs])

    taken = sum(isinstance(answer, str) for answer in answers)
    assert {type(answer) for answer in answers[:40] if not isinstance(answer, str)} <= {casting.CodeUsed}
    assert sum(len(stored_marks(batch)) for batch in tied) == taken
    assert Code.objects.count() == 40 - taken
    assert {code.pk for code in Code.objects.all()}.isdisjoint(
        digest for slip in slips for digest in codes.slip_digests(slip)
    )
