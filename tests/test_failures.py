"""Failed requests are counted in all processes of a server together."""

import os

from pingyi.failures import Failure, failure_count, note_failure


def test_what_another_process_counted_is_in_the_sum():
    before = {kind: failure_count(kind) for kind in Failure}

    note_failure(Failure.BUSY)
    if not (child := os.fork()):
        note_failure(Failure.BUSY)
        note_failure(Failure.ERROR)
        os._exit(0)
    os.waitpid(child, 0)

    counted = {kind: failure_count(kind) - before[kind] for kind in Failure}
    assert counted == {Failure.ERROR: 1, Failure.BUSY: 2}
