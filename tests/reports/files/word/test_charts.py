"""The bars of the Word file are the rates of the table above them, in the chart and in the workbook behind it."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from reports.files import word
from reports.files.word import draw_from_template, draw_sample_template
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import make_sealed_poll
from tests.reports.files.test_layout import make_members_poll
from tests.reports.files.word.documents import cells, opened

pytestmark = pytest.mark.django_db
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def content_of(poll):
    return summary_of(Scope.of_poll(poll))


def parts(body, folder):
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return [packed.read(name) for name in sorted(packed.namelist()) if name.startswith(folder)]


def series(chart):
    """(label, names of the bars, values) of each part of the bars, as a reader shows them without the workbook."""
    for entry in ElementTree.fromstring(chart).iter(f"{C}ser"):
        texts = [[value.text for value in entry.find(path).iter(f"{C}v")] for path in (f"{C}tx", f"{C}cat", f"{C}val")]
        yield texts[0][0], texts[1], [float(value) for value in texts[2]]


def rates(table):
    """The rates that a Word table prints, by grade and line."""
    heads, _, *lines = cells(table)
    columns = [place for place, head in enumerate(heads) if place and head == heads[place - 1]]
    return [(heads[place], [line[0] for line in lines], [float(line[place]) for line in lines]) for place in columns]


def test_the_bars_are_the_rates_of_the_table():
    content = content_of(make_sealed_poll({"11": 39, "12": 1, "1-": 1}))
    body = word.draw_summary_docx(content)
    (table,) = opened(content).tables

    (chart,) = parts(body, "word/charts/chart")
    (book,) = parts(body, "word/embeddings/")
    drawn = [(label, names, [round(100 * value, 4) for value in values]) for label, names, values in series(chart)]
    behind = list(load_workbook(io.BytesIO(book)).worksheets[0].values)[:3]

    assert drawn == rates(table) and len(drawn) == 4
    assert list(behind[0][1:]) == [label for label, *_ in drawn]
    assert [round(100 * value, 4) for value in behind[1][1:5]] == [values[0] for *_, values in drawn]


def test_the_chart_says_in_words_what_it_shows():
    document = opened(content_of(make_sealed_poll({"11": 39, "12": 1, "1-": 1})))

    (words,) = re.findall(r'descr="([^"]*)"', document.element.xml)

    assert "总体评价：满意95.1%，基本满意2.4%，不满意0.0%，弃权2.4%" in words


def test_a_table_with_too_many_rows_has_no_chart_and_a_template_has_the_same_one():
    many, few = content_of(make_members_poll(13)), content_of(make_sealed_poll({"11": 7, "33": 5}))

    assert not parts(word.draw_summary_docx(many), "word/charts/")
    standard = parts(word.draw_summary_docx(few), "word/charts/chart")
    own = parts(draw_from_template(few, template=draw_sample_template()), "word/charts/chart")
    assert len(standard) == 1 and standard == own


def test_a_bars_label_says_its_rate_and_nothing_else():
    (chart,) = parts(word.draw_summary_docx(content_of(make_sealed_poll({"11": 7, "33": 5}))), "word/charts/chart")

    for labels in ElementTree.fromstring(chart).iter(f"{C}dLbls"):
        shown = {entry.tag.removeprefix(C): entry.get("val") for entry in labels if "show" in entry.tag}
        assert {name for name, value in shown.items() if value == "1"} == {"showVal"} and len(shown) == 6
