"""The demo after the count: every state of the ledger, the seeds' figures, the same each time."""

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from campaigns.models import Campaign, Commitment
from reports.demo import playing
from reports.demo.acts import report_draft
from reports.models import (
    LeaderComment,
    OpinionReading,
    Problem,
    ProblemChange,
)
from reports.report import report_of

from .looking import load_demo, scope_of, versions_of

pytestmark = pytest.mark.django_db

SMALL_ACTS = playing.ACTS[:5]
REPORT, COLLEGE, BRANCH, COMMUNITY, *_, TOWNSHIP, COMPANY = (act.name for act in playing.ACTS)


def play(monkeypatch, *names):
    """Load only the acts of these roots."""
    monkeypatch.setattr(playing, "ACTS", [act for act in playing.ACTS if act.name in names])
    assert load_demo() == [act.name for act in playing.ACTS]


def test_what_follows_is_the_same_every_time(monkeypatch):
    def content():
        problems = list(Problem.objects.order_by("pk").values_list("content", "responsible_person", "state", "due_on"))
        comments = list(LeaderComment.objects.order_by("pk").values_list("leader", "content", "follow_up"))
        readings = sorted(OpinionReading.objects.values_list("category", "masked_text"))
        return problems, comments, readings

    with transaction.atomic():
        play(monkeypatch, COLLEGE, BRANCH)
        first = content()
        transaction.set_rollback(True)
    play(monkeypatch, COLLEGE, BRANCH)

    assert content() == first
    assert all(first)


def test_an_act_that_breaks_off_after_the_count_leaves_nothing(monkeypatch):
    def break_off(stage, poll):
        raise KeyboardInterrupt

    monkeypatch.setattr(playing, "ACTS", SMALL_ACTS[:1])
    monkeypatch.setattr(report_draft, "_follow", break_off)

    with pytest.raises(KeyboardInterrupt):
        load_demo()

    assert not Campaign.objects.exists()


# --- the township and the company ------------------------------------------------------------------------------------


def test_s2_ten_problems_twelve_measures_and_two_branches_without_a_comment(monkeypatch):
    play(monkeypatch, TOWNSHIP)

    report = report_of(scope_of(TOWNSHIP), today=timezone.localdate())

    ledger = report.ledger.figures
    assert (ledger.problems, ledger.measures, ledger.done, ledger.underway, ledger.rate.text) == (10, 12, 9, 3, "75.0")
    assert ledger.overdue == 1
    assert (report.comments.figures.commented, report.comments.figures.coverage_text) == (26, "92.9%（26/28）")
    assert len(report.comments.figures.missing) == 2
    opinions = report.opinions.figures
    assert (opinions.unread, opinions.set_aside, opinions.sent) == (0, 1, 4)
    assert opinions.counted - opinions.matters == 2  # three alike ones are one matter
    assert "周家" not in "".join(entry.text for entry in report.opinions.entries)
    assert versions_of(TOWNSHIP) == [False, False, True]
    assert ProblemChange.objects.filter(text__startswith="重新启动").exists()


@pytest.mark.slow
def test_s4_1_the_company_has_a_ledger_in_every_state_and_its_deeds_counted(monkeypatch):
    play(monkeypatch, COMPANY)

    scope = scope_of(COMPANY)
    report = report_of(scope, today=timezone.localdate())

    states = Problem.objects.order_by().values_list("state").annotate(Count("pk"))
    assert set(dict(states)) == set(Problem.State.values)
    assert Problem.objects.overdue(timezone.localdate()).exists()
    assert report.comments.figures.coverage_text == "97.8%（403/412）"
    figures = report.commitments.figures
    assert (figures.commitments, figures.deeds, figures.average.text) == (13430, 1039, "2.85")
    assert not Commitment.objects.filter(status="fulfilled", fulfilled_on=None).exists()
    assert "建立党员先锋岗446个，1039件好事实事" in "".join(
        piece.text for section in report.summary.sections for paragraph in section.paragraphs for piece in paragraph
    )
    assert versions_of(COMPANY) == [False, False]
