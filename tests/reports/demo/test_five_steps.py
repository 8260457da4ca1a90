"""The demo's village branch: five steps with their days and papers, and a grade for each member (S2)."""

import pytest

from campaigns.models import Poll
from reports.demo import playing
from reports.demo.acts.five_steps import EXCELLENT, MEMBERS, NEIGHBOURS, STEP_DAYS, five_steps
from reports.models import MemberGrade
from reports.results.poll import results_of
from tests.factories import make_organization
from tests.reports.demo.staging import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    five_steps(make_stage(), make_organization("某村党支部", kind="branch"))
    return Poll.objects.select_related("campaign__organizer", "organization").get()


def test_the_act_has_its_place_in_the_demo():
    assert [act.name for act in playing.ACTS if act.play is five_steps] == ["青岚县松坡乡东沟村党支部"]


def test_each_step_has_its_days_one_after_the_other(poll):
    days = list(poll.campaign.steps.order_by("position").values_list("starts_on", "ends_on"))

    assert len(days) == len(STEP_DAYS)
    assert days == sorted(days) and days[-1][1] == poll.campaign.ends_on


def test_nobody_s_own_blank_counts_and_the_meeting_follows_the_votes(poll):
    lines = [target.lines[0].total for target in results_of(poll).targets]

    assert {line.base for line in lines} == {MEMBERS + NEIGHBOURS - 1}
    assert [line.satisfaction.percent_text for line in lines] == [
        "100.0%" if place in EXCELLENT else "0.0%" for place in range(MEMBERS)
    ]
    grades = MemberGrade.objects.order_by("target__position").values_list("value", flat=True)
    assert [grade == MemberGrade.Value.EXCELLENT for grade in grades] == [
        place in EXCELLENT for place in range(MEMBERS)
    ]


def test_the_work_report_is_a_word_file_that_may_be_read_again(poll):
    assert (poll.work_report.file_kind, poll.work_report.get_file_kind_display()) == ("docx", "Word文档")
