"""A workbook of comments against those recorded: new, changed, unchanged, and refused by row and column."""

from datetime import date

import pytest

from campaigns.actions import add_organization
from campaigns.roster.reading import read_workbook
from reports.comments.comparing import compare_comments
from reports.comments.layout import COMMENTS
from reports.models import LeaderComment
from tests.factories import make_comment, make_member, make_user
from tests.reports.comments.workbooks import compared, make_comments, refusals, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later")]


def states(comparison):
    assert comparison.errors == []
    return [(entry.label, entry.state) for entry in comparison.entries]


def test_comments_on_units_and_members_are_new(campaign, cast, branch):
    comparison = compared(
        campaign,
        cast.secretary,
        row(方式="会议", 领导职务="党委书记"),
        row(姓名="张　三", 方式="谈话", 整改落实情况="已改", 落实日期="2026-11-20"),
    )

    assert states(comparison) == [
        ("赵书记点评第一党支部（2026-11-10）", "new"),
        ("赵书记点评张三（2026-11-10）", "new"),
    ]
    of_unit, of_member = (entry.instance for entry in comparison.entries)
    assert (of_unit.member, of_unit.mode, of_unit.leader_post) == (None, "meeting", "党委书记")
    assert (of_member.member.name, of_member.mode, of_member.followed_up_on) == ("张三", "talk", date(2026, 11, 20))
    assert of_member.recorded_by == cast.secretary


@pytest.mark.parametrize("name", ["买买提•艾力", "买买提.艾力", "买买提 · 艾力"])
def test_a_member_is_known_in_any_spelling_of_the_name(campaign, cast, branch, name):
    comparison = compared(campaign, cast.secretary, row(姓名=name))

    assert [entry.instance.member.name for entry in comparison.entries] == ["买买提·艾力"]


def test_points_go_to_the_list_of_their_subject(campaign, cast, branch):
    comparison = compared(
        campaign,
        cast.secretary,
        row(内容=None, 活动效果情况="好"),
        row(姓名="张三", 内容=None, 公开承诺事项兑现情况="兑现了"),
        row(姓名="买买提·艾力", 内容=None, 公开承诺事项兑现情况="兑现了"),
    )

    assert [entry.instance.points for entry in comparison.entries] == [
        {"organization-effect": "好"},
        {"member-commitments": "兑现了"},
        {"cadre-commitments": "兑现了"},
    ]


def test_what_is_recorded_already_is_unchanged_and_a_follow_up_is_filled_in(campaign, cast, branch):
    make_comment(campaign, branch)

    same = compared(campaign, cast.secretary, row())
    more = compared(campaign, cast.secretary, row(整改落实情况="开了会", 活动效果情况="好", 内容=None))

    assert states(same) == [("赵书记点评第一党支部（2026-11-10）", "unchanged")]
    assert not same.has_changes
    assert [[(change.heading, change.new) for change in entry.changes] for entry in more.entries] == [
        [("整改落实情况", "开了会"), ("活动效果情况", "好")]
    ]
    # An empty cell leaves alone what is recorded.
    assert more.entries[0].instance.content == "工作扎实。"


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"单位": "没有的支部"}, "单位", "找不到这个党组织"),
        ({"单位": None}, "单位", "不能为空"),
        ({"姓名": "李四"}, "姓名", "“某局党委/第一党支部”的名册上没有这名党员；请与名册核对，点评党组织的留空。"),
        ({"点评人": None}, "点评人", "不能为空"),
        ({"日期": "长期"}, "日期", "不是日期；可填一天的日期，如2026-11-10、2026年11月10日。"),
        ({"日期": "2026年11月"}, "日期", "不是日期"),
        ({"日期": "2026-12-21"}, "日期", "点评日期不能晚于今天（2026-12-20）。"),
        ({"方式": "打电话"}, "方式", "不认识；可填：会议集中点评、单独谈话点评"),
        ({"内容": None}, "内容", "不能为空：请填写内容，或者至少一项点评要点。"),
        ({"内容": "长" * 1001}, "内容", "有1001字，太长"),
        ({"落实日期": "2026-11-20"}, "落实日期", "填写了落实日期的，请同时写明整改落实情况。"),
        ({"整改落实情况": "改", "落实日期": "2026-11-09"}, "落实日期", "落实日期要在点评日期（2026-11-10）到今天"),
        ({"整改落实情况": "改", "落实日期": "2026-12-21"}, "落实日期", "落实日期要在点评日期（2026-11-10）到今天"),
        ({"分管工作落实情况": "好"}, "分管工作落实情况", "点评“第一党支部”没有这一项要点"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(campaign, cast, branch, cells, column, message):
    (error,) = refusals(campaign, cast.secretary, row(单位="第一党支部", 点评人="钱书记"), row(**cells))

    assert error[:2] == (3, column)
    assert message in error[2]


def test_a_comment_that_stands_twice_is_told(campaign, cast, branch):
    (error,) = refusals(campaign, cast.secretary, row(), row(内容="又说了一遍"))

    assert error == (3, "姓名", "与第2行重复；同一位领导同一天对同一对象的点评写在一行。")


def test_of_two_recorded_alike_nobody_can_tell_which_is_meant(campaign, cast, branch):
    for content in ("上午说的", "下午说的"):
        make_comment(campaign, branch, content=content)

    (error,) = refusals(campaign, cast.secretary, row())

    assert error[1:] == ("姓名", "系统里这一天已有2条这样的点评，分不清是哪一条；请在网页上修改。")


def test_a_unit_outside_the_campaign_or_the_user_s_reach_is_refused(campaign, cast, branch):
    other = add_organization(name="第二党支部", kind="branch", parent=cast.organization)
    add_organization(name="外单位支部", kind="branch", parent=cast.outsider.roles.get().organization)
    there = make_user("there", kind="secretary", organization=branch)
    teller = [message for *_, message in refusals(campaign, cast.teller, row())]

    assert "找不到这个党组织" in refusals(campaign, cast.secretary, row(单位="外单位支部"))[0][2]
    assert "找不到这个党组织" in refusals(campaign, there, row(单位=other.name))[0][2]
    assert refusals(campaign, there, row(单位="某局党委"))[0][2] == "您没有登记对“某局党委”的点评的权限。"
    assert teller == ["您没有登记对“某局党委/第一党支部”的点评的权限。"]
    assert refusals(campaign, there, row()) == []


def test_a_unit_above_the_organizer_is_not_in_the_campaign(campaign, cast, branch):
    campaign.organizer = branch

    (error,) = refusals(campaign, cast.secretary, row(单位="某局党委"))

    assert error[2] == "“某局党委”不在本次活动的组织单位“第一党支部”之下。"


def test_seven_hundred_members_take_as_many_queries_as_one(campaign, cast, branch, django_assert_max_num_queries):
    names = [f"党员{number:03d}" for number in range(60)]
    for name in names:
        make_member(branch, name)

    reading = read_workbook(make_comments(*(row(姓名=name) for name in names)), known=(COMMENTS,))

    with django_assert_max_num_queries(8):
        comparison = compare_comments(reading, campaign, cast.secretary)

    assert len(states(comparison)) == 60
    assert not LeaderComment.objects.exists()
