"""gunicorn as in use, on a port of its own, for as long as something is measured."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .children import ROOT, environment

WORKERS, THREADS = 2, 4
SECONDS_TO_START = 180


@dataclass(frozen=True)
class Server:
    """A running server by its port and its first process."""

    port: int
    process: int


@contextmanager
def serving(url: str, *, settings: str = "pingyi.settings", **variables: str) -> Iterator[Server]:
    """Serve a database; the server is ended afterwards whatever happened."""
    port = _free_port()
    variables |= {
        "DJANGO_SETTINGS_MODULE": settings,
        "PINGYI_BIND": f"127.0.0.1:{port}",
        "PINGYI_WORKERS": str(WORKERS),
        "PINGYI_THREADS": str(THREADS),
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:pingyi.gunicorn",
        "django.core.wsgi:get_wsgi_application()",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(url, **variables), stdin=subprocess.DEVNULL)
    try:
        _wait(server, port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: subprocess.Popen, port: int) -> None:
    """Return when the server answers, with any status; both workers have started by then or soon after."""
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
        try:
            connection.request("GET", "/v/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("gunicorn did not start")
