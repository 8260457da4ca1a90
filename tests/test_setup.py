"""The set-up goes on with what works, says what is missing, and mends itself when the missing thing turns up."""

import importlib
import socket
import sys
import tarfile
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


def stylesheet(folder):
    return (folder / "vendor/bootstrap/css/bootstrap.min.css").read_text(encoding="utf-8")


def test_without_bootstrap_pages_find_an_empty_file_and_the_note_says_what_to_install(setup, monkeypatch, tmp_path):
    monkeypatch.setattr(setup.packages, "bootstrap_folder", lambda: None)

    note = setup.make_bootstrap()

    assert "libjs-bootstrap5" in note
    assert stylesheet(tmp_path) == setup.STAND_IN


def test_a_ready_made_bootstrap_replaces_the_stand_in_in_our_colours_and_without_the_reference_to_its_map(
    setup, monkeypatch, tmp_path
):
    ready_made = tmp_path / "system" / setup.BOOTSTRAP_FILE
    ready_made.parent.mkdir(parents=True)
    ready_made.write_text("a{b:c}\n/*# sourceMappingURL=b.css.map */\n")
    monkeypatch.setattr(setup.packages, "bootstrap_folder", lambda: None)
    setup.make_bootstrap()
    monkeypatch.setattr(setup.packages, "bootstrap_folder", lambda: tmp_path / "system")

    note = setup.make_bootstrap()

    assert note is None
    assert "a{b:c}" in stylesheet(tmp_path)
    assert "--bs-btn-bg: var(--accent)" in stylesheet(tmp_path)
    assert "sourceMappingURL" not in stylesheet(tmp_path)


def test_bootstrap_is_compiled_from_its_sass_where_npm_brings_it_and_made_again_when_a_colour_changes(
    setup, monkeypatch, tmp_path
):
    fetched = []
    palette = tmp_path / "colours.css"
    palette.write_text(":root {\n  --accent: #b3261e;\n}\n@media screen {\n  :root {\n    --accent: #ff968c;\n  }\n}\n")
    styles = tmp_path / "styles"
    styles.mkdir()
    (styles / "bootstrap.scss").write_text('@import "part";\n.ours { color: $accent; }\n')
    monkeypatch.setattr(setup, "PALETTE", palette)
    monkeypatch.setattr(setup, "STYLES", styles)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    runs = setup._runs

    def npm_or_runs(*command, cwd=setup.ROOT):
        if command[0] != "npm":
            return runs(*command, cwd=cwd)
        fetched.append(command[-1])
        (tmp_path / "package/scss").mkdir(parents=True, exist_ok=True)
        (tmp_path / "package/scss/_part.scss").write_text(".theirs { color: $accent; }\n")
        with tarfile.open(cwd / "bootstrap.tgz", "w:gz") as archive:
            archive.add(tmp_path / "package", "package")
        return True

    monkeypatch.setattr(setup, "_runs", npm_or_runs)

    setup.make_bootstrap()
    first = stylesheet(tmp_path)
    setup.make_bootstrap()
    palette.write_text(palette.read_text().replace("#b3261e", "#8c1d18"))
    setup.make_bootstrap()

    assert first.splitlines()[1] == ".theirs{color:#b3261e}.ours{color:#b3261e}"
    assert stylesheet(tmp_path).splitlines()[1] == ".theirs{color:#8c1d18}.ours{color:#8c1d18}"
    assert fetched == [setup.BOOTSTRAP_NPM] * 2


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
