"""Receipt codes, and the limits on writers that are kept in memory."""

import pytest

from ballots.voting.codes import ALPHABET, pretty
from reports.letterbox import receipts


@pytest.fixture(autouse=True)
def _nobody_has_written():
    receipts.forget_writers()
    yield
    receipts.forget_writers()


def test_a_code_is_that_of_its_key_and_of_letters_that_can_be_read_aloud():
    code = receipts.receipt_code("key")

    assert code == receipts.receipt_code("key")
    assert len(code) == receipts.RECEIPT_LENGTH
    assert set(code) <= set(ALPHABET)
    assert len({receipts.receipt_code(f"key {number}") for number in range(500)}) == 500


def test_a_code_is_known_however_it_is_typed():
    code = receipts.receipt_code("key")

    assert receipts.receipt_digest(f" {pretty(code).lower()} ") == receipts.receipt_digest(code)
    assert receipts.receipt_digest(code[:-1]) != receipts.receipt_digest(code)


def test_a_key_is_good_in_the_browser_that_it_was_made_for():
    key = receipts.new_key("this browser")

    assert receipts.is_key(key, "this browser")
    assert not receipts.is_key(key, "that browser")
    assert not receipts.is_key("made up", "this browser")


def test_a_browser_is_held_up_after_five_letters_and_an_address_after_sixty():
    own = [receipts.is_writing_too_much("phone", address="10.0.0.1") for _ in range(6)]
    others = [receipts.is_writing_too_much(f"phone {number}", address="10.0.0.1") for number in range(60)]

    assert own == [False] * 5 + [True]
    assert (others[0], others[-1]) == (False, True)
    assert not receipts.is_writing_too_much("phone elsewhere", address="10.0.0.2")


def test_wrong_codes_are_answered_thirty_times():
    answers = [receipts.is_guessing_receipts(address="10.0.0.1") for _ in range(31)]

    assert answers == [False] * 30 + [True]
