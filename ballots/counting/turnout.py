"""Turnout in steps: how many ballots are in, told so that nobody can tie the latest one to who just went by (DESIGN 6)."""

from collections.abc import Iterable

from ..models import Batch
from .sealing import collected_by_batch

STEP = 5


def in_steps(count: int) -> int:
    """The count rounded down to a whole step."""
    return count - count % STEP


def turnout_text(count: int) -> str:
    """A count as it is shown while ballots are coming in: “35票以上”, and below one step “不足5票”."""
    steps = in_steps(count)
    return f"{steps}票以上" if steps else f"不足{STEP}票"


def turnout_of(batches: Iterable[Batch]) -> int:
    """The exact number of ballots in, of batches that are open; for `in_steps` and `turnout_text` alone to show."""
    return sum(collected_by_batch(batches).values())
