"""People vote at once over HTTP: nobody is refused without reason, nobody is lost, nothing counts twice (DESIGN 7)."""

import random
from collections import Counter
from functools import partial
from threading import Event, Lock

import pytest

from ballots.models import Ballot, Batch, Code, Receipt
from ballots.voting import casting
from campaigns.models import Poll

from .browsers import Phone, is_taken, notice_of
from .meetings import at_once, count_cells, different_marks, make_meeting, side_by_side

pytestmark = pytest.mark.slow
PATIENCE = 180


@pytest.mark.parametrize("clients", [8, 16, 50])
def test_two_hundred_people_walk_from_code_to_receipt_and_every_cell_is_counted(site, clients):
    meeting = make_meeting(site, voters=200)
    rng = random.Random(clients)
    marks = ["".join(rng.choice("1112223-") for _ in range(7)) for _ in range(200)]

    def walk(slip, own):
        phone = Phone(site.port)
        return phone.receipt(phone.prepare(slip, own).send())

    receipts = side_by_side([lambda pair=pair: walk(*pair) for pair in zip(meeting.slips, marks, strict=True)], clients)

    assert len(receipts) == len(set(receipts)) == 200
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))


def test_the_same_submission_six_times_at_once_gets_six_receipts_and_counts_once(site):
    meeting = make_meeting(site, voters=20)
    marks = different_marks(20)
    phones = meeting.phones(marks)
    tabs = [phone.like() for phone in phones * 6]

    answers = at_once([tab.send for tab in tabs])

    receipts = [tab.receipt(answer) for tab, answer in zip(tabs, answers, strict=True)]
    assert len(receipts) == 120
    assert receipts == receipts[:20] * 6
    assert len(set(receipts)) == 20
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(marks), count_cells(marks))


def test_of_six_different_ballots_with_one_code_one_counts_and_five_are_refused_kindly(site):
    meeting = make_meeting(site, voters=20)
    marks = different_marks(120)
    phones = [phone for turn in range(6) for phone in meeting.phones(marks[turn * 20 : turn * 20 + 20])]

    answers = at_once([phone.send for phone in phones])

    taken = [place for place, answer in enumerate(answers) if is_taken(answer)]
    refused = [answer for answer in answers if not is_taken(answer)]
    assert Counter(place % 20 for place in taken) == Counter(range(20))
    assert Counter((answer.status, notice_of(answer)) for answer in refused) == {(409, casting.USED): 100}
    with site.database():
        # No trace of the refused.
        assert (Ballot.objects.count(), Receipt.objects.count(), Code.objects.count()) == (20, 20, 0)
    counted = [marks[place] for place in taken]
    meeting.close_and_seal()
    assert meeting.counted() == (sorted(counted), count_cells(counted))


def test_a_vote_during_the_closing_is_counted_or_refused_and_the_poll_closes_once(site):
    meeting = make_meeting(site, voters=100)
    marks = different_marks(100)
    phones = meeting.phones(marks)
    desk = meeting.desk()
    tabs = [desk.like() for _ in range(50)]
    under_way, is_closed, lock, taken_so_far = Event(), Event(), Lock(), []

    def vote(place, phone):
        if place >= 80:
            # However fast the others were, these come after the closing.
            assert is_closed.wait(PATIENCE)
        answer = phone.send()
        with lock:
            taken_so_far.append(answer)
            if len(taken_so_far) == 20:
                under_way.set()
        return answer

    def close(tab):
        # With others still on their way, some of them between two lines of code.
        assert under_way.wait(PATIENCE)
        answer = tab.post(
            f"/polls/{meeting.poll_id}/close/",
            {f"batch-{meeting.batch_id}-issued": 100, "attended_count": "", "confirmed": "yes"},
        )
        is_closed.set()
        return answer, tab.follow(answer).text if answer.status == 302 else answer.text

    def vote_all():
        return side_by_side([partial(vote, place, phone) for place, phone in enumerate(phones)], 16)

    answers, *closings = at_once([vote_all, *(lambda tab=tab: close(tab) for tab in tabs)])

    counted = [own for own, answer in zip(marks, answers, strict=True) if is_taken(answer)]
    refused = [answer for answer in answers if not is_taken(answer)]
    assert len(counted) >= 20
    assert len(refused) >= 20
    assert {(answer.status, notice_of(answer)) for answer in refused} == {(409, casting.CLOSED)}
    assert {answer.status for answer, _ in closings} <= {200, 302}
    closed = ["已截止。请核对下面的票数" in text for _, text in closings]
    told = ["不能截止" in text for _, text in closings]
    assert Counter(zip(closed, told, strict=True)) == {(True, False): 1, (False, True): 49}
    with site.database():
        batch = Batch.objects.get(pk=meeting.batch_id)
        assert Poll.objects.get(pk=meeting.poll_id).state == Poll.State.CLOSED
        assert sorted(Ballot.objects.values_list("marks", flat=True)) == sorted(counted)
        assert (batch.returned_count, batch.unused_count) == (len(counted), 100 - len(counted))
        assert not Code.objects.exists()
    assert desk.post(f"/polls/{meeting.poll_id}/seal/", {}).status == 302
    assert meeting.counted() == (sorted(counted), count_cells(counted))
