"""The template that offices fill in, and the command that writes it."""

import pytest
from django.core.management import CommandError, call_command

from campaigns.roster.layout import SHEETS
from campaigns.roster.reading import read_workbook
from tests.campaigns.roster.refusals import errors_of
from tests.workbooks import make_roster, template_book

pytestmark = pytest.mark.django_db


def test_the_template_is_written_by_the_command(tmp_path, capsys):
    path = tmp_path / "名册.xlsx"

    call_command("roster_template", str(path))

    assert path.stat().st_size > 0
    assert template_book().sheetnames == ["说明", "组织", "党员", "承诺"]
    assert read_workbook(path.open("rb")).rows == {"组织": [], "党员": [], "承诺": []}


@pytest.mark.parametrize("name", ["名册.xls", "没有的文件夹/名册.xlsx"])
def test_the_command_says_where_it_cannot_write(tmp_path, name):
    with pytest.raises(CommandError):
        call_command("roster_template", str(tmp_path / name))

    assert list(tmp_path.iterdir()) == []


def test_a_template_with_nothing_in_it_is_told():
    assert errors_of(make_roster()) == [("", None, "", "三张工作表都没有内容，没有可导入的。")]


def test_the_template_offers_the_words_that_the_reader_knows():
    book = template_book()

    lists = {
        (sheet.name, column.heading): validation.formula1.strip('"').split(",")
        for sheet in SHEETS
        for column, validation in zip(sheet.columns, book[sheet.name].data_validations.dataValidation, strict=True)
        if validation.type == "list"
    }

    assert book.sheetnames == ["说明", "组织", "党员", "承诺"]
    assert lists == {
        (sheet.name, column.heading): column.choices.labels
        for sheet in SHEETS
        for column in sheet.columns
        if column.choices
    }


def test_the_examples_of_the_instructions_import():
    examples = {sheet.name: [sheet.example] for sheet in SHEETS}

    reading = read_workbook(
        make_roster([("某局党委", "党委", ""), *examples["组织"]], examples["党员"], examples["承诺"])
    )

    assert reading.errors == []
