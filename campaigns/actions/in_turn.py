"""A deed for many, to each in its own transaction, so that one refusal leaves the others done."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
# So long a request may go on beginning new ones; whatever is left waits for the next press.
SECONDS_AT_ONCE = 45


@dataclass
class TurnOutcome(Generic[Thing]):
    """The things that a deed was done to, those that it was refused for with the reason, and those not reached in time."""

    done: list[Thing] = field(default_factory=list)
    refused: list[tuple[Thing, str]] = field(default_factory=list)
    left: list[Thing] = field(default_factory=list)


def do_in_turn(
    things: Iterable[Thing],
    deed: Callable[[Thing], object],
    *,
    refusals: tuple[type[Exception], ...],
    seconds: float | None = None,
) -> TurnOutcome[Thing]:
    """Do a deed, which brings its own transaction, to each thing; after so many seconds no more is begun.

    The exceptions of `refusals` say in Chinese why a thing was refused; any other goes on its way.
    """
    outcome: TurnOutcome[Thing] = TurnOutcome()
    started_at = time.monotonic()
    for thing in things:
        if seconds is not None and time.monotonic() - started_at > seconds:
            outcome.left.append(thing)
            continue
        try:
            deed(thing)
            outcome.done.append(thing)
        except refusals as refusal:
            outcome.refused.append((thing, str(refusal)))
    return outcome
