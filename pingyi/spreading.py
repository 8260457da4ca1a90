"""Shares out long work to processes that part from this one, each with a connection of its own to the database."""

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from django.db import connection, connections

# They begin with all that is loaded here: to load it anew would take longer than many a share.
PARTING = get_context("fork")
SECONDS_TO_END = 5

Piece = TypeVar("Piece")
Outcome = TypeVar("Outcome")


class ProcessDied(Exception):
    """A process that ended before its share was done; the message says how, in Chinese."""


def can_spread() -> bool:
    """Whether other processes see what this one does: they see nothing of a transaction that is under way."""
    return not connection.in_atomic_block


def spread(work: Callable[[Piece], Outcome], pieces: Sequence[Piece], processes: int) -> Iterator[Outcome]:
    """`work` of each piece, in the order of the pieces.

    A process that is ahead waits until its outcomes are taken, so that few are held at a time. Raises what `work` raises,
    and ProcessDied where a process is killed; in the end none is left behind.
    """
    workers: list[_Worker] = []
    try:
        for place in range(processes):
            workers.append(_Worker(partial(map, work, pieces[place::processes]), beside=workers))
        for number in range(len(pieces)):
            yield workers[number % processes].take()
    finally:
        for worker in workers:
            worker.end()


@contextmanager
def made_beside(outcomes: Callable[[], Iterable[Outcome]]) -> Iterator[Iterator[Outcome]]:
    """The outcomes, which a process of its own makes meanwhile as far as they are taken; it fails as `spread` does."""
    worker = _Worker(outcomes)
    try:
        yield iter(worker.take, None)
    finally:
        worker.end()


class _Worker:
    """A process that makes outcomes, none of them None, and the end of the pipe from which they are taken."""

    def __init__(self, outcomes: Callable[[], Iterable], *, beside: Iterable["_Worker"] = ()):
        # A connection to the database serves the process that opened it alone.
        connections.close_all()
        self._reader, writer = PARTING.Pipe(duplex=False)
        readers = self._reader, *(worker._reader for worker in beside)
        self._process = PARTING.Process(target=_send_outcomes, args=(outcomes, writer, readers), daemon=True)
        self._process.start()
        # Or the end of the process would not be the end of what comes from it.
        writer.close()

    def take(self) -> Any:
        """The next outcome; None behind the last."""
        try:
            outcome, error, cause = self._reader.recv()
        except (EOFError, OSError):
            self._process.join(SECONDS_TO_END)
            raise ProcessDied(_how_it_ended(self._process.exitcode)) from None
        if error:
            raise error from cause
        return outcome

    def end(self) -> None:
        self._process.kill()  # nothing where it has ended
        self._process.join()
        self._reader.close()


def _how_it_ended(code: int | None) -> str:
    return f"信号{-code}" if code and code < 0 else f"退出码{code}"


def _send_outcomes(outcomes: Callable[[], Iterable], writer: Connection, readers: Iterable[Connection]) -> None:
    # Whoever interrupts the command reaches all of its processes; the first of them ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Held here, they would hide that nobody takes the outcomes any more.
    for reader in readers:
        reader.close()
    # The end of the first process is theirs too.
    with suppress(BrokenPipeError):
        try:
            for outcome in outcomes():
                writer.send((outcome, None, None))
            writer.send((None, None, None))
        except BrokenPipeError:
            raise
        except Exception as error:  # whoever takes it raises it; its cause would be lost on the way
            writer.send((None, error, error.__cause__))
