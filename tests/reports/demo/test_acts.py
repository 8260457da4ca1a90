"""The demo after its acts, in the campaigns and in their follow-up.

The expected figures are those of the seeds that the acts retell. The acts are played once for all tests here; the
township and the company, which take seconds, have theirs beside the rules of playing and of following.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.utils import timezone

from ballots.counting import sealing
from ballots.models import Batch, TallyRow
from campaigns import readiness
from campaigns.models import Campaign, Organization, Role
from reports import demo
from reports.committee.periods import periods_of
from reports.demo import playing
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
from reports.results.poll import all_results
from reports.scope import Scope

from .looking import campaign_of, report_about, run_demo, scope_of, totals, versions_of

pytestmark = pytest.mark.django_db

SMALL_ACTS = playing.ACTS[:5]
REPORT, COLLEGE, BRANCH, COMMUNITY, BUREAU = (act.name for act in SMALL_ACTS)


@pytest.fixture(scope="module", autouse=True)
def small_demo(module_database):
    """The output of the command that played the small acts; each test undoes what it does itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(playing, "ACTS", SMALL_ACTS)
        yield run_demo()


# --- the campaigns ---------------------------------------------------------------------------------------------------


def test_a_campaign_stands_in_each_state():
    assert {name: campaign_of(name).state for name in (REPORT, COLLEGE, BRANCH, COMMUNITY, BUREAU)} == {
        REPORT: "sealed",
        COLLEGE: "sealed",
        BRANCH: "closed",
        COMMUNITY: "open",
        BUREAU: "preparing",
    }


def test_the_community_heard_letters_calls_visits_and_a_forum_beside_the_ballots():
    figures = [
        opinions_content(Scope.of(campaign, campaign.organizer)).figures
        for campaign in Campaign.objects.filter(title__endswith="社区评诺")
    ]

    told = [dict(figure.sources) for figure in figures if figure.sources]

    assert [
        {name: told[name] for name in ("信箱", "电话", "走访", "网络", "座谈会", "意见箱", "征求意见表")}
        for told in told
    ] == [{"信箱": 1, "电话": 1, "走访": 1, "网络": 1, "座谈会": 3, "意见箱": 1, "征求意见表": 3}]


def test_the_report_counts_those_on_site_and_those_in_writing_apart():
    campaign = campaign_of(REPORT)
    fields = ("issued_count", "returned_count", "void_count")
    batches = Batch.objects.filter(poll__campaign=campaign).order_by("channel").values_list("channel")
    assert list(batches.annotate(*(Sum(field) for field in fields))) == [("meeting", 41, 41, 0), ("paper", 37, 35, 0)]
    fields = ("valid_count", "grade_1_count", "grade_2_count", "grade_3_count", "abstained_count")
    assert totals(campaign, *fields)["总体评价"] == (76, 72, 3, 0, 1)


def test_everybody_in_the_college_is_satisfied():
    assert list(totals(campaign_of(COLLEGE), "valid_count", "grade_1_count").values()) == [(66, 66)]


def test_the_community_was_appraised_three_quarters_before():
    before = Campaign.objects.filter(organizer__name=COMMUNITY).order_by("pk")[:3]
    assert [campaign.state for campaign in before] == ["sealed"] * 3
    assert [campaign.starts_on for campaign in before] == sorted(campaign.starts_on for campaign in before)
    assert len({campaign.period for campaign in before}) == 3


def test_the_branch_waits_to_be_sealed_and_finds_its_twelve_members_qualified():
    poll = campaign_of(BRANCH).polls.get()
    facts = (poll.entitled_count, poll.attended_count, poll.organization.members.count())

    sealing.seal(poll, by=None)

    verdicts = TallyRow.objects.filter(poll=poll, target__kind="member")
    assert facts == (12, 12, 12)
    assert set(verdicts.values_list("valid_count", "grade_1_count", "grade_2_count")) == {(12, 0, 12)}
    assert verdicts.count() == 12


def test_something_is_missing_where_a_campaign_is_being_prepared():
    assert len(readiness.missing(campaign_of(BUREAU))) >= 4


def test_no_link_is_printed_once_the_meeting_is_closed():
    batch = Batch.objects.get(method=Batch.Method.SCREEN)
    batch.poll.close(by=None)

    output = run_demo()

    assert "/v/" not in output and "已经截止" in output


def test_the_accounts_can_log_in_and_have_a_role_over_every_unit(small_demo):
    for kind, username in demo.ACCOUNTS.items():
        user = User.objects.get(username=username)
        assert user.check_password(demo.DEMO_PASSWORD) and username in small_demo
        assert set(user.roles.values_list("kind", "organization__name")) == {(kind, act.name) for act in SMALL_ACTS}
    assert demo.DEMO_PASSWORD in small_demo


