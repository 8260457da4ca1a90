"""Rows against the database: new, changed, unchanged, errors; written whole or not at all."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from campaigns import actions
from campaigns.models import Commitment, Member, Organization
from campaigns.roster.comparing import compare_roster
from campaigns.roster.reading import read_workbook
from campaigns.roster.writing import Stale, write_reading
from tests.factories import make_cast, make_member, make_organization, make_user
from tests.workbooks import make_roster, template_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def branch(committee):
    return make_organization("第一党支部", kind="branch", parent=committee)


@pytest.fixture
def cast(committee):
    return make_cast(committee)


@pytest.fixture
def superuser():
    return make_user("root", is_superuser=True)


def errors_of(user, *rows):
    return [
        (e.sheet, e.row, e.column, e.message) for e in compare_roster(read_workbook(make_roster(*rows)), user).errors
    ]


def states(comparison):
    return [
        (entry.sheet, entry.label, entry.state, [(c.heading, c.old, c.new) for c in entry.changes])
        for entry in comparison.entries
    ]


def write_rows(user, *rows):
    reading = read_workbook(make_roster(*rows))
    comparison = compare_roster(reading, user)
    assert comparison.errors == []
    return write_reading(reading, user, previewed=comparison.digest)


def paths():
    """Every organization as its path of names."""
    by_path = {organization.path: organization.name for organization in Organization.objects.all()}
    return sorted(
        "/".join(by_path[above] for above in organization.ancestor_paths) for organization in Organization.objects.all()
    )


TREE = [
    ("某局党委", "党委", None),
    # Below a parent that stands further down, and two of one name.
    ("第一党支部", "党支部", "机关党总支"),
    ("机关党总支", "党总支", "某局党委"),
    ("基层党总支", "党总支", "某局党委"),
    ("第一党支部", "党支部", "基层党总支"),
]


def test_a_whole_tree_is_written_with_its_members_and_commitments(superuser):
    write_rows(
        superuser,
        TREE,
        [
            ("张三", "机关党总支/第一党支部", None, "书记"),
            ("张三", "某局党委/基层党总支/第一党支部", "预备党员", None),
            ("李四", "某局党委", None, None),
        ],
        [
            ("机关党总支/第一党支部", "张三", None, "办实事", "2026-12-31", None),
            ("某局党委", None, "实事好事", "修一条路", None, "已兑现"),
        ],
    )

    assert paths() == [
        "某局党委",
        "某局党委/基层党总支",
        "某局党委/基层党总支/第一党支部",
        "某局党委/机关党总支",
        "某局党委/机关党总支/第一党支部",
    ]
    assert set(Member.objects.values_list("organization__parent__name", "name", "status", "post")) == {
        (None, "李四", "full", "member"),
        ("基层党总支", "张三", "probationary", "member"),
        ("机关党总支", "张三", "full", "secretary"),
    }
    assert set(Commitment.objects.values_list("organization__name", "member__name", "kind", "content", "status")) == {
        ("第一党支部", "张三", "promise", "办实事", "ongoing"),
        ("某局党委", None, "deed", "修一条路", "fulfilled"),
    }


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


def test_changes_are_written_and_what_the_workbook_does_not_name_stays(cast, committee, branch):
    zhang, li = make_member(branch, "张三", post="secretary"), make_member(branch, "李四")

    write_rows(cast.administrator, [("第一党支部", "党总支", "某局党委")], [("张三", "第一党支部", "预备党员", None)])

    branch.refresh_from_db()
    zhang.refresh_from_db()
    li.refresh_from_db()
    assert branch.kind == "general_branch"
    assert (zhang.status, zhang.post) == ("probationary", "secretary")
    assert (li.status, li.is_active) == ("full", True)


def test_a_commitment_that_is_no_longer_fulfilled_loses_its_day(cast, committee, branch):
    day = datetime.date(2026, 6, 1)
    for content in ("办实事", "修路"):
        Commitment.objects.create(organization=branch, content=content, status="fulfilled", fulfilled_on=day)
    rows = [("第一党支部", None, None, "办实事", None, "践诺中"), ("第一党支部", None, None, "修路", None, "已兑现")]

    write_rows(cast.secretary, [("第一党支部", "党支部", "某局党委")], [], rows)

    assert dict(Commitment.objects.values_list("content", "fulfilled_on")) == {"办实事": None, "修路": day}


def test_an_organization_out_of_use_comes_back_with_its_row(cast, committee, branch):
    actions.deactivate_organization(branch)

    comparison = write_rows(cast.secretary, [("第一党支部", "党支部", "某局党委")])

    branch.refresh_from_db()
    assert states(comparison) == [("组织", "第一党支部", "changed", [("在用", "已停用", "在用")])]
    assert branch.is_active


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


def test_rows_that_hang_on_a_bad_row_raise_no_error_of_their_own(cast):
    errors = errors_of(
        cast.secretary,
        [("机关党总支", "党总支", "没有的党委"), ("第一党支部", "党支部", "机关党总支")],
        [("张三", "第一党支部")],
        [("机关党总支", "", "", "办实事", "", "")],
    )

    assert [error[:3] for error in errors] == [("组织", 2, "上级")]


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


def test_a_change_since_the_preview_is_not_overwritten(cast, branch):
    reading = read_workbook(make_roster([], [("张三", "第一党支部", None, "书记"), ("李四", "第一党支部")]))
    previewed = compare_roster(reading, cast.secretary).digest
    make_member(branch, "张三", post="deputy")

    with pytest.raises(Stale) as caught:
        write_reading(reading, cast.secretary, previewed=previewed)

    assert list(Member.objects.values_list("name", "post")) == [("张三", "deputy")]
    assert states(caught.value.comparison) == [
        ("党员", "张三", "changed", [("职务", "班子成员", "书记")]),
        ("党员", "李四", "new", []),
    ]


def test_rights_lost_since_the_preview_stop_the_import(cast, branch):
    reading = read_workbook(make_roster([], [("张三", "第一党支部")]))
    previewed = compare_roster(reading, cast.secretary).digest
    cast.secretary.roles.all().delete()
    user = type(cast.secretary).objects.get(pk=cast.secretary.pk)

    with pytest.raises(Stale):
        write_reading(reading, user, previewed=previewed)

    assert not Member.objects.exists()


def test_a_failure_at_the_last_table_leaves_the_first_unwritten(superuser):
    reading = read_workbook(make_roster(TREE, [("张三", "某局党委")], [("某局党委", "", "", "办实事", "", "")]))
    reading.rows["承诺"][0].cells["兑现情况"] = "nonsense"
    previewed = compare_roster(reading, superuser).digest

    with pytest.raises(Stale):
        write_reading(reading, superuser, previewed=previewed)

    assert not Organization.objects.exists()
    assert not Member.objects.exists()


def test_an_import_takes_as_many_queries_for_thirty_rows_as_for_three(superuser, django_assert_max_num_queries):
    def count(prefix, size):
        rows = (
            [(prefix, "党委"), *((f"{prefix}{n}", "党支部", prefix) for n in range(size))],
            [(f"党员{n}", f"{prefix}{n}") for n in range(size)],
            [(f"{prefix}{n}", f"党员{n}", "", "办实事", "", "") for n in range(size)],
        )
        with django_assert_max_num_queries(100) as queries:
            write_rows(superuser, *rows)
        return len(queries)

    count("甲党委", 1)  # reads the user's roles
    assert count("乙党委", 3) == count("丙党委", 30)


def test_the_template_is_written_by_the_command(tmp_path, capsys):
    path = tmp_path / "名册.xlsx"

    call_command("roster_template", str(path))

    assert path.stat().st_size > 0
    assert template_book().sheetnames == ["说明", "组织", "党员", "承诺"]
    assert read_workbook(path.open("rb")).rows == {"组织": [], "党员": [], "承诺": []}


@pytest.mark.parametrize("name", ["名册.xls", "没有的文件夹/名册.xlsx"])
def test_the_command_says_where_it_cannot_write(tmp_path, name):
    with pytest.raises(CommandError):
        call_command("roster_template", str(tmp_path / name))

    assert list(tmp_path.iterdir()) == []


def test_a_change_that_started_from_another_value_than_the_preview_showed_is_not_written(cast, branch):
    member = make_member(branch, "张三", post="deputy")
    reading = read_workbook(make_roster([], [("张三", "第一党支部", None, "书记")]))
    previewed = compare_roster(reading, cast.secretary).digest
    Member.objects.filter(pk=member.pk).update(post="cadre")

    with pytest.raises(Stale):
        write_reading(reading, cast.secretary, previewed=previewed)

    assert list(Member.objects.values_list("name", "post")) == [("张三", "cadre")]
