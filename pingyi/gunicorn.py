"""How gunicorn serves pingyi: `gunicorn -c python:pingyi.gunicorn pingyi.wsgi`.

Variables: PINGYI_BIND (host:port), PINGYI_WORKERS, PINGYI_THREADS, PINGYI_ACCESS_LOG (a file, or - for standard output),
PINGYI_SECONDS_TO_SEND and PINGYI_IDLE_CONNECTIONS (of one address, in one process), see `front`.
There is no access log unless it is asked for: who asked when is what a secret ballot must not keep (DESIGN 6).
"""

import ctypes
import logging
import os
from contextlib import suppress

from gunicorn.glogging import Logger

from . import failures, notices  # noqa: F401  their memory is shared by the processes that part from this one
from .logs import mask_codes


class MaskingFormatter(logging.Formatter):
    """Masks ballot codes in the whole of a line, a traceback and a referring page included."""

    def format(self, record):
        return mask_codes(super().format(record))


class MaskingLogger(Logger):
    """gunicorn's own logger, all of whose lines pass through the mask."""

    def _set_handler(self, log, output, fmt, stream=None):
        masking = MaskingFormatter(fmt._fmt, fmt.datefmt)
        super()._set_handler(log, output, masking, stream)


def share_memory_among_threads() -> None:
    """Let the threads of a process give memory back to two stores instead of one each.

    A thread's own store keeps what its largest document took: four that draw a 小结 in turn hold 430 MB, else 280.
    """
    with suppress(AttributeError):  # a system without glibc
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


share_memory_among_threads()

# Nobody looks at a page that does not come for longer than a few seconds; a command may wait.
os.environ.setdefault("PINGYI_LOCK_SECONDS", "4")

bind = os.environ.get("PINGYI_BIND", "127.0.0.1:8000")
worker_class = "pingyi.front.FrontWorker"
workers = int(os.environ.get("PINGYI_WORKERS", "2"))
threads = int(os.environ.get("PINGYI_THREADS", "4"))
# The loop that says it is alive shares a processor with the threads, one of which may be drawing a long PDF.
timeout = 120
control_socket_disable = True
logger_class = MaskingLogger
loglevel = "warning"
accesslog = os.environ.get("PINGYI_ACCESS_LOG") or None
