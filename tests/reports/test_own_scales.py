"""A campaign on a scale of its own, up to seven grades: page, PDF, workbook and findings say what the ballots give."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from campaigns.library import LibraryGrade
from reports.files import excel, pdf
from reports.findings import crossings_of
from reports.report import content_of_poll
from reports.results.poll import results_of
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_organization, make_user
from tests.reports.files.test_pdf import text_of

pytestmark = pytest.mark.django_db

# 40 ballots, and the share of each grade at one decimal.
SEVEN = {"极好": (8, "20.0"), "很好": (6, "15.0"), "较好": (4, "10.0"), "一般": (2, "5.0")}
SEVEN |= {"较差": (5, "12.5"), "很差": (7, "17.5"), "不满意": (8, "20.0")}


def sealed_poll(grades, marks, **facts):
    unit = make_organization()
    campaign = make_campaign(unit, indicators=("总体评价",), **facts)
    campaign.questionnaires.update(scale=actions.own_scale("自定", grades))
    actions.make_polls(campaign, [unit])
    ballot_actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def grades_of(labels, positive):
    return [LibraryGrade(label=label, is_positive=place < positive, score=None) for place, label in enumerate(labels)]


@pytest.fixture
def poll():
    marks = {str(place): count for place, (count, _) in enumerate(SEVEN.values(), start=1)}
    return sealed_poll(grades_of(SEVEN, positive=3), marks)


def test_the_results_page_shows_seven_grades_with_their_rates(poll, client):
    client.force_login(make_user("secretary", kind="secretary", organization=poll.organization))

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    for label, (count, rate) in SEVEN.items():
        assert f"{label}{rate}%" in page
        assert str(count) in page
    # The worst and those between have a pattern each.
    assert all(f"#hatch-{tone}" in page for tone in ("g2", "g2b", "g3", "g3b", "g4", "bad"))
    assert all(f'id="hatch-{tone}"' in page for tone in ("g2", "g2b", "g3", "g3b", "g4", "bad"))
    assert "极好率" in page
    assert "较好以上率" in page


def test_pdf_and_workbook_print_the_same_seven_grades(poll):
    made = content_of_poll(poll)

    printed = text_of(pdf.draw_count_sheet(made))
    book = load_workbook(io.BytesIO(excel.draw_poll_workbook(made, opinions=None)))

    assert "总体评价" + "".join(f"{count}{rate}" for count, rate in SEVEN.values()) in printed
    rows = [row for row in book["评议结果"].iter_rows(values_only=True) if "总体评价" in row]
    assert [count for count, _ in SEVEN.values()] == list(rows[0][4:18:2])


@pytest.mark.parametrize(("dissatisfied", "crossed"), [(13, []), (14, [14])])
def test_a_threshold_counts_the_grade_that_bears_its_name(dissatisfied, crossed):
    marks = {"1": 20, "6": 20 - dissatisfied, "7": dissatisfied}
    poll = sealed_poll(grades_of(SEVEN, positive=3), marks, thresholds=["org-dissatisfied-third"])

    assert [crossing.count for crossing in crossings_of([results_of(poll)])] == crossed
