"""The set-up goes on with what works, says what is missing, and mends itself when the missing thing turns up."""

import importlib
import socket
import sys
from pathlib import Path

import pytest

SCRIPTS = str(Path(__file__).resolve().parent.parent / "scripts")


@pytest.fixture
def setup(monkeypatch, tmp_path):
    """The set-up script with an empty var/ and no way to fetch anything."""
    monkeypatch.syspath_prepend(SCRIPTS)
    for name in ("setup", "packages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module("setup")
    monkeypatch.setattr(module, "VAR", tmp_path)
    monkeypatch.setenv("PINGYI_NO_INSTALL", "1")
    monkeypatch.setenv("PATH", "")
    return module


def test_without_bootstrap_pages_find_empty_files_and_the_note_says_what_to_install(setup, monkeypatch, tmp_path):
    monkeypatch.setattr(setup.packages, "bootstrap_folder", lambda: None)

    note = setup.copy_bootstrap()

    assert "libjs-bootstrap5" in note
    assert (tmp_path / "vendor/bootstrap/css/bootstrap.min.css").read_text() == setup.STAND_IN


def test_bootstrap_replaces_its_stand_in_and_loses_the_reference_to_its_map(setup, monkeypatch, tmp_path):
    source = tmp_path / "system"
    style = "a{b:c}" * 50
    for name, end in zip(
        setup.BOOTSTRAP_FILES, ("/*# sourceMappingURL=b.css.map */", "//# sourceMappingURL=b.js.map"), strict=True
    ):
        (source / name).parent.mkdir(parents=True)
        (source / name).write_text(f"{style}\n{end}\n")
    monkeypatch.setattr(setup.packages, "bootstrap_folder", lambda: None)
    setup.copy_bootstrap()
    monkeypatch.setattr(setup.packages, "bootstrap_folder", lambda: source)

    note = setup.copy_bootstrap()

    copied = [(tmp_path / "vendor/bootstrap" / name).read_text() for name in setup.BOOTSTRAP_FILES]
    assert note is None
    assert copied == [f"{style}\n", f"{style}\n"]


def test_without_the_official_faces_the_note_says_what_stands_in(setup, monkeypatch):
    monkeypatch.setattr(setup, "FONT_FOLDER", "nowhere")

    assert "Noto" in setup.copy_fonts()


def test_missing_software_is_told_on_one_screen_with_the_command_that_mends_it(setup, capsys):
    needs = [*setup.packages.TO_RUN, *setup.packages.TO_TEST]

    setup.report(needs, ["字体未取得。", "Bootstrap 未取得。"])

    told = capsys.readouterr().out
    assert len(told.splitlines()) <= 24
    assert "apt-get install -y --no-install-recommends python3-venv ca-certificates libpango-1.0-0" in told
    assert all(need.package in told for need in needs)


def test_nothing_is_told_when_nothing_is_missing(setup, capsys):
    setup.report([], [])

    assert capsys.readouterr().out == ""


def test_a_port_in_use_is_told_with_the_way_out(setup, monkeypatch):
    serve = importlib.import_module("serve")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        monkeypatch.setattr(serve, "PORT", port)

        problem = serve.address_problem()

    assert f"端口 {port} 已被占用" in problem
    assert serve.address_problem() is None
