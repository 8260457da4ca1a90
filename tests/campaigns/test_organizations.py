"""Pages of the organization tree."""

import pytest
from django.urls import reverse

from campaigns.models import Organization
from campaigns.views import organizations as views
from tests.factories import make_cast, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


LIST = reverse("campaigns:organization_list")


def url(name, organization=None):
    return reverse(f"campaigns:organization_{name}", args=[organization.pk] if organization else [])


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def general(committee):
    return make_organization("机关党总支", kind="general_branch", parent=committee)


@pytest.fixture
def branch(general):
    return make_organization("第一党支部", kind="branch", parent=general)


@pytest.fixture
def cast(committee):
    return make_cast(committee)


def test_the_tree_shows_what_lies_below_the_users_role_with_active_members(client, cast, general, branch):
    make_member(branch, "张三")
    make_member(branch, "李四")
    make_member(branch, "王五", is_active=False)
    beside = make_organization("基层党总支", kind="general_branch", parent=general.parent)
    later = make_organization("第二党支部", kind="branch", parent=general)
    client.force_login(cast.officer)

    rows = client.get(LIST).context["rows"]

    assert [(row.name, row.indent, row.member_count) for row in rows] == [
        ("某局党委", 0, 0),
        ("机关党总支", 1, 0),
        ("第一党支部", 2, 2),
        (later.name, 2, 0),
        (beside.name, 1, 0),
    ]


def test_a_search_finds_within_what_the_user_sees(client, cast, branch):
    make_organization("第一党支部", kind="branch", parent=Organization.objects.get(name="外单位党委"))
    client.force_login(cast.officer)

    rows = client.get(LIST, {"q": "支部"}).context["rows"]

    assert rows == [branch]


def test_a_very_large_tree_is_shown_two_levels_at_a_time(client, cast, committee, general, branch, monkeypatch):
    monkeypatch.setattr(views, "WHOLE_TREE", 2)
    client.force_login(cast.officer)

    top = client.get(LIST)
    below = client.get(LIST, {"below": general.pk})

    assert (top.context["is_folded"], top.context["rows"]) == (True, [committee, general])
    assert f'href="?below={general.pk}"' in top.content.decode() and "展开（1）" in top.content.decode()
    assert (below.context["is_folded"], below.context["rows"]) == (False, [general, branch])
    assert "展开（" not in below.content.decode()
    assert client.get(LIST, {"below": Organization.objects.get(name="外单位党委").pk}).status_code == 404


def test_the_tree_and_a_page_take_the_same_number_of_queries_for_more_rows(
    client, cast, branch, django_assert_num_queries
):
    def queries(path):
        client.get(path)  # session and roles
        with django_assert_num_queries(count[path]):
            client.get(path)

    client.force_login(cast.secretary)
    count = {LIST: 4, url("detail", branch): 11}
    make_member(branch, "张三").commitments.create(organization=branch, content="办实事")
    make_organization("小组1", parent=branch)
    for path in count:
        queries(path)

    for number in (2, 3):
        make_member(branch, f"党员{number}").commitments.create(organization=branch, content="办实事")
        make_organization(f"小组{number}", parent=branch)

    for path in count:
        queries(path)


def test_the_way_to_a_unit_has_no_field_of_the_filters(client, cast, branch):
    client.force_login(cast.secretary)

    page = client.get(url("detail", branch)).content.decode()

    way = page.partition('aria-label="位置"')[2].partition("</nav>")[0]
    assert "第一党支部" in way and "<input" not in way and "<select" not in way


def test_a_unit_is_added_below_a_parent(client, cast, general):
    client.force_login(cast.secretary)

    response = client.post(url("add") + f"?below={general.pk}", {"name": " 第二 党支部 ", "kind": "branch"})

    added = Organization.objects.get(parent=general)
    assert response.url == url("detail", added)
    assert (added.name, added.kind, added.depth) == ("第二 党支部", "branch", 2)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "第一党支部", "kind": "branch"}, "同一上级之下已有同名的党组织。"),
        ({"name": "第二党支部", "kind": "party"}, "party"),
        ({"name": "", "kind": "branch"}, "必填"),
        ({"name": "坏\x07名", "kind": "branch"}, "控制字符"),
        ({"name": "长" * 101, "kind": "branch"}, "100"),
    ],
)
def test_a_bad_unit_is_refused_with_the_reason(client, cast, general, branch, fields, reason):
    client.force_login(cast.secretary)

    page = client.post(url("add") + f"?below={general.pk}", fields).content.decode()

    assert reason in page
    assert Organization.objects.filter(parent=general).count() == 1


def test_only_a_superuser_adds_a_root_and_its_name_is_unique(client, cast):
    client.force_login(cast.administrator)
    assert client.get(url("add")).status_code == 403
    assert client.post(url("add"), {"name": "新党委", "kind": "committee"}).status_code == 403

    client.force_login(make_user("root", is_superuser=True))
    assert (
        "已有同名的最上级党组织" in client.post(url("add"), {"name": "某局党委", "kind": "committee"}).content.decode()
    )
    client.post(url("add"), {"name": "新党委", "kind": "committee"})
    assert Organization.objects.get(name="新党委").parent is None


def test_a_unit_is_renamed_and_moved(client, cast, committee, general, branch):
    client.force_login(cast.secretary)

    client.post(url("edit", branch), {"name": "机关第一党支部", "kind": "group", "parent": committee.pk})

    branch.refresh_from_db()
    assert (branch.name, branch.kind, branch.parent, branch.depth) == ("机关第一党支部", "group", committee, 1)


