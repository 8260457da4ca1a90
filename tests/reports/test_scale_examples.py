"""The scales of published results, each from the page on which a secretary writes it to the results (and 弃权 said once)."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from ballots.actions import open_campaign
from ballots.counting import judgement, sealing
from ballots.counting.tally import CellCount, CountedGrade
from campaigns import actions
from reports.files import excel, pdf
from reports.report import content_of_poll, summary_of
from reports.results.poll import results_of
from reports.scope import Scope
from tests.campaigns.test_scales import sent
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_cast, make_organization
from tests.reports.files.test_pdf import text_of
from tests.reports.summary.worded import paragraphs_of
from tests.words import words

pytestmark = pytest.mark.django_db


def of(*labels, positive, scores=()):
    """Rows of the page; the first so many are 满意范围."""
    return [(label, place < positive, str(scores[place]) if scores else "") for place, label in enumerate(labels)]


CONSENT = of("同意", "不同意", "弃权", positive=1)
EXAMPLES = {
    "不太满意": (of("满意", "基本满意", "不太满意", "不满意", positive=2), "满意率", "综合满意率"),
    "比较满意": (of("满意", "比较满意", "一般", "不满意", positive=2), "满意率", "综合满意率"),
    "非常满意": (of("非常满意", "满意", "基本满意", "不满意", positive=3), "非常满意率", "基本满意以上率"),
    "分值": (
        of("很满意", "满意", "基本满意", "不太满意", "不满意", positive=3, scores=(100, 80, 60, 30, 0)),
        "很满意率",
        "基本满意以上率",
    ),
    "优秀": (of("优秀", "称职", "基本称职", "不称职", positive=2), "优秀率", "称职以上率"),
    "称职": (of("称职", "基本称职", "不称职", positive=2), "称职率", "基本称职以上率"),
    "两档": (of("满意", "不满意", positive=1), "满意率", "综合满意率"),
    "同意": (CONSENT, "同意率", "同意合计占比"),
    "好": (of("好", "较好", "一般", "差", positive=2), "“好”占比", "较好以上率"),
}


def sealed_on(rows, marks, client, *, outside=(), **facts):
    """A poll whose grades were written on the page; `outside` are the rows that were ticked as outside the base."""
    unit = make_organization()
    people = make_cast(unit)
    campaign = make_campaign(unit, indicators=("总体评价",), **facts)
    actions.make_polls(campaign, [unit])
    client.force_login(people.secretary)
    address = reverse("campaigns:scale_edit", args=[campaign.questionnaires.get().pk])
    ticked = {f"form-{place}-is_outside": "on" for place in outside}
    assert client.post(address, sent(*rows, name="自定", **ticked)).status_code == 302
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_published_scale_is_written_on_the_page_and_counted(name, client):
    rows, first_rate, positive_rate = EXAMPLES[name]
    # 20 ballots for the best grade, and 1, 2, … for the others.
    marks = {str(place): 20 if place == 1 else place - 1 for place in range(1, len(rows) + 1)}
    poll = sealed_on(rows, marks, client)
    total = sum(marks.values())

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    (line,) = results_of(poll).targets[0].lines

    assert line.total.cell.grades == tuple(marks.values())
    for (label, *_), count in zip(rows, marks.values(), strict=True):
        assert f"{label}{100 * count / total:.1f}%" in page
    assert first_rate in page
    assert positive_rate in page
    if name == "分值":
        exact = (20 * 100 + 1 * 80 + 2 * 60 + 3 * 30) / total
        assert float(judgement.score(line.total.grades, line.total.cell)) == pytest.approx(exact)


MARKED = {"1": 20, "2": 5, "3": 3, "-": 2}


def test_a_marked_abstention_is_in_the_base_and_a_blank_is_called_otherwise(client):
    """28 of 30 marked something: 弃权 3 are a choice, 未选 2 are none; each word has one meaning on each sheet."""
    poll = sealed_on(CONSENT, MARKED, client)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    made = content_of_poll(poll)
    book = load_workbook(io.BytesIO(excel.draw_poll_workbook(made, opinions=None)))
    heads = [cell for row in book["评议结果"].iter_rows(values_only=True) for cell in row if cell in ("弃权", "未选")]
    sheet = text_of(pdf.draw_count_sheet(made))
    out = io.StringIO()
    call_command("tally", campaign=poll.campaign.title, format="json", stdout=out)
    (row,) = [row for row in json.loads(out.getvalue())["rows"] if not row["category"] and not row["channel"]]

    assert "弃权10.0%" in page
    assert "未选6.7%" in page
    assert "未选择的项计为未选" in page
    assert heads == ["弃权", "未选"]
    assert "同意不同意弃权未选" in sheet.replace("票%", "").replace("票数占比", "")
    assert (row["counts"], row["abstained"], row["base"]) == ({"同意": 20, "不同意": 5, "弃权": 3}, 2, 30)
    assert row["rates"] == {"同意": "66.7", "不同意": "16.7", "弃权": "10.0", "未选": "6.7"}
    told = "".join(paragraphs_of(summary_of(Scope.of_poll(poll)), "results"))
    assert "弃权3" in told
    assert "未选2" in told


def test_a_majority_that_is_not_reached_is_a_refusal_and_no_abstention(client):
    poll = sealed_on(CONSENT, {"1": 5, "2": 3, "3": 4}, client, judgement="majority")

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert "测评不同意" in page


def test_who_marks_an_abstention_gives_no_score():
    grades = [CountedGrade("同意", True, True, 100), CountedGrade("不同意", True, False, 0), CountedGrade("弃权")]

    assert judgement.score(grades, CellCount((3, 1, 4))) == 75
    assert judgement.score(grades, CellCount((0, 0, 4))) is None


def test_several_grades_outside_the_base_have_a_column_each_and_leave_the_base_alone(client):
    rows = of("满意", "不满意", "不了解", "没有接触", positive=1)
    poll = sealed_on(rows, {"1": 6, "2": 2, "3": 1, "4": 3}, client, outside=(3,))

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    made = content_of_poll(poll)
    (line,) = results_of(poll).targets[0].lines

    assert (line.total.base, line.total.cell.unknown) == (8, 4)
    assert line.total.outside == (1, 3)
    for text in (words(page), text_of(pdf.draw_count_sheet(made))):
        assert "不了解" in text and "没有接触" in text and "不了解、没有接触" not in text
    assert "满意75.0%" in page
