"""Shares out long work to processes that part from this one, each with a connection of its own to the database."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

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
    # A connection serves the process that opened it alone.
    connections.close_all()
    readers: list[Connection] = []
    workers: list[BaseProcess] = []
    try:
        for place in range(processes):
            reader, writer = PARTING.Pipe(duplex=False)
            readers.append(reader)
            share = work, pieces[place::processes], writer, tuple(readers)
            workers.append(PARTING.Process(target=_do_share, args=share, daemon=True))
            workers[-1].start()
            # Or the end of the process would not be the end of what comes from it.
            writer.close()
        for number in range(len(pieces)):
            yield _taken(readers[number % processes], workers[number % processes])
    finally:
        for worker in workers:
            worker.kill()  # nothing where it has ended
            worker.join()
        for reader in readers:
            reader.close()


def _taken(reader: Connection, worker: BaseProcess):
    try:
        outcome, error, cause = reader.recv()
    except (EOFError, OSError):
        worker.join(SECONDS_TO_END)
        raise ProcessDied(_how_it_ended(worker.exitcode)) from None
    if error:
        raise error from cause
    return outcome


def _how_it_ended(code: int | None) -> str:
    return f"信号{-code}" if code and code < 0 else f"退出码{code}"


def _do_share(work: Callable, pieces: Sequence, writer: Connection, readers: Sequence[Connection]) -> None:
    # Whoever interrupts the command reaches all of its processes; the first of them ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Held here, they would hide that nobody takes the outcomes any more.
    for reader in readers:
        reader.close()
    # The end of the first process is theirs too.
    with suppress(BrokenPipeError):
        for piece in pieces:
            writer.send(_outcome(work, piece))


def _outcome(work: Callable, piece) -> tuple:
    """The outcome, or the error with its cause, which would be lost on the way."""
    try:
        return work(piece), None, None
    except Exception as error:  # whoever takes it raises it
        return None, error, error.__cause__
