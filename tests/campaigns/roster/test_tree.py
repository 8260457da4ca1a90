"""Places of a roster's units in the tree: parents, paths, loops and depth."""

import pytest

from campaigns.roster.comparing import compare_roster
from campaigns.roster.reading import read_workbook
from tests.campaigns.roster.comparisons import TREE, errors_of
from tests.factories import make_organization
from tests.workbooks import make_roster

pytestmark = pytest.mark.django_db


def test_a_name_that_is_not_unique_is_refused_with_the_paths(superuser):
    assert errors_of(superuser, TREE, [("张三", "第一党支部")]) == [
        (
            "党员",
            2,
            "党组织",
            "名称有2个党组织，分不清是哪一个；请写路径，"
            "如“某局党委/机关党总支/第一党支部”、“某局党委/基层党总支/第一党支部”。",
        )
    ]


def test_an_unknown_parent_and_an_unknown_organization_are_told(cast):
    errors = errors_of(cast.secretary, [("第二党支部", "党支部", "某局党总支")], [("张三", "第三党支部")])

    assert [(sheet, row, column, message[:9]) for sheet, row, column, message in errors] == [
        ("组织", 2, "上级", "找不到这个党组织；"),
        ("党员", 2, "党组织", "找不到这个党组织；"),
    ]


@pytest.mark.parametrize(
    ("rows", "loop"),
    [
        ([("甲", "党委", "乙"), ("乙", "党委", "甲")], "第2行“甲” → 第3行“乙” → 第2行“甲”"),
        (
            [("甲", "党委", "丙"), ("乙", "党委", "甲"), ("丙", "党委", "乙")],
            "第2行“甲” → 第4行“丙” → 第3行“乙” → 第2行“甲”",
        ),
    ],
)
def test_a_loop_among_parents_is_refused(superuser, rows, loop):
    (error,) = errors_of(superuser, rows)

    assert error[3] == f"上级成了循环：{loop}。"


def test_an_organization_cannot_be_its_own_parent(superuser):
    (error,) = errors_of(superuser, [("甲", "党委", "甲")])

    assert error[:3] == ("组织", 2, "上级")


def test_a_tree_that_is_too_deep_is_refused(superuser):
    rows = [(f"第{level}级", "党委", f"第{level - 1}级" if level > 1 else None) for level in range(1, 17)]

    assert errors_of(superuser, rows) == [("组织", 17, "上级", "层级超过15级。")]
    assert errors_of(superuser, rows[:15]) == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_very_long_chain_is_refused_and_does_not_exhaust_the_stack(superuser, order):
    rows = [(f"第{level}级", "党委", f"第{level - 1}级" if level > 1 else None) for level in range(1, 2001)]

    errors = errors_of(superuser, rows[::order])

    assert errors
    assert {message for *_, message in errors} == {"层级超过15级。"}


def test_another_spelling_of_a_unit_is_the_stored_unit(cast, committee):
    make_organization("第三党支部(机关)", parent=committee, kind="branch")

    comparison = compare_roster(
        read_workbook(make_roster([("第三 党支部（机关）", "党支部", "某局党委")], [("张三", "第三党支部（机关）")])),
        cast.secretary,
    )

    assert comparison.errors == []
    assert [(entry.unit, entry.label, entry.state) for entry in comparison.entries] == [
        ("某局党委", "第三党支部(机关)", "unchanged"),
        ("某局党委/第三党支部(机关)", "张三", "new"),
    ]
