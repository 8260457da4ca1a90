"""Runs a server with a helper beside it: the helper is started again when it ends, and ends with the server."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

SECONDS_BETWEEN_STARTS = 3
# The helper may finish what it is at.
SECONDS_TO_END = 30
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class Pair:
    """Both processes, from the start to the end of the server, which gets the sockets that are passed on."""

    def __init__(self, server: Sequence[str], helper: Sequence[str], passed: Sequence[int] = ()):
        self._server, self._helper = _start(server, passed), _start(helper)
        self._helper_command = helper
        self.is_ending = False

    def run(self) -> int:
        """Wait for the server; returns its exit code, as a shell gives it. Who is told to end tells the server."""
        before = {number: signal.signal(number, self._end_server) for number in ENDINGS}
        try:
            return self._wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _wait(self) -> int:
        while True:
            ended, status = os.waitpid(-1, 0)
            if ended == self._server:
                break
            if ended == self._helper:
                self._restart_helper()
        self._end_helper()
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code

    def _end_server(self, number, _):
        self.is_ending = True
        # To gunicorn a closed terminal would mean: begin anew.
        _tell(self._server, signal.SIGTERM if number == signal.SIGHUP else number)

    def _restart_helper(self):
        self._helper = None
        if not self.is_ending:
            print("后台导出程序意外结束，正在重新启动。", file=sys.stderr, flush=True)
            time.sleep(SECONDS_BETWEEN_STARTS)
        if not self.is_ending:
            self._helper = _start(self._helper_command)

    def _end_helper(self):
        if self._helper is None:
            return
        _tell(self._helper, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        while os.waitpid(self._helper, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                _tell(self._helper, signal.SIGKILL)
            time.sleep(0.05)


def _start(command: Sequence[str], passed: Sequence[int] = ()) -> int:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_end_with_parent, pass_fds=passed)
    process.returncode = 0  # it is `Pair` that waits for it
    return process.pid


def _end_with_parent():
    """Where this program is killed, neither of the two stays behind with the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _tell(process: int, number: int):
    with suppress(ProcessLookupError):
        os.kill(process, number)
