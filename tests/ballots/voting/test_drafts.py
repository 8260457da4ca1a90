"""A ballot that waits in its participant's browser between filling in and casting."""

import random

import pytest
import time_machine

from ballots.voting.codes import Ticket
from ballots.voting.drafts import DRAFT_SECONDS, MOST_CHARACTERS, Draft, NoDraft, decrypted, encrypted

TICKET = Ticket(batch_id=1, poll_id=2, slip=3, browser="")
DRAFT = Draft(marks="12-", opinions={7: "多公开。\n第二行"}, key="key:signed")


def test_a_draft_comes_back_as_it_was_kept():
    assert Draft.loads(DRAFT.dumps(TICKET), TICKET) == DRAFT


def test_a_draft_shows_neither_marks_nor_opinions_and_never_looks_the_same():
    kept = [DRAFT.dumps(TICKET) for _ in range(2)]

    assert kept[0] != kept[1]
    assert not [text for text in kept if "12-" in text or "key" in text]


def test_a_draft_of_another_ticket_is_none():
    other = Ticket(batch_id=1, poll_id=2, slip=4, browser="")

    with pytest.raises(NoDraft):
        Draft.loads(DRAFT.dumps(other), TICKET)


@pytest.mark.parametrize("text", ["", "x", "草稿", DRAFT.dumps(TICKET)[:-4] + "AAA="])
def test_what_was_not_written_here_is_no_draft(text):
    with pytest.raises(NoDraft):
        Draft.loads(text, TICKET)


def test_a_draft_is_forgotten_after_half_an_hour():
    with time_machine.travel("2027-03-10", tick=False) as clock:
        kept = DRAFT.dumps(TICKET)

        clock.shift(DRAFT_SECONDS - 5)
        assert Draft.loads(kept, TICKET) == DRAFT
        clock.shift(10)
        with pytest.raises(NoDraft):
            Draft.loads(kept, TICKET)


def test_forty_targets_and_the_longest_opinion_fit_into_a_cookie():
    rng = random.Random(1)
    marks = "".join(rng.choice("1234-") for _ in range(40 * 6))
    opinion = "".join(chr(rng.randint(0x4E00, 0x9FA5)) for _ in range(1000))

    assert len(Draft(marks, {7: opinion}, "k" * 60).dumps(TICKET)) < MOST_CHARACTERS


def test_a_short_text_is_locked_for_a_while():
    with time_machine.travel("2027-03-10", tick=False) as clock:
        value = encrypted("ABCD")
        kept = decrypted(value, seconds=60)
        clock.shift(61)
        later = decrypted(value, seconds=60)

    assert (kept, later, decrypted("forged", seconds=60)) == ("ABCD", None, None)
    assert "ABCD" not in value
