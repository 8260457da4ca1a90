"""What follows the count in the demo: every state of the ledger, the seeds' figures, the same each time."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from campaigns.models import Campaign, Commitment
from reports import demo
from reports.committee.periods import periods_of
from reports.demo import playing
from reports.demo.acts import report_draft
from reports.findings import crossings_of
from reports.models import (
    Announcement,
    Finding,
    LeaderComment,
    Objection,
    OpinionReading,
    Problem,
    ProblemChange,
    SummaryVersion,
)
from reports.opinions import opinions_content
from reports.report import report_of
from reports.results.poll import all_results
from reports.scope import Scope

pytestmark = pytest.mark.django_db

SMALL_ACTS = playing.ACTS[:5]
REPORT, COLLEGE, BRANCH, COMMUNITY, _, TOWNSHIP, COMPANY = (act.name for act in playing.ACTS)


def play(monkeypatch, *names):
    """Load only the acts of these roots."""
    monkeypatch.setattr(playing, "ACTS", [act for act in playing.ACTS if act.name in names])
    assert list(demo.load()) == [act.name for act in playing.ACTS]


def scope_of(name, *, place=0):
    """The campaign of a root that was held at this place, with all below it."""
    campaign = Campaign.objects.filter(organizer__name=name).order_by("pk")[place]
    return Scope(campaign, campaign.organizer)


def report_about(name):
    """The report of a root's own poll."""
    return report_of(Scope.of_poll(scope_of(name).polls.get()), today=timezone.localdate())


def versions_of(name):
    """Whether each version of a root's 小结 is final, first to last."""
    scope = scope_of(name)
    own = scope.polls.filter(organization=scope.organization).first()
    versions = SummaryVersion.objects.of(Scope.of_poll(own) if own else scope)
    return list(versions.order_by("number").values_list("is_final", flat=True))


def test_s0_1_seven_opinions_on_the_draft_and_fifteen_others_are_sorted_and_the_summary_is_a_draft(monkeypatch):
    play(monkeypatch, REPORT)

    report = report_about(REPORT)

    readings = OpinionReading.objects.filter(opinion__target__poll__organization__name=REPORT, is_set_aside=False)
    assert dict(readings.order_by().values_list("category").annotate(Count("pk"))) == {"修改意见": 7, "其他意见": 15}
    figures = report.opinions.figures
    assert (figures.received, figures.set_aside, figures.counted, figures.unread) == (24, 2, 22, 0)
    assert (figures.matters, figures.sent) == (21, 3)
    assert versions_of(REPORT) == [False, False]
    assert report.summary.is_complete


def test_an_opinion_that_points_at_a_person_is_shown_in_other_words_until_its_original_goes(monkeypatch):
    play(monkeypatch, REPORT)

    shown = [entry.text for entry in opinions_content(scope_of(REPORT)).entries]

    assert "有的营业厅窗口答复投诉总是拖，希望定一个时限。" in shown
    assert not any("姓刘" in text for text in shown)
    assert not Problem.objects.filter(content__contains="姓刘").exists()


def test_s0_4_is_filed_and_on_display_with_an_objection_that_waits(client, monkeypatch):
    play(monkeypatch, COLLEGE)
    notice = Announcement.objects.get(poll__organization__name=COLLEGE)

    page = client.get(f"/announced/{notice.token}/")

    assert versions_of(COLLEGE) == [False, False, True]
    assert notice.state == Announcement.State.ON_DISPLAY
    assert page.status_code == 200 and "满意率" in page.content.decode()
    assert [one.is_answered for one in notice.objections.all()] == [False]


def test_s0_5_is_filed_and_its_notice_is_over_and_names_no_member(monkeypatch):
    play(monkeypatch, BRANCH)

    notice = Announcement.objects.get(poll__organization__name=BRANCH)
    assert versions_of(BRANCH) == [False, False, True]
    assert notice.state == Announcement.State.OVER
    assert [table["target"] for table in notice.content["tables"]] == [BRANCH]
    assert [one.is_answered for one in notice.objections.all()] == [True]


def test_a_crossed_threshold_was_confirmed_put_right_and_answered_one_was_dismissed_and_one_waits(monkeypatch):
    play(monkeypatch, COMMUNITY)
    decided = Finding.objects.order_by("pk").values_list("target__name", "state")
    (problem,) = Problem.objects.filter(finding__isnull=False)

    waiting = crossings_of(all_results(scope_of(COMMUNITY, place=2).polls))

    assert list(decided) == [("清泉社区物业联合党支部", "confirmed"), ("清泉社区第二党支部", "dismissed")]
    assert (problem.state, problem.verdict) == ("closed", "satisfied")
    assert [(one.target, one.is_pending) for one in waiting] == [("清泉社区物业联合党支部", True)]


def test_three_quarters_stand_side_by_side_with_the_vote_on_what_was_put_right(monkeypatch):
    play(monkeypatch, COMMUNITY)
    scope = scope_of(COMMUNITY, place=2)

    periods = periods_of(scope.campaign, scope.organization)

    assert len(periods.periods) == 3
    assert {len(row.cells) for table in periods.tables for row in table.rows} == {3}
    assert periods.rectified.votes


def test_nothing_is_dated_in_the_future_and_no_end_before_its_beginning(monkeypatch):
    play(monkeypatch, COLLEGE, BRANCH, COMMUNITY)

    today = timezone.localdate()
    assert not Problem.objects.filter(done_on__gt=today).exists()
    assert not LeaderComment.objects.filter(commented_on__gt=today).exists()
    for problem in Problem.objects.filter(state="closed").select_related("campaign"):
        assert problem.campaign.starts_on < problem.done_on
        assert all(measure.done_on <= problem.done_on for measure in problem.measures.all())
    for notice in Announcement.objects.all():
        assert notice.ends_on - notice.starts_on >= timedelta(days=4)
        assert all(one.received_on <= today for one in notice.objections.all())


def test_each_deed_left_its_line_of_history(monkeypatch):
    play(monkeypatch, REPORT, BRANCH)

    for problem in Problem.objects.all():
        assert problem.changes.count() == problem.revision > 0
    assert not ProblemChange.objects.exclude(changed_by__username="secretary").exists()


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


def test_a_second_run_adds_nothing(monkeypatch):
    play(monkeypatch, COLLEGE)
    models = (Problem, LeaderComment, OpinionReading, Announcement, Objection, SummaryVersion)
    before = [model.objects.count() for model in models]

    call_command("demo", verbosity=0)

    assert [model.objects.count() for model in models] == before


def test_an_act_that_breaks_off_after_the_count_leaves_nothing(monkeypatch):
    def break_off(stage, poll):
        raise KeyboardInterrupt

    monkeypatch.setattr(playing, "ACTS", SMALL_ACTS[:1])
    monkeypatch.setattr(report_draft, "_follow", break_off)

    with pytest.raises(KeyboardInterrupt):
        list(demo.load())

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
    assert (figures.commitments, figures.deeds, figures.average) == (13430, 1039, "2.85")
    assert not Commitment.objects.filter(status="fulfilled", fulfilled_on=None).exists()
    assert "建立党员先锋岗446个，1039件好事实事" in "".join(
        piece.text for section in report.summary.sections for paragraph in section.paragraphs for piece in paragraph
    )
    assert versions_of(COMPANY) == [False, False]
