"""`tally` and `export_report` from the command line."""

import io
import json

import pytest
from django.core.management import call_command

from tests.factories import make_campaign, make_open_poll, make_organization, make_sealed_poll

pytestmark = pytest.mark.django_db
TITLE = "2026年度群众评议"


def run(*arguments):
    """(exit status, standard output, standard error)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def export(path, *, kind="summary", format="pdf", **options):
    more = [part for name, value in options.items() for part in (f"--{name}", value)]
    return run("export_report", "--campaign", TITLE, "--kind", kind, "--format", format, "--output", str(path), *more)


def test_tally_prints_the_format_as_json_and_as_csv():
    make_sealed_poll({"11": 41})

    code, out, _ = run("tally", "--campaign", TITLE)
    _, table, _ = run("tally", "--campaign", TITLE, "--format", "csv")

    assert code == 0
    assert json.loads(out)["format"] == "pingyi-tally/1"
    assert table.startswith("unit,path,level,target,indicator,overall,category,channel,issued,returned,void,valid,")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--campaign", "没有的活动"], "没有名为“没有的活动”的评议活动。"),
        (["--campaign", TITLE, "--unit", "没有的单位"], "没有名为“没有的单位”的单位。"),
    ],
)
def test_an_unknown_name_is_one_line_on_standard_error(arguments, words):
    make_sealed_poll()

    code, out, err = run("tally", *arguments)

    assert (code, out) == (1, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_a_title_of_two_organizers_wants_the_organizer():
    make_sealed_poll({"11": 41})
    make_campaign(make_organization("乙党委"))

    code, _, err = run("tally", "--campaign", TITLE)
    chosen, out, _ = run("tally", "--campaign", f"某局党委/{TITLE}")

    assert code == 1
    assert f"“某局党委/{TITLE}”、“乙党委/{TITLE}”" in err
    by_unit, _, _ = run("tally", "--campaign", TITLE, "--unit", "乙党委")
    assert (chosen, by_unit) == (0, 0)
    assert json.loads(out)["rows"][0]["issued"] == 41


@pytest.mark.parametrize(
    ("kind", "format", "magic"),
    [
        ("summary", "pdf", b"%PDF"),
        ("count-sheet", "pdf", b"%PDF"),
        ("results", "pdf", b"%PDF"),
        ("results", "xlsx", b"PK"),
    ],
)
def test_each_report_is_written(tmp_path, kind, format, magic):
    make_sealed_poll()
    path = tmp_path / "out"

    code, _, err = export(path, kind=kind, format=format, unit="某局党委")

    assert (code, err) == (0, "")
    assert path.read_bytes().startswith(magic)
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_a_report_that_does_not_exist_names_those_that_do(tmp_path):
    make_sealed_poll()

    code, _, err = export(tmp_path / "out", kind="ledger", format="docx")

    assert code == 1
    assert "可以导出：summary pdf、count-sheet pdf、results pdf、results xlsx" in err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_before_the_seal(tmp_path):
    make_open_poll()

    code, _, err = export(tmp_path / "out")

    assert code == 1
    assert "封存以后才有结果" in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_told_in_one_line(tmp_path):
    make_sealed_poll()

    code, _, err = export(tmp_path / "nowhere" / "out.pdf")

    assert code == 1
    assert "不能写入" in err
