"""Public commitments: figures in the scenario's words (C7), what an entry prints, and the vote about one (评诺)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Commitment, Member
from reports.commitments.content import (
    CommitmentFigures,
    PrintedCommitment,
    Voted,
    commitment_figures,
    commitments_content,
    within_or_all,
)
from reports.results.poll import all_results
from reports.scope import Scope
from reports.wording import Day
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_commitment,
    make_member,
    make_organization,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_organization("第一党支部", kind="branch")


def content_of(branch, campaign=None):
    return fetched(Scope.of(campaign or make_campaign(branch), branch))


def fetched(scope):
    return commitments_content(scope, all_results(scope.polls))


def make_voted(branch, commitment, marks, *, indicators=("公开承诺事项是否完成", "总体评价"), **overrides):
    """A sealed poll of the branch whose ballot is about one commitment."""
    campaign = make_campaign(branch, indicators=indicators, **overrides)
    campaign.questionnaires.update(target_kind="document", target_rule="a_document", target_name="公开承诺")
    (poll,) = actions.make_polls(campaign, [branch])
    poll.targets.all().delete()
    actions.add_commitments(poll, campaign.questionnaires.get(), [commitment])
    ballot_actions.open_campaign(campaign, by=None)
    poll.refresh_from_db()
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


# C7


def test_c7_13430_promises_of_4720_members_are_2_85_each(branch):
    Member.objects.bulk_create(Member(organization=branch, name=f"党员{number}") for number in range(4720))
    Commitment.objects.bulk_create(
        Commitment(organization=branch, content=f"承诺{number}", status="fulfilled" if number else "ongoing")
        for number in range(13430)
    )
    Commitment.objects.bulk_create(
        Commitment(organization=branch, content=f"实事{number}", kind="deed") for number in range(1039)
    )

    figures = content_of(branch).figures

    assert figures == CommitmentFigures(
        commitments=13430,
        deeds=1039,
        members=4720,
        fulfilled=13429,
        unfulfilled=0,
    )
    # 13429 of 13430 round to 100.0, which is not true.
    assert (figures.average.text, figures.rate.text) == ("2.85", "99.9")
    assert figures.sentences == (
        "公开承诺13430项，党员4720名，人均2.85项。",
        "已兑现13429项，兑现率99.9%（13429/13430）。",
        "办实事好事1039件。",
    )


def test_figures_count_promises_by_what_became_of_them(branch):
    for number, status in enumerate(["fulfilled", "fulfilled", "unfulfilled", "ongoing"]):
        make_commitment(branch, f"承诺{number}", status=status)
    make_commitment(branch, "办好食堂", kind="deed", status="fulfilled")
    make_member(branch)
    make_member(branch, "李四", is_active=False)

    figures = content_of(branch).figures

    assert figures == CommitmentFigures(commitments=4, deeds=1, members=1, fulfilled=2, unfulfilled=1)
    assert (figures.average.text, figures.rate.text) == ("4.00", "50.0")
    assert figures.ongoing == 1


def test_without_commitments_nothing_is_said(branch):
    figures = content_of(branch).figures

    assert figures == CommitmentFigures()
    assert (figures.average.text, figures.rate.text) == ("—", "—")
    assert figures.sentences == ()


def test_only_the_scope_s_own_are_counted(branch):
    below = make_organization("第一小组支部", parent=branch, kind="branch")
    elsewhere = make_organization("第二党支部", kind="branch")
    for organization in (branch, below, elsewhere):
        make_commitment(organization)

    content = content_of(branch)

    assert [entry.unit for entry in content.entries] == ["第一党支部", "第一小组支部"]
    assert content.figures.commitments == 2


@pytest.mark.parametrize("has_another_tree", [False, True])
def test_figures_are_the_same_whether_a_unit_is_the_whole_tree_or_a_part(branch, has_another_tree):
    below = make_organization("第一小组支部", parent=branch, kind="branch")
    for unit in (branch, below, *([make_organization("第二党支部", kind="branch")] if has_another_tree else ())):
        make_member(unit)
        make_commitment(unit, "逾期", due_on="2026-06-30")
        make_commitment(unit, "没有逾期", due_on="2026-07-01")
        make_commitment(unit, "已兑现", due_on="2026-06-30", status="fulfilled")
        make_commitment(unit, "办好食堂", due_on="2026-06-30", kind="deed")

    figures = commitment_figures(within_or_all([branch.path]), today=date(2026, 7, 1))

    assert figures == CommitmentFigures(commitments=6, deeds=2, members=2, fulfilled=2, unfulfilled=0, overdue=4)


# Entries and the vote


def test_an_entry_prints_its_commitment_s_outcome(branch):
    make_commitment(
        branch,
        member=make_member(branch),
        due_on="2026-06-30",
        status="fulfilled",
        fulfilled_on="2026-06-01",
        note="已修好200米。",
    )

    assert content_of(branch).entries == (
        PrintedCommitment(
            unit="第一党支部",
            member="张三",
            kind="公开承诺",
            content="修好楼前的路",
            due_on=Day(date(2026, 6, 30)),
            status="已兑现",
            fulfilled_on=Day(date(2026, 6, 1)),
            note="已修好200米。",
            voted=Voted(),
        ),
    )


def test_a_sealed_vote_on_a_commitment_stands_beside_it(branch):
    voted, other = make_commitment(branch), make_commitment(branch, "办好食堂")
    poll = make_voted(branch, voted, {"11": 59, "12": 1})

    content = fetched(Scope.of(poll.campaign, branch))

    assert {entry.content: entry.voted.text for entry in content.entries} == {
        voted.content: "98.3%",
        other.content: "",
    }


def test_a_vote_without_an_overall_line_gives_each_line_by_name(branch):
    poll = make_voted(branch, make_commitment(branch), {"11": 6, "21": 4}, indicators=("是否完成", "效果"))

    (entry,) = fetched(Scope.of_poll(poll)).entries

    assert entry.voted.text == "是否完成60.0%，效果100.0%"


def test_a_rate_on_another_scale_is_called_by_its_name(branch):
    poll = make_voted(branch, make_commitment(branch), {"1": 6, "4": 4}, indicators=("总体评价",), scale="good-4")

    (entry,) = fetched(Scope.of_poll(poll)).entries

    assert entry.voted.text == "“好”占比60.0%"


def test_a_vote_of_another_campaign_is_not_told(branch):
    make_voted(branch, make_commitment(branch), {"11": 6})

    (entry,) = content_of(branch, make_campaign(branch, title="下一次评议")).entries

    assert entry.voted.text == ""


def test_content_takes_the_same_queries_for_one_and_three(branch):
    scope = Scope.of(make_voted(branch, make_commitment(branch), {"11": 6}).campaign, branch)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            fetched(scope)
        return len(captured)

    fetched(scope)
    for_no_row = queries()
    for number in range(3):
        make_commitment(branch, f"承诺{number}", member=make_member(branch, f"党员{number}"))

    assert queries() == for_no_row