def test_a_loop_is_refused_on_the_form_with_nothing_written(client, cast, committee, general, branch):
    client.force_login(cast.secretary)

    page = client.post(url("edit", general), {"name": "新名", "kind": "branch", "parent": branch.pk})

    general.refresh_from_db()
    assert "不能作它的上级" in page.content.decode()
    assert (general.name, general.kind, general.parent) == ("机关党总支", "general_branch", committee)


def test_a_move_to_where_the_name_is_taken_is_refused(client, cast, committee, branch):
    make_organization("第一党支部", kind="branch", parent=committee)
    client.force_login(cast.secretary)

    page = client.post(url("edit", branch), {"name": "第一党支部", "kind": "branch", "parent": committee.pk})

    assert "同一上级之下已有同名的党组织" in page.content.decode()


def test_a_unit_is_moved_only_within_what_the_user_keeps(client, cast, committee, general, branch):
    """Its own secretary may rename a unit but not hang it elsewhere."""
    elsewhere = Organization.objects.get(name="外单位党委")
    own = make_user("own", kind="secretary", organization=general)
    client.force_login(own)
    client.post(url("edit", general), {"name": "机关总支", "kind": "general_branch", "parent": elsewhere.pk})
    general.refresh_from_db()
    assert (general.name, general.parent) == ("机关总支", committee)

    client.force_login(cast.secretary)
    for parent in (elsewhere.pk, ""):
        page = client.post(url("edit", branch), {"name": "第一党支部", "kind": "branch", "parent": parent})
        assert page.status_code == 200
    branch.refresh_from_db()
    assert branch.parent == general


def test_a_unit_is_taken_out_of_use_and_back(client, cast, branch, general):
    client.force_login(cast.secretary)

    refused = client.post(url("deactivate", general), follow=True)
    client.post(url("deactivate", branch))

    assert "请先停用下级" in refused.content.decode()
    assert list(Organization.objects.filter(is_active=False)) == [branch]

    client.post(url("activate", branch))

    assert not Organization.objects.filter(is_active=False).exists()


@pytest.mark.parametrize("name", ["detail", "edit"])
def test_another_offices_unit_is_not_found(client, cast, branch, name):
    client.force_login(cast.outsider)

    assert client.get(url(name, branch)).status_code == 404
    assert client.get(url("add") + f"?below={branch.pk}").status_code == 404
    assert client.post(url("deactivate", branch)).status_code == 404


@pytest.mark.parametrize("role", ["teller", "officer"])
def test_tellers_and_officers_look_and_do_not_touch(client, cast, branch, role):
    client.force_login(getattr(cast, role))

    page = client.get(url("detail", branch))
    assert page.status_code == 200
    assert url("edit", branch) not in page.content.decode()
    assert client.get(url("edit", branch)).status_code == 403
    assert client.get(url("add") + f"?below={branch.pk}").status_code == 403
    for name in ("deactivate", "activate"):
        assert client.post(url(name, branch)).status_code == 403


def test_who_has_no_role_sees_no_unit(client, cast, branch):
    client.force_login(make_user("nobody"))

    assert client.get(LIST).context["rows"] == []


def test_names_above_the_users_own_unit_are_shown_without_links(client, committee, general, branch):
    client.force_login(make_user("own", kind="secretary", organization=general))

    page = client.get(url("detail", branch)).content.decode()

    assert committee.name in page
    assert f'href="{url("detail", committee)}"' not in page
    assert f'href="{url("detail", general)}"' in page


@pytest.mark.parametrize("below", ["x", "²", "99999", "-1"])
def test_a_parent_that_is_no_organization_is_not_found(client, cast, below):
    client.force_login(cast.secretary)

    assert client.get(url("add") + f"?below={below}").status_code == 404
    assert client.get(LIST, {"below": below}).status_code == 404


def test_a_unit_that_was_never_used_can_be_deleted_and_one_in_use_shows_no_button(client, cast, general, branch):
    client.force_login(cast.secretary)
    make_member(general, "张三")
    button = "删除（还没有用过）"

    assert button in client.get(url("detail", branch)).content.decode()
    assert button not in client.get(url("detail", general)).content.decode()
    refused = client.post(url("delete", general), follow=True)
    deleted = client.post(url("delete", branch), follow=True)

    assert "还有下级党组织、党员，不能删除" in refused.content.decode()
    assert "已删除“第一党支部”" in deleted.content.decode()
    assert list(Organization.objects.filter(parent=general)) == []


def test_a_folded_tree_tells_the_sums_of_the_whole(client, cast, committee, general, branch, monkeypatch):
    monkeypatch.setattr(views, "WHOLE_TREE", 2)
    make_member(branch, "张三")
    make_member(committee, "李四", is_active=False)
    client.force_login(cast.officer)

    page = client.get(LIST)

    assert sorted(page.context["kinds"]) == sorted([("党委", 1), ("党总支", 1), ("党支部", 1)])
    assert page.context["member_total"] == 1


def test_a_wide_level_is_paged(client, cast, committee, monkeypatch):
    monkeypatch.setattr(views, "UNITS_PER_PAGE", 2)
    monkeypatch.setattr(views, "WHOLE_TREE", 2)
    for name in ("一支部", "二支部"):
        make_organization(name, kind="branch", parent=committee)
    client.force_login(cast.officer)

    second = client.get(LIST, {"page": 2})

    assert [(row.name, row.indent) for row in second.context["rows"]] == [("二支部", 1)]
