"""Rows against the database: new, changed, unchanged, and what is refused."""

import datetime

import pytest

from campaigns.models import Commitment, Organization
from campaigns.roster.comparing import compare_roster
from campaigns.roster.reading import read_workbook
from tests.campaigns.roster.comparisons import TREE, errors_of, states, write_rows
from tests.factories import make_member, make_organization, make_user
from tests.workbooks import make_roster

pytestmark = pytest.mark.django_db


def test_the_same_workbook_again_changes_nothing(superuser):
    rows = (TREE, [("张三", "机关党总支/第一党支部")], [("某局党委", "", "", "办实事", "2026-12-31", "")])
    write_rows(superuser, *rows)

    comparison = compare_roster(read_workbook(make_roster(*rows)), superuser)

    assert comparison.errors == []
    assert not comparison.has_changes
    assert len(comparison.entries) == 7


def test_new_changed_and_unchanged_rows_are_told_apart(cast, committee, branch):
    make_member(branch, "张三", post="secretary")
    make_member(branch, "李四")
    make_member(branch, "王五", is_active=False)
    kept = make_member(branch, "钱七", status="probationary")
    Commitment.objects.create(organization=branch, content="办实事", due_on=datetime.date(2026, 6, 30))

    comparison = compare_roster(
        read_workbook(
            make_roster(
                [("某局党委", "党委"), ("第一党支部", "党总支", "某局党委"), ("第二党支部", "党支部", "某局党委")],
                [
                    ("张三", "第一党支部", None, "普通党员"),
                    ("李四", "第一党支部"),
                    ("王五", "第一党支部"),
                    ("赵六", "第二党支部"),
                    # Empty cells leave alone what is stored.
                    (kept.name, "第一党支部", None, None),
                ],
                [("第一党支部", None, None, "办实事", "2026-12-31", "已兑现")],
            )
        ),
        cast.secretary,
    )

    assert comparison.errors == []
    assert states(comparison) == [
        ("组织", "某局党委", "unchanged", []),
        ("组织", "第一党支部", "changed", [("类别", "党支部", "党总支")]),
        ("组织", "第二党支部", "new", []),
        ("党员", "张三", "changed", [("职务", "书记", "普通党员")]),
        ("党员", "李四", "unchanged", []),
        ("党员", "王五", "changed", [("在册", "不在册", "在册")]),
        ("党员", "赵六", "new", []),
        ("党员", "钱七", "unchanged", []),
        ("承诺", "办实事", "changed", [("完成时限", "2026-06-30", "2026-12-31"), ("兑现情况", "践诺中", "已兑现")]),
    ]


def test_rows_that_hang_on_a_bad_row_raise_no_error_of_their_own(cast):
    errors = errors_of(
        cast.secretary,
        [("机关党总支", "党总支", "没有的党委"), ("第一党支部", "党支部", "机关党总支")],
        [("张三", "第一党支部")],
        [("机关党总支", "", "", "办实事", "", "")],
    )

    assert [error[:3] for error in errors] == [("组织", 2, "上级")]


def test_rows_that_repeat_one_another_are_refused(cast, branch):
    errors = errors_of(
        cast.secretary,
        [("第二党支部", "党支部", "某局党委"), ("第二党支部", "党支部", "某局党委")],
        [("张三", "第一党支部"), ("张　三", "某局党委/第一党支部")],
        [("第一党支部", "张三", "", "办实事", "", ""), ("第一党支部", "张三", "", "办实事", "2026-12-31", "")],
    )

    assert [
        (sheet, row, column, message.partition("；")[0].partition("：")[0]) for sheet, row, column, message in errors
    ] == [
        ("组织", 3, "名称", "与第2行重复"),
        ("党员", 3, "姓名", "与第2行重复"),
        ("承诺", 3, "承诺内容", "与第2行重复"),
    ]


def test_five_spellings_of_a_name_are_the_stored_member(cast, branch):
    make_member(branch, "阿卜杜拉·买买提")
    spellings = ("阿卜杜拉•买买提", "阿卜杜拉・买买提", "阿卜杜拉．买买提", "阿卜杜拉.买买提", "阿卜杜拉 · 买买提")

    comparison = compare_roster(
        read_workbook(make_roster([], [(name, "第一党支部") for name in spellings])), cast.secretary
    )

    assert comparison.errors == []
    assert [(entry.label, entry.state) for entry in comparison.entries] == [("阿卜杜拉·买买提", "unchanged")]


def test_a_new_member_with_the_name_of_somebody_elsewhere_is_pointed_out(cast, committee, branch):
    other = make_organization("第二党支部", parent=committee, kind="branch")
    make_member(branch, "张三")
    make_member(branch, "李四", is_active=False)
    make_member(Organization.objects.get(name="外单位党委"), "王五")
    members = [("张三", "第二党支部"), ("李四", "第二党支部"), ("王五", "第二党支部")]

    comparison = compare_roster(read_workbook(make_roster([], members)), cast.secretary)

    assert [(member.row, member.name, member.unit, member.others) for member in comparison.namesakes] == [
        (2, "张三", f"某局党委/{other.name}", ("第一党支部",))
    ]


