"""The steps of a poll as its page shows them."""

import pytest

from ballots.steps import LABELS, poll_steps
from campaigns.models import Poll


@pytest.mark.parametrize(
    ("state", "places"),
    [
        ("preparing", "done current ahead ahead ahead ahead"),
        ("rehearsing", "current ahead ahead ahead ahead ahead"),
        ("open", "done done current ahead ahead ahead"),
        ("closed", "done done done done current ahead"),
        ("sealed", "done done done done done current"),
    ],
)
def test_each_state_has_one_step_that_is_to_be_done_next(state, places):
    steps = poll_steps(Poll(state=state))

    assert [step.label for step in steps] == list(LABELS)
    assert " ".join(step.place for step in steps) == places


def test_a_rehearsal_that_is_over_or_never_was_is_called_optional():
    notes = [step.note for step in poll_steps(Poll(state="open"))]

    assert notes == ["可选", "已完成", "当前", "未到", "未到", "未到"]
