"""Leaders' comments: coverage in the scenario's words (C6), what an entry prints, what the database refuses."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import actions
from reports.comments import CommentEntry, CommentFigures, comment_figures, comments_content
from reports.scope import Scope
from reports.wording import Day
from tests.factories import make_campaign, make_comment, make_member, make_organization
from tests.reports.comments.branches import make_branches

pytestmark = pytest.mark.django_db


def figures_of(campaign):
    return comment_figures(Scope.of(campaign, campaign.organizer))


# C6


def test_c6_26_of_28_branches_are_covered_and_the_two_are_named():
    campaign, branches = make_branches(28)
    for branch in branches[:12] + branches[14:]:
        make_comment(campaign, branch)

    figures = figures_of(campaign)

    assert figures == CommentFigures(
        commented=26, planned=28, missing=("第13支部", "第14支部"), comments=26, kinds=(("支部", 26),)
    )
    assert figures.coverage.text == "92.9"
    assert figures.sentence == "点评26个支部，共28个，覆盖92.9%（26/28），尚有2个支部未点评：第13支部、第14支部。"


def test_c6_all_covered_leaves_nothing_to_name():
    campaign, branches = make_branches(3)
    for branch in branches:
        make_comment(campaign, branch)
        make_comment(campaign, branch, leader="钱副书记")

    assert figures_of(campaign).sentence == "点评3个支部，共3个，覆盖100.0%（3/3）。"
    assert figures_of(campaign).comments == 6


def test_one_missing_of_many_never_shows_a_hundred():
    figures = CommentFigures(commented=2999, planned=3000, missing=("甲支部",), kinds=(("支部", 2999),))

    assert figures.coverage_text == "99.9%（2999/3000）"


def test_a_comment_on_a_member_does_not_cover_the_branch():
    campaign, (first, second) = make_branches(2)
    make_comment(campaign, first, make_member(first))
    make_comment(campaign, second)

    assert figures_of(campaign).missing == ("第1支部",)


def test_only_this_campaign_and_this_unit_s_part_of_it_are_counted():
    campaign, (first, second) = make_branches(2)
    other = make_campaign(campaign.organizer, title="上一次评议")
    make_comment(other, first)
    make_comment(campaign, second)

    assert figures_of(campaign).missing == ("第1支部",)
    assert comment_figures(Scope.of(campaign, second)).sentence == "点评1个支部，共1个，覆盖100.0%（1/1）。"


def test_units_of_several_kinds_are_counted_by_kind():
    campaign, (branch,) = make_branches(1)
    general = make_organization("机关党总支", parent=campaign.organizer, kind="general_branch")
    actions.make_polls(campaign, [general, campaign.organizer])
    make_comment(campaign, general)
    make_comment(campaign, branch)

    assert figures_of(campaign).sentence == (
        "点评1个党总支、1个支部，共3个，覆盖66.7%（2/3），尚有1个单位未点评：某乡党委。"
    )


def test_many_missing_are_named_up_to_twenty_and_counted():
    campaign, _ = make_branches(21)

    sentence = figures_of(campaign).sentence

    assert sentence.startswith("点评0个支部，共21个，覆盖0.0%（0/21），尚有21个支部未点评：第1支部、")
    assert sentence.endswith("、第20支部等。")


def test_units_of_one_name_are_told_apart_by_what_is_above_them():
    campaign, _ = make_branches(1)
    general = make_organization("机关党总支", parent=campaign.organizer, kind="general_branch")
    actions.make_polls(campaign, [make_organization("第1支部", parent=general, kind="branch")])

    assert figures_of(campaign).missing == ("某乡党委第1支部", "机关党总支第1支部")


def test_without_units_nothing_is_said():
    campaign = make_campaign(make_organization())

    assert figures_of(campaign) == CommentFigures()
    assert (figures_of(campaign).sentence, figures_of(campaign).coverage_text) == ("", "—")


# Entries


def test_an_entry_prints_the_points_that_were_filled_in():
    campaign, (branch,) = make_branches(1)
    make_comment(
        campaign,
        branch,
        make_member(branch, "王五", post="secretary"),
        leader_post="乡党委书记",
        mode="levels",
        points={"cadre-care": "常到群众家里走访。", "cadre-policy": "政策落实到位。"},
        follow_up="已制定联系群众制度。",
        followed_up_on="2026-11-20",
    )

    content = comments_content(Scope.of(campaign, campaign.organizer))

    assert content.entries == (
        CommentEntry(
            unit="第1支部",
            subject="王五",
            leader="赵书记",
            leader_post="乡党委书记",
            commented_on=Day(date(2026, 11, 10)),
            mode="逐级点评",
            points=(("执行政策情况", "政策落实到位。"), ("关心服务群众情况", "常到群众家里走访。")),
            content="工作扎实。",
            follow_up="已制定联系群众制度。",
            followed_up_on=Day(date(2026, 11, 20)),
        ),
    )


def test_a_comment_keeps_its_points_when_the_post_changes():
    campaign, (branch,) = make_branches(1)
    member = make_member(branch)
    make_comment(campaign, branch, member, points={"member-duty": "尽职。"})
    member.post = "secretary"
    member.save()

    (entry,) = comments_content(Scope.of(campaign, branch)).entries

    assert entry.points == (("履行岗位职责情况", "尽职。"),)


def test_content_takes_the_same_queries_for_one_and_three():
    campaign, branches = make_branches(3)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            comments_content(Scope.of(campaign, campaign.organizer))
        return len(captured)

    make_comment(campaign, branches[0], make_member(branches[0]))
    for_one_row = queries()
    for branch in branches:
        make_comment(campaign, branch, make_member(branch, "李四"))

    assert queries() == for_one_row
