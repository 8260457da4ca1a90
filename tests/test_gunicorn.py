"""The web server's logs: nothing in them tells a ballot code or a participant."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = "K7M2PQ9X"
APPLICATION = f"""
def application(environ, start_response):
    if environ["QUERY_STRING"] == "fail":
        raise ValueError("no ballot at /v/{CODE}/send")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def server(tmp_path):
    """A gunicorn with the project's configuration and its access log switched on; yields (address, log path)."""
    (tmp_path / "failing.py").write_text(APPLICATION)
    address, log = tmp_path / "socket", tmp_path / "log"
    environment = os.environ | {"PINGYI_ACCESS_LOG": "-", "PINGYI_WORKERS": "1", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = [sys.executable, "-m", "gunicorn", "-c", "python:pingyi.gunicorn", "--bind", f"unix:{address}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--log-level", "debug", "failing"], env=environment, cwd=tmp_path, stdout=output, stderr=output
        )
        while not answers(address):
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield address, log
        process.terminate()
        process.wait()


def answers(address):
    """Whether the server takes connections. Its socket's file is there a moment before it listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(address))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True


def ask(address, request):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(address))
        connection.sendall(request.encode())
        answer = b""
        while chunk := connection.recv(4096):
            answer += chunk
    return answer.decode()


def test_no_log_line_carries_a_ballot_code(server):
    address, log = server
    head = f"Host: x\r\nReferer: http://x/v/{CODE}\r\nUser-Agent: Old Phone\r\nConnection: close\r\n\r\n"

    good = ask(address, f"GET /v/{CODE} HTTP/1.1\r\n{head}")
    failed = ask(address, f"POST /v/{CODE}/send?fail HTTP/1.1\r\n{head}")
    malformed = ask(address, f"GET /v/{CODE} HTTP/x\r\n{head}")

    written = log.read_text()
    assert [answer.split()[1] for answer in (good, failed, malformed)] == ["200", "500", "400"]
    assert "GET /v/******" in written
    assert "ValueError: no ballot at /v/******/send" in written
    assert CODE not in written
    assert "Old Phone" not in written


def test_there_is_no_access_log_unless_it_is_asked_for(monkeypatch):
    monkeypatch.delenv("PINGYI_ACCESS_LOG", raising=False)

    printed = subprocess.run(
        [sys.executable, "-c", "from pingyi import gunicorn; print(gunicorn.accesslog)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed.strip() == "None"


@pytest.mark.parametrize(("set_to", "seconds"), [({}, "4"), ({"PINGYI_LOCK_SECONDS": "9"}, "9")])
def test_a_page_waits_for_the_database_a_few_seconds_unless_it_is_told_otherwise(
    monkeypatch, tmp_path, set_to, seconds
):
    monkeypatch.delenv("PINGYI_LOCK_SECONDS", raising=False)
    environment = os.environ | {"PINGYI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pingyi.settings"} | set_to
    program = "from pingyi import gunicorn; from django.conf import settings; print(settings.LOCK_SECONDS)"

    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout

    assert printed.strip() == seconds


STORES = """
import ctypes, sys, threading
import pingyi.gunicorn
libc, meeting = ctypes.CDLL(None), threading.Barrier(8)
libc.fopen.restype = ctypes.c_void_p
def allocate():
    ctypes.create_string_buffer(100_000)
    meeting.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file), libc.fclose(file)
"""


def test_the_threads_of_a_process_share_two_stores_of_memory(tmp_path):
    described = tmp_path / "stores.xml"

    subprocess.run([sys.executable, "-c", STORES, described], cwd=ROOT, check=True)

    assert described.read_text().count("<heap nr=") <= 2