def test_a_member_stored_in_another_spelling_is_the_same_person(cast, branch):
    make_member(branch, "李四(大)")

    comparison = compare_roster(read_workbook(make_roster([], [("李四（大）", "第一党支部")])), cast.secretary)

    assert [entry.state for entry in comparison.entries] == ["unchanged"]


def test_a_commitment_of_somebody_who_is_not_on_the_roster_is_refused(cast, branch):
    make_member(branch, "张三", is_active=False)

    errors = errors_of(cast.secretary, [], [], [("第一党支部", "张三", "", "办实事", "", "")])

    assert errors == [("承诺", 2, "承诺人", "“某局党委/第一党支部”的名册和本工作簿中都没有这名党员。")]


def test_only_a_superuser_adds_roots(cast, superuser):
    rows = ([("另一党委", "党委", None)], [("张三", "另一党委")])

    assert errors_of(cast.administrator, *rows) == [
        ("组织", 2, "上级", "只有超级管理员可以新增最上级的党组织；请填写上级。")
    ]
    assert errors_of(superuser, *rows) == []


def test_nothing_is_told_of_organizations_that_the_user_does_not_see(cast, committee, branch):
    elsewhere = Organization.objects.get(name="外单位党委")
    make_member(elsewhere, "张三")
    hidden = errors_of(cast.secretary, [("第二党支部", "党支部", "外单位党委")], [("张三", "外单位党委")])
    missing = errors_of(cast.secretary, [("第二党支部", "党支部", "没有的党委")], [("张三", "没有的党委")])

    assert hidden == missing
    assert len(hidden) == 2


def test_a_secretary_of_a_branch_may_not_write_above_or_beside_it(committee, branch):
    beside = make_organization("第二党支部", kind="branch", parent=committee)
    make_member(committee, "张三")
    user = make_user(kind="secretary", organization=branch)

    errors = errors_of(
        user,
        [
            ("某局党委", "党总支", None),
            ("第三党支部", "党支部", "某局党委"),
            ("第一小组", "党支部", "某局党委/第一党支部"),
        ],
        [("张三", "某局党委"), ("李四", beside.name), ("王五", "第一党支部")],
    )

    assert [(sheet, row, message[:2]) for sheet, row, _, message in errors] == [
        ("组织", 2, "您没"),
        ("组织", 3, "您没"),
        ("党员", 2, "您没"),
        ("党员", 3, "找不"),
    ]


def test_tellers_and_officers_write_nothing(cast, branch):
    for user in (cast.teller, cast.officer):
        errors = errors_of(user, [("第二党支部", "党支部", "某局党委")], [("张三", "第一党支部")])

        assert [error[:2] for error in errors] == [("组织", 2), ("党员", 2)]


def near_of(user, *rows, told_apart=()):
    reading = read_workbook(make_roster(*rows))
    reading.told_apart = list(told_apart)
    return [(unit.name, unit.sheet, unit.row, unit.others) for unit in compare_roster(reading, user).near]


def test_a_unit_that_comes_near_another_below_the_same_parent_is_pointed_out(cast, committee):
    make_organization("第三党支部（机关）", parent=committee, kind="branch")
    other = make_organization("第二党总支", parent=committee, kind="general_branch")
    make_organization("第四党支部（机关）", parent=other, kind="branch")
    rows = ([(name, "党支部", "某局党委") for name in ("第三党支部", "第四党支部", "第五党支部")],)

    assert near_of(cast.secretary, *rows) == [("第三党支部", "组织", 2, ("某局党委/第三党支部（机关）",))]
    assert near_of(cast.secretary, *rows, told_apart=["第三党支部"]) == []


def test_a_unit_that_members_name_and_nobody_has_is_pointed_out_near_others(cast, committee):
    make_organization("第三党支部（机关）", parent=committee, kind="branch")

    assert near_of(cast.secretary, [], [("张三", "第三党支部"), ("李四", "第三党支部")]) == [
        ("第三党支部", "党员", 2, ("某局党委/第三党支部（机关）",))
    ]


def test_a_unit_that_the_workbook_names_itself_is_near_to_none(cast, committee):
    make_organization("第三党支部（机关）", parent=committee, kind="branch")
    rows = [("第三党支部", "党支部", "某局党委"), ("第三党支部（机关）", "党支部", "某局党委")]

    assert near_of(cast.secretary, rows) == []


def test_a_member_who_is_named_in_both_units_is_two_people(cast, committee, branch):
    make_organization("第二党支部", parent=committee, kind="branch")
    make_member(branch, "张三")

    comparison = compare_roster(
        read_workbook(make_roster([], [("张三", "第一党支部"), ("张三", "第二党支部")])), cast.secretary
    )

    assert comparison.namesakes == []
    assert [entry.state for entry in comparison.entries] == ["unchanged", "new"]
