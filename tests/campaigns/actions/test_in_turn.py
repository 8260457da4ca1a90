"""A deed for many goes on past what is refused, and stops beginning when its time is over."""

import pytest

from campaigns.actions.in_turn import TurnOutcome, do_in_turn
from campaigns.models.states import StateError


def test_a_refusal_leaves_the_others_done():
    def deed(thing):
        if thing == "b":
            raise StateError("不能")

    assert do_in_turn("abc", deed, refusals=(StateError,)) == TurnOutcome(done=["a", "c"], refused=[("b", "不能")])


def test_a_fault_that_nobody_foresaw_is_not_told_as_a_refusal():
    def deed(thing):
        raise KeyError(thing)

    with pytest.raises(KeyError):
        do_in_turn("abc", deed, refusals=(StateError,))


def test_when_the_time_is_over_the_rest_is_left():
    assert do_in_turn("abc", str, refusals=(StateError,), seconds=-1) == TurnOutcome(left=["a", "b", "c"])
