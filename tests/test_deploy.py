"""The script that installs: it refuses what it cannot use before it touches anything, and fills in every blank."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "deploy.sh"
FOLDER = ROOT / "scripts" / "deploy"
DOCUMENT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def deploy(*words):
    finished = subprocess.run(["bash", SCRIPT, *words], capture_output=True, text=True, check=False, timeout=120)
    return finished.returncode, finished.stdout + finished.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--site"], "--site 后面要写值"),
        (["--site", "https://pingyi.example.org/"], "只写主机名或者地址"),
        (["--site", "a/b;rm"], "只写主机名或者地址"),
        (["--sight", "x"], "不认识的参数 --sight"),
        (["--site", "x", "--certificate", "/nowhere"], "一起给"),
    ],
)
def test_what_it_cannot_use_it_refuses_at_once(words, told):
    status, output = deploy(*words)

    assert status == 1
    assert told in output
    assert "──" not in output  # no step was begun


def test_it_is_whole_before_any_of_it_runs():
    """A shell reads a script as it goes: one that replaces itself must have read its end."""
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()

    assert lines[-2:] == ['main "$@"', "exit"]
    assert [line for line in lines if line.startswith("main ")] == ['main "$@"']


@pytest.mark.parametrize("name", ["pingyi.env", "nginx-site.conf"])
def test_every_blank_is_filled_in(name):
    blanks = {*re.findall(r"@[A-Z]+@", (FOLDER / name).read_text(encoding="utf-8"))}

    assert blanks and all(blank in SCRIPT.read_text(encoding="utf-8") for blank in blanks)


def test_keys_and_passphrases_are_never_made_anew():
    script = SCRIPT.read_text(encoding="utf-8")

    assert 'if [ ! -f "$ENVIRONMENT" ]; then' in script
    assert 'if [ ! -f "$PASSPHRASE" ]; then' in script
    assert 'elif [ ! -f "$TLS/certificate.pem" ]; then' in script


def test_an_upgrade_backs_up_before_it_stops_or_changes_anything():
    main = SCRIPT.read_text(encoding="utf-8").partition("\nmain() {")[2]
    steps = ["back_up_before_upgrade", "stop_services", "copy_code", "install_program", "place_units"]

    places = [main.index(f"    {step}\n") for step in steps]

    assert places == sorted(places)


def test_an_upgrade_without_a_backup_still_keeps_out_of_the_time_in_which_ballots_are_taken():
    script = SCRIPT.read_text(encoding="utf-8")
    refusing = script[script.index("refuse_while_open() {") :].partition("\n}\n")[0]

    assert "['rehearsing', 'open', 'closed']" in refusing and "fail " in refusing
    assert script.index('if [ -n "$without_backup" ]') < script.index("        refuse_while_open\n")


def test_the_document_names_what_is_there():
    units = {path.stem for path in FOLDER.glob("pingyi-*.service")}

    assert {f"pingyi-{word}" for word in ("web", "worker", "backup")} == units
    assert all(f"`{path}`" in DOCUMENT for path in ("/opt/pingyi.previous", "/etc/pingyi/pingyi.env"))
    assert {*re.findall(r"pingyi (\w+_\w+)", DOCUMENT)} == {"first_administrator", "take_second_factor"}
