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


@pytest.fixture
def npm(setup, monkeypatch, tmp_path):
    """A registry with these packages, each a list of files with their texts; and the names that were asked for."""
    packages = {
        setup.BOOTSTRAP_NPM: {"scss/_part.scss": ".theirs { color: $accent; }\n"},
        setup.ICONS_NPM: {"icons/lock.svg": '<svg width="16" viewBox="0 0 16 16">\n  <path d="M8 1"/>\n</svg>'},
    }
    asked, runs = [], setup._runs

    def npm_or_runs(*command, cwd=setup.ROOT):
        if command[0] != "npm":
            return runs(*command, cwd=cwd)
        asked.append(command[-1])
        for name, text in packages.get(command[-1], {}).items():
            (cwd / "package" / name).parent.mkdir(parents=True)
            (cwd / "package" / name).write_text(text)
            with tarfile.open(cwd / "package.tgz", "w:gz") as archive:
                archive.add(cwd / "package", "package")
        return command[-1] in packages

    styles = tmp_path / "styles"
    styles.mkdir()
    (styles / "bootstrap.scss").write_text(
        '@import "part";\n.ours { color: $accent; }\n@if $icon-lock { .locked { mask: $icon-lock; } }\n'
    )
    palette = tmp_path / "colours.css"
    palette.write_text(":root {\n  --accent: #b3261e;\n}\n@media screen {\n  :root {\n    --accent: #ff968c;\n  }\n}\n")
    monkeypatch.setattr(setup, "STYLES", styles)
    monkeypatch.setattr(setup, "PALETTE", palette)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(setup, "_runs", npm_or_runs)
    return packages, asked


def test_bootstrap_is_compiled_from_its_sass_where_npm_brings_it_and_made_again_when_a_colour_changes(
    setup, npm, tmp_path
):
    _, asked = npm
    setup.make_bootstrap()
    first = stylesheet(tmp_path)
    setup.make_bootstrap()
    setup.PALETTE.write_text(setup.PALETTE.read_text().replace("#b3261e", "#8c1d18"))
    setup.make_bootstrap()

    assert ".theirs{color:#b3261e}.ours{color:#b3261e}" in first
    assert ".theirs{color:#8c1d18}.ours{color:#8c1d18}" in stylesheet(tmp_path)
    assert asked == [setup.BOOTSTRAP_NPM, setup.ICONS_NPM] * 2


def test_icons_are_drawn_in_the_stylesheet_and_their_words_stand_alone_without_the_package(setup, npm, tmp_path):
    packages, _ = npm
    setup.make_bootstrap()
    drawn = stylesheet(tmp_path)
    del packages[setup.ICONS_NPM]
    (tmp_path / "vendor/bootstrap" / setup.BOOTSTRAP_FILE).unlink()

    assert setup.make_bootstrap() is None
    assert "data:image/svg+xml,%3csvg viewBox='0 0 16 16'%3e%3cpath d='M8 1'/%3e%3c/svg%3e" in drawn
    assert ".ours{" in stylesheet(tmp_path)
    assert "locked" not in stylesheet(tmp_path)


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
