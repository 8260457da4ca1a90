"""An office without network installs from one archive, each wheel by its hash."""

import importlib
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Nothing listens there: whoever asks a registry is refused at once, even where the network could not be cut.
NOWHERE = "http://127.0.0.1:9"
PINNED = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)


@pytest.fixture
def bundle(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("bundle")


def pinned(text):
    return {name.lower().replace("_", "-"): version for name, version in PINNED.findall(text)}


def test_the_list_has_what_the_application_wants_and_a_hash_of_each(bundle):
    listed = bundle.LOCK.read_text(encoding="utf-8")
    wanted = pinned(bundle.running_requirements())

    assert {name: pinned(listed).get(name) for name in wanted} == wanted
    entries = re.split(r"\n(?=\w)", listed.strip())
    assert len(entries) == len(pinned(listed)) > len(wanted)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_tests_alone_want_stays_at_home(bundle):
    assert "pytest" not in pinned(bundle.LOCK.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("pingyi/manage.py", True),
        ("pingyi/scripts/deploy.sh", True),
        ("pingyi/.git", False),
        ("pingyi/var", False),
        ("pingyi/reports/__pycache__", False),
        ("pingyi/.venv", False),
    ],
)
def test_nothing_generated_goes_along(bundle, name, is_kept):
    member = tarfile.TarInfo(name)
    member.uid = 1000

    assert (bundle.kept(member) is not None) is is_kept
    assert not is_kept or member.uid == 0


def without_network():
    """The words before a command that cut its network, where this account may; the dead proxy stays anyhow."""
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0:
            return words
    return []


def set_up(tree, var):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PINGYI_", "PIP_", "DATABASE_"))}
    return subprocess.run(
        [*without_network(), sys.executable, "scripts/setup.py", "--without-database"],
        cwd=tree,
        env=kept
        | {
            "PINGYI_NO_INSTALL": "1",
            "PINGYI_VAR": str(var),
            "PIP_NO_CACHE_DIR": "1",
            "PIP_NO_COMPILE": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }
        | dict.fromkeys(("http_proxy", "https_proxy"), NOWHERE),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_an_office_without_network_installs_from_the_archive_and_a_changed_wheel_is_refused(bundle, tmp_path):
    bundle.make_bundle(tmp_path / "pingyi-bundle.tar.gz")
    with tarfile.open(tmp_path / "pingyi-bundle.tar.gz") as archive:
        archive.extractall(tmp_path)
    tree, var = tmp_path / "pingyi", tmp_path / "var"
    (wheel,) = (tree / "bundled" / "wheels").glob("segno-*.whl")
    right = wheel.read_bytes()

    wheel.write_bytes(right + b"x")
    refused = set_up(tree, var)
    wheel.write_bytes(right)
    installed = set_up(tree, var)

    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr and "requirements.lock" in refused.stderr
    assert installed.returncode == 0, installed.stderr
    asked = [tree / ".venv" / "bin" / "python", "-c", "import django, segno, weasyprint, prometheus_client"]
    assert subprocess.run(asked, check=False).returncode == 0
    assert (var / "fonts" / "FandolFang-Regular.otf").stat().st_size > 10**6
    ours = ROOT / "var" / "vendor" / "bootstrap" / "css" / "bootstrap.min.css"
    assert (var / ours.relative_to(ROOT / "var")).read_bytes() == ours.read_bytes()