def test_a_second_run_makes_nothing_and_brings_back_nothing():
    Organization.objects.filter(name=BUREAU).update(name="改了名的党委")
    Role.objects.all().delete()
    User.objects.filter(username="teller").update(is_active=False)
    before = (Organization.objects.count(), Campaign.objects.count(), User.objects.count())

    run_demo()

    assert (Organization.objects.count(), Campaign.objects.count(), User.objects.count()) == before
    assert not Role.objects.exists() and not User.objects.get(username="teller").is_active


def test_deleted_demo_accounts_do_not_come_back():
    Role.objects.all().delete()
    User.objects.all().delete()

    run_demo()

    assert not User.objects.exists()


def test_names_that_few_fonts_have_stand_on_the_open_ballot():
    form = Batch.objects.get(method=Batch.Method.SCREEN).poll.form
    assert {"谢䶮", "林㛃"} <= {section["name"] for section in form["sections"]}


# --- what followed ---------------------------------------------------------------------------------------------------


def test_s0_1_seven_opinions_on_the_draft_and_fifteen_others_are_sorted_and_the_summary_is_a_draft():
    report = report_about(REPORT)

    readings = OpinionReading.objects.filter(opinion__target__poll__organization__name=REPORT, is_set_aside=False)
    assert dict(readings.order_by().values_list("category").annotate(Count("pk"))) == {"修改意见": 7, "其他意见": 15}
    figures = report.opinions.figures
    assert (figures.received, figures.set_aside, figures.counted, figures.unread) == (24, 2, 22, 0)
    assert (figures.matters, figures.sent) == (21, 3)
    assert versions_of(REPORT) == [False, False]
    assert report.summary.is_complete


def test_an_opinion_that_points_at_a_person_is_shown_in_other_words_until_its_original_goes():
    shown = [entry.text for entry in opinions_content(scope_of(REPORT)).entries]

    assert "有的营业厅窗口答复投诉总是拖，希望定一个时限。" in shown
    assert not any("姓刘" in text for text in shown)
    assert not Problem.objects.filter(content__contains="姓刘").exists()


def test_s0_4_is_filed_and_on_display_with_an_objection_that_waits(client):
    notice = Announcement.objects.get(poll__organization__name=COLLEGE)

    page = client.get(f"/announced/{notice.token}/")

    assert versions_of(COLLEGE) == [False, False, True]
    assert notice.state == Announcement.State.ON_DISPLAY
    assert page.status_code == 200 and "满意率" in page.content.decode()
    assert [objection.is_answered for objection in notice.objections.all()] == [False]


def test_s0_5_is_filed_and_its_notice_is_over_and_names_no_member():
    notice = Announcement.objects.get(poll__organization__name=BRANCH)
    assert versions_of(BRANCH) == [False, False, True]
    assert notice.state == Announcement.State.OVER
    assert [table["target"] for table in notice.content["tables"]] == [BRANCH]
    assert [objection.is_answered for objection in notice.objections.all()] == [True]


def test_a_crossed_threshold_was_confirmed_put_right_and_answered_one_was_dismissed_and_one_waits():
    decided = Finding.objects.order_by("pk").values_list("target__name", "state")
    (problem,) = Problem.objects.filter(finding__isnull=False)

    waiting = crossings_of(all_results(scope_of(COMMUNITY, place=2).polls))

    assert list(decided) == [("清泉社区物业联合党支部", "confirmed"), ("清泉社区第二党支部", "dismissed")]
    assert (problem.state, problem.verdict) == ("closed", "satisfied")
    assert [(crossing.target, crossing.is_pending) for crossing in waiting] == [("清泉社区物业联合党支部", True)]


def test_three_quarters_stand_side_by_side_with_the_vote_on_what_was_put_right():
    scope = scope_of(COMMUNITY, place=2)

    periods = periods_of(scope.campaign, scope.organization)

    assert len(periods.periods) == 3
    assert {len(row.cells) for table in periods.tables for row in table.rows} == {3}
    assert periods.rectified.votes


def test_nothing_is_dated_in_the_future_and_no_end_before_its_beginning():
    today = timezone.localdate()
    assert not Problem.objects.filter(done_on__gt=today).exists()
    assert not LeaderComment.objects.filter(commented_on__gt=today).exists()
    for problem in Problem.objects.filter(state="closed").select_related("campaign"):
        assert problem.campaign.starts_on < problem.done_on
        assert all(measure.done_on <= problem.done_on for measure in problem.measures.all())
    for notice in Announcement.objects.all():
        assert notice.ends_on - notice.starts_on >= timedelta(days=4)
        assert all(objection.received_on <= today for objection in notice.objections.all())


def test_each_deed_left_its_line_of_history():
    for problem in Problem.objects.all():
        assert problem.changes.count() == problem.revision > 0
    assert not ProblemChange.objects.exclude(changed_by__username="secretary").exists()


def test_a_second_run_adds_nothing_to_what_followed():
    models = (Problem, LeaderComment, OpinionReading, Announcement, Objection, SummaryVersion)
    before = [model.objects.count() for model in models]

    run_demo(verbosity=0)

    assert [model.objects.count() for model in models] == before
