"""A compared roster is written whole, or not at all where something changed since the preview."""

import datetime

import pytest

from campaigns import actions
from campaigns.models import Commitment, Member, Organization
from campaigns.roster.comparing import SECOND, SKIP, TRANSFER, RosterChoices, compare_roster
from campaigns.roster.reading import read_workbook
from campaigns.roster.writing import Stale, UndecidedRoster, write_reading
from tests.campaigns.roster.comparisons import TREE, states, write_rows
from tests.factories import make_commitment, make_member, make_organization, make_user
from tests.workbooks import make_roster

pytestmark = pytest.mark.django_db


def paths():
    """Every organization as its path of names."""
    by_path = {organization.path: organization.name for organization in Organization.objects.all()}
    return sorted(
        "/".join(by_path[above] for above in organization.ancestor_paths) for organization in Organization.objects.all()
    )


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
    actions.deactivate_organization(branch, by=None)

    comparison = write_rows(cast.secretary, [("第一党支部", "党支部", "某局党委")])

    branch.refresh_from_db()
    assert states(comparison) == [("组织", "第一党支部", "changed", [("在用", "已停用", "在用")])]
    assert branch.is_active


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
            [(f"{prefix}党员{n}", f"{prefix}{n}") for n in range(size)],
            [(f"{prefix}{n}", f"{prefix}党员{n}", "", "办实事", "", "") for n in range(size)],
        )
        with django_assert_max_num_queries(100) as queries:
            write_rows(superuser, *rows)
        return len(queries)

    count("甲党委", 1)  # reads the user's roles
    assert count("乙党委", 3) == count("丙党委", 30)


def test_a_change_that_started_from_another_value_than_the_preview_showed_is_not_written(cast, branch):
    member = make_member(branch, "张三", post="deputy")
    reading = read_workbook(make_roster([], [("张三", "第一党支部", None, "书记")]))
    previewed = compare_roster(reading, cast.secretary).digest
    Member.objects.filter(pk=member.pk).update(post="cadre")

    with pytest.raises(Stale):
        write_reading(reading, cast.secretary, previewed=previewed)

    assert list(Member.objects.values_list("name", "post")) == [("张三", "cadre")]


# Members who came from elsewhere, and members whom the workbook does not have


@pytest.fixture
def second(committee):
    return make_organization("第二党支部", parent=committee, kind="branch")


def rosters():
    """Unit, name, post and whether on the roster, of every member."""
    fields = ("organization__name", "name", "post", "is_active")
    return sorted(Member.objects.filter(organization__parent__name="某局党委").values_list(*fields))


def write_decided(user, *members, **choices):
    reading = read_workbook(make_roster([], members))
    previewed = compare_roster(reading, user).digest
    return write_reading(reading, user, previewed=previewed, choices=RosterChoices(**choices))


def test_a_namesake_elsewhere_never_becomes_a_second_person_in_silence(cast, branch, second):
    make_member(branch, "张三")

    with pytest.raises(UndecidedRoster):
        write_decided(cast.secretary, ("张三", "第二党支部"))

    assert rosters() == [("第一党支部", "张三", "member", True)]


def test_a_member_is_transferred_with_commitments_and_takes_what_the_row_says(cast, branch, second):
    member = make_member(branch, "张三", post="secretary")
    commitment = make_commitment(branch, member=member)

    comparison = write_decided(
        cast.secretary, ("张三", "第二党支部", "正式党员", "普通党员"), namesakes={2: (TRANSFER, member.pk)}
    )

    assert states(comparison) == [
        ("党员", "张三", "changed", [("党组织", "第一党支部", "第二党支部"), ("职务", "书记", "普通党员")])
    ]
    assert rosters() == [("第二党支部", "张三", "member", True)]
    commitment.refresh_from_db()
    assert commitment.organization == second


@pytest.mark.parametrize(("answer", "units"), [(SECOND, ["第一党支部", "第二党支部"]), (SKIP, ["第一党支部"])])
def test_a_namesake_is_another_person_or_left_out_when_that_was_said(cast, branch, second, answer, units):
    make_member(branch, "张三")

    write_decided(cast.secretary, ("张三", "第二党支部"), ("李四", "第二党支部"), namesakes={2: (answer, 0)})

    assert [unit for unit, name, *_ in rosters() if name == "张三"] == units


def test_a_member_of_a_roster_that_is_not_the_users_cannot_be_transferred(branch, second, cast):
    member = make_member(branch, "张三")
    user = make_user("of the second", kind="secretary", organization=second)
    reading = read_workbook(make_roster([], [("张三", "第二党支部")]))

    assert compare_roster(reading, user).namesakes == []
    with pytest.raises(Stale) as caught:
        write_reading(
            reading,
            user,
            previewed=compare_roster(reading, user).digest,
            choices=RosterChoices({2: (TRANSFER, member.pk)}),
        )
    assert caught.value.comparison.errors
    assert rosters() == [("第一党支部", "张三", "member", True)]


def test_members_whom_the_workbook_lacks_stay_unless_they_are_to_go(cast, branch, second):
    gone, kept = make_member(branch, "李四"), make_member(branch, "王五")
    make_member(branch, "赵六", is_active=False)
    elsewhere = make_member(second, "钱七")

    comparison = write_decided(cast.secretary, ("张三", "第一党支部"), deactivated=frozenset({gone.pk, elsewhere.pk}))

    assert [(member.name, member.unit, member.post) for member in comparison.absent] == [
        (name, "某局党委/第一党支部", "普通党员") for name in (gone.name, kept.name)
    ]
    # Nobody goes whom the preview did not list.
    assert [(name, is_active) for _, name, _, is_active in rosters()] == [
        ("张三", True),
        ("李四", False),
        ("王五", True),
        ("赵六", False),
        ("钱七", True),
    ]


def test_whoever_moves_within_the_workbook_is_not_put_off_the_roster(cast, branch, second):
    moving = make_member(branch, "张三")

    write_decided(
        cast.secretary,
        *[("李四", "第一党支部"), ("张三", "第二党支部")],
        namesakes={3: (TRANSFER, moving.pk)},
        deactivated=frozenset({moving.pk}),
    )

    assert ("第二党支部", "张三", "member", True) in rosters()
