"""The command that imports ballots: a line for what was done, a line for each error."""

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from ballots.models import Ballot
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv, votes
from tests.workbooks import saved

pytestmark = pytest.mark.django_db


# The command


def run(capsys, *arguments):
    try:
        call_command("import_ballots", *arguments)
        status = 0
    except SystemExit as end:
        status = end.code
    told = capsys.readouterr()
    return status, told.out.splitlines(), told.err.splitlines()


def on_disk(folder, file):
    path = folder / file.name
    path.write_bytes(file.getvalue())
    return str(path)


def test_the_command_imports_and_says_so_in_one_line(poll, campaign, tmp_path, capsys):
    status, out, err = run(capsys, "--campaign", campaign.title, on_disk(tmp_path, as_csv(ROW, ROW)))

    assert (status, out, err) == (0, ["已导入评议票2张：1个单位，1个票批。"], [])
    assert votes(poll.batches.get()) == {"12": 2}


def test_the_command_tells_each_error_in_a_line_and_writes_nothing(campaign, tmp_path, capsys):
    file = on_disk(tmp_path, as_csv(ROW, [*ROW[:3], "好", "差", ""]))

    status, out, err = run(capsys, "--campaign", campaign.title, file)

    assert (status, out) == (1, [])
    assert [line[:6] for line in err] == ["第3行D列“", "第3行E列“"]
    assert not Ballot.objects.exists()


def test_the_command_refuses_the_same_file_unless_told(campaign, tmp_path, capsys):
    file = on_disk(tmp_path, as_csv(ROW))
    run(capsys, "--campaign", campaign.title, file)

    refused = run(capsys, "--campaign", campaign.title, file)
    again = run(capsys, "--campaign", campaign.title, file, "--again")

    assert refused == (1, [], ["同样内容的文件已经导入过，没有写入；确实是另一些票的，加上 --again 再次导入。"])
    assert again == (0, ["已导入评议票1张：1个单位，1个票批。"], [])
    assert Ballot.objects.count() == 2


@pytest.mark.parametrize(
    ("title", "file", "told"),
    [
        ("没有的评议", "评议票.csv", "没有名为“没有的评议”的评议活动。"),
        ("2026年度群众评议", "没有.csv", "没有文件"),
        ("2026年度群众评议", ".", "读不了文件"),
    ],
)
def test_the_command_says_what_it_cannot_find(campaign, tmp_path, capsys, title, file, told):
    status, out, (line,) = run(capsys, "--campaign", title, str(tmp_path / file))

    assert (status, out) == (1, [])
    assert line.startswith(told)


# Tables as offices make them


def filtered(**hidden):
    """Three ballots in a workbook, the second filtered out or what else is said."""
    book = Workbook()
    for row in (HEADING, ROW, [*ROW[:3], "不满意", "不满意", "不公开"], ROW):
        book.active.append(row)
    for row in hidden.get("rows", (3,)):
        book.active.row_dimensions[row].hidden = True
    for column in hidden.get("columns", ()):
        book.active.column_dimensions[column].hidden = True
    return saved(book, "评议票.xlsx")


@pytest.mark.parametrize(("choice", "count"), [("leave", 2), ("count", 3)])
def test_the_command_asks_about_hidden_rows(poll, campaign, tmp_path, capsys, choice, count):
    path = tmp_path / "评议票.xlsx"
    path.write_bytes(filtered().getvalue())

    with pytest.raises(SystemExit):
        call_command("import_ballots", path, campaign=campaign.title)
    assert "第3行是隐藏的" in capsys.readouterr().err
    assert not Ballot.objects.exists()
    call_command("import_ballots", path, campaign=campaign.title, hidden=choice)

    assert Ballot.objects.count() == count
