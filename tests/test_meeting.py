"""The meeting kit: one laptop, a hotspot, and an address that phones can reach."""

import importlib
import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WIFI, CABLE, BRIDGE, PUBLIC = (
    ("wlan0", "192.168.43.7"),
    ("eth0", "10.1.2.3"),
    ("docker0", "172.17.0.1"),
    ("eth1", "8.8.4.4"),
)


@pytest.fixture
def meeting(monkeypatch, tmp_path):
    """The script on a laptop whose wlan0 is Wi-Fi."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    module = importlib.import_module("meeting")
    (tmp_path / "wlan0" / "wireless").mkdir(parents=True)
    monkeypatch.setattr(module, "NETWORKS", tmp_path)
    monkeypatch.delenv("PINGYI_BACKUP_PASSPHRASE", raising=False)
    return module


@pytest.mark.parametrize(
    ("wanted", "known", "expected"),
    [
        ("1", [CABLE, WIFI, BRIDGE], (WIFI[1], [CABLE[1]])),
        ("1", [PUBLIC, CABLE], (CABLE[1], [PUBLIC[1]])),
        ("1", [BRIDGE, CABLE], (CABLE[1], [])),
        (CABLE[1], [CABLE, WIFI], (CABLE[1], [WIFI[1]])),
        # Whoever names it knows why.
        (BRIDGE[1], [BRIDGE, WIFI], (BRIDGE[1], [WIFI[1]])),
    ],
)
def test_the_address_is_the_one_that_phones_are_likeliest_to_reach(meeting, wanted, known, expected):
    assert meeting.choose(wanted, known) == expected


@pytest.mark.parametrize(
    ("wanted", "known", "told"),
    [("1", [BRIDGE], "打开它自己的热点"), ("1", [], "没有找到"), ("192.168.1.99", [WIFI], WIFI[1])],
)
def test_without_an_address_it_says_what_to_do(meeting, wanted, known, told):
    with pytest.raises(meeting.MeetingError, match=told):
        meeting.choose(wanted, known)


def test_the_laptop_knows_its_own_addresses_and_leaves_the_loopback_out(meeting, monkeypatch):
    def no_traffic(*_):
        raise AssertionError("something is sent")

    for name in ("connect", "sendto", "send"):
        monkeypatch.setattr(socket.socket, name, no_traffic)

    assert not [address for _, address in meeting.interfaces() if address.startswith("127.")]


@pytest.mark.parametrize(("passphrase", "is_backed_up"), [("", False), ("一份十二个字以上的备份口令", True)])
def test_the_server_is_told_the_address_and_to_back_up_where_there_is_a_passphrase(meeting, passphrase, is_backed_up):
    told = meeting.settings_of("192.168.43.7", "8000", passphrase)

    assert told["PINGYI_SITE"] == "http://192.168.43.7:8000"
    assert told["PINGYI_HOSTS"].split(",")[0] == "192.168.43.7"
    assert told["PINGYI_BIND"] == "0.0.0.0:8000"
    assert ("PINGYI_SEAL_BACKUPS" in told, "PINGYI_BACKUP_PASSPHRASE" in told) == (is_backed_up, is_backed_up)


def test_a_passphrase_that_is_too_short_is_refused_before_the_meeting(meeting, monkeypatch):
    monkeypatch.setenv("PINGYI_BACKUP_PASSPHRASE", "short")

    with pytest.raises(meeting.MeetingError, match="至少12个字"):
        meeting.ask_for_passphrase()


def test_without_a_terminal_nobody_is_asked(meeting):
    assert meeting.ask_for_passphrase() == ""


def test_the_terminal_shows_the_address_with_its_code(meeting, capsys):
    meeting.print_welcome("http://192.168.43.7:8000", ["10.1.2.3"], is_backed_up=False)

    told = capsys.readouterr().out
    assert "http://192.168.43.7:8000/" in told and "MEETING=10.1.2.3" in told
    assert sum(any(block in line for block in "█▀▄") for line in told.splitlines()) > 10


@pytest.mark.parametrize("is_able", [True, False])
def test_the_laptop_is_kept_awake_where_it_can_be(meeting, monkeypatch, tmp_path, capsys, is_able):
    program = tmp_path / "systemd-inhibit"
    program.write_text(f"#!/bin/sh\nexit {0 if is_able else 1}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    words = meeting.words_to_stay_awake()

    assert words == ([*meeting.AWAKE] if is_able else [])
    assert ("关掉自动休眠" in capsys.readouterr().out) is not is_able


def test_a_make_with_a_meeting_runs_the_kit():
    told = subprocess.run(
        ["make", "-n", "run", "MEETING=1", "PORT=8123"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert "PINGYI_BIND=127.0.0.1:8123 MEETING=1 exec .venv/bin/python scripts/meeting.py" in told


def test_no_process_that_answers_the_network_keeps_the_passphrase(meeting, monkeypatch):
    serve, commands = importlib.import_module("serve"), []
    monkeypatch.setenv("PINGYI_BACKUP_PASSPHRASE", "一份十二个字以上的备份口令")
    monkeypatch.setenv("PINGYI_BIND", "")

    class Pair:
        is_ending = True

        def __init__(self, server, helper, passed):
            commands.extend([server, helper])

        def run(self):
            return 0

    monkeypatch.setattr(serve, "Pair", Pair)
    with socket.socket() as door:
        serve.serve(door)

    asked = ["sh", "-c", 'echo "${PINGYI_BACKUP_PASSPHRASE-none}"']
    told = [subprocess.check_output([*before, *asked], text=True).strip() for before in (commands[0][:3], [])]
    assert told == ["none", "一份十二个字以上的备份口令"]
