"""Which column of a table belongs to which cell of each unit's ballot."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions as ballot_actions
from ballots.ballot_import.headings import template_headings
from ballots.models import Batch, Opinion
from campaigns import actions
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv, imported, problems, votes
from tests.factories import (
    make_branch_poll,
    make_campaign,
    make_organization,
)

pytestmark = pytest.mark.django_db


# Reading and writing


def test_units_may_have_columns_of_their_own_in_one_table(two_units):
    heading = [
        *("单位", "渠道", "类别"),
        *(
            "第二党支部|总体评价",
            "第二党支部 ｜ 兑现公开承诺情况",
            "第一党支部｜兑现公开承诺情况",
            "第一党支部|总体评价",
        ),
    ]
    rows = [
        ["第一党支部", "书面", "党员", "", "", "满意", "不满意"],
        ["第二党支部", "书面", "党员", "基本满意", "", "", ""],
    ]

    imported(two_units, as_csv(*rows, heading=heading))

    assert [votes(batch) for batch in Batch.objects.order_by("poll__path")] == [{"13": 1}, {"-2": 1}]


def test_a_ballot_about_a_branch_and_its_members_has_a_column_for_each_cell():
    poll = make_branch_poll(member_count=3)
    heading = template_headings(poll.campaign)
    cells = [heading_ for heading_ in heading[3:] if not heading_.endswith("意见建议")]
    row = ["第一党支部", "集中", "党员"] + ["满意"] * len(cells) + ["好"] * (len(heading) - 3 - len(cells))

    told = imported(poll.campaign, as_csv(row, heading=heading))

    assert told.row_count == 1
    assert votes(poll.batches.get()) == {"1" * len(cells): 1}
    assert {opinion.target.name for opinion in Opinion.objects.all()} == set(
        poll.targets.values_list("name", flat=True)
    )
    assert template_headings(poll.campaign) == heading


def test_the_template_of_many_units_fetches_none_of_their_targets(two_units):
    with CaptureQueriesContext(connection) as queries:
        heading = template_headings(two_units)

    (title,) = two_units.questionnaires.values_list("title", flat=True)
    assert heading == [
        *("单位", "渠道", "类别", f"{title}｜兑现公开承诺情况", f"{title}｜总体评价", "意见建议"),
    ]
    names = [query["sql"] for query in queries if query["sql"].startswith('SELECT "campaigns_target"."name"')]
    assert [sql.rpartition(" ")[2] for sql in names] == ["1"]


def test_a_bare_opinion_column_goes_to_the_organization_where_there_are_several_targets():
    poll = make_branch_poll(member_count=2)
    columns = [heading for heading in template_headings(poll.campaign) if not heading.endswith("意见建议")]
    row = ["第一党支部", "集中", "党员", *["满意"] * (len(columns) - 3), "多下基层。"]

    imported(poll.campaign, as_csv(row, heading=[*columns, "意见建议"]))

    assert [(opinion.target.kind, opinion.text) for opinion in Opinion.objects.all()] == [
        ("organization", "多下基层。")
    ]


def test_a_target_on_two_questionnaires_is_told_apart_by_their_titles():
    organizer = make_organization()
    campaign = make_campaign(organizer)
    scale = campaign.questionnaires.get().scale
    deeds = campaign.questionnaires.create(
        key="deeds", title="实事评议表", target_kind="organization", target_rule="organization_itself", scale=scale
    )
    deeds.indicators.create(text="总体评价", is_overall=True)
    actions.make_polls(campaign, [organizer])
    ballot_actions.open_campaign(campaign, by=None)
    titled = [
        *("单位", "渠道", "类别", "基层党组织评议表/某局党委｜兑现公开承诺情况", "基层党组织评议表/某局党委｜总体评价"),
        *("实事评议表/某局党委｜总体评价", "基层党组织评议表/某局党委｜意见建议", "实事评议表/某局党委｜意见建议"),
    ]
    row = ["某局党委", "书面", "党员", "满意", "基本满意", "不满意"]

    imported(campaign, as_csv([*row, "", "路灯亮了"], heading=titled))

    assert template_headings(campaign) == titled
    assert votes(campaign.polls.get().batches.get()) == {"123": 1}
    assert Opinion.objects.get().target.questionnaire == deeds
    assert problems(campaign, as_csv(row, heading=[*HEADING[:5], titled[5]])) == [
        "第1行E列：“某局党委”的票上有2处；请写成“评议表/评议对象｜评议内容”。",
        "第1行F列：“某局党委”的票上它与E列是同一项，只能写一列。",
    ]


# All or nothing


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        (["单位", "渠道", *HEADING[3:]], ["第1行：表头缺少“类别”列；前三列应为“单位”、“渠道”、“类别”。"]),
        (
            [*HEADING[:4], "某局党委｜兑现公开承诺情况", HEADING[4], "意见建议"],
            ["第1行E列“某局党委｜兑现公开承诺情况”：与D列的表头重复。"],
        ),
        (
            [*HEADING[:3], "外单位党委｜兑现公开承诺情况", *HEADING[3:]],
            ["第1行D列“外单位党委｜兑现公开承诺情况”：没有评议对象“外单位党委”；可写“某局党委”。"],
        ),
        (
            [*HEADING[:3], "某局党委｜廉洁自律", *HEADING[3:]],
            [
                "第1行D列“某局党委｜廉洁自律”：“某局党委”没有评议内容“廉洁自律”；可写“兑现公开承诺情况”、“总体评价”、“意见建议”。"
            ],
        ),
        (
            [*HEADING[:3], "序号", *HEADING[3:]],
            [
                "第1行D列“序号”：不认识这一列；可写“单位”、“渠道”、“类别”、“意见建议”，其余各列写成“评议对象｜评议内容”。"
            ],
        ),
    ],
)
def test_a_wrong_heading_is_told_with_what_is_allowed(campaign, heading, told):
    row = dict(zip(HEADING, ROW, strict=True))

    noted = problems(campaign, as_csv([row.get(name, "") for name in heading], heading=heading))

    assert noted == told


def test_a_cell_of_the_ballot_without_a_column_is_told_once(campaign):
    heading = [name for name in HEADING if "总体评价" not in name]
    row = [*ROW[:4], ""]

    assert problems(campaign, as_csv(row, row, heading=heading)) == [
        "第2行：“某局党委”的票上有“某局党委｜总体评价”，表头缺少这些列。"
    ]


def test_a_cell_that_two_columns_give_is_refused(campaign):
    heading = [*HEADING, "基层党组织评议表｜总体评价"]

    assert problems(campaign, as_csv([*ROW, "满意"], heading=heading)) == [
        "第1行G列：“某局党委”的票上它与E列是同一项，只能写一列。"
    ]


def test_a_cell_of_another_units_ballot_must_be_empty(two_units):
    heading = [
        *("单位", "渠道", "类别"),
        *(f"{unit}｜{text}" for unit in ("第一党支部", "第二党支部") for text in ("兑现公开承诺情况", "总体评价")),
    ]
    row = ["第一党支部", "书面", "党员", "满意", "满意", "满意", ""]

    assert problems(two_units, as_csv(row, heading=heading)) == [
        "第2行F列“满意”：“第一党支部”的票上没有“第二党支部｜兑现公开承诺情况”，这一格应为空。"
    ]
