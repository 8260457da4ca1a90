"""Accounts and roles: each administrator within the own subtree, and no way up or out of it."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from campaigns.models import Role
from tests.factories import PASSWORD, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("campaigns:account_list"), reverse("campaigns:account_add")
NEW_PASSWORD = "another-long-password"


def url(name, *keys):
    return reverse(f"campaigns:{name}", args=[getattr(key, "pk", key) for key in keys])


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


@pytest.fixture
def shared(cast, branch):
    """An account with a role inside and one outside the administrator's subtree."""
    user = make_user("shared", kind="secretary", organization=branch)
    Role.objects.create(user=user, organization=cast.outsider.roles.get().organization, kind="officer")
    return user


def new_account(unit, **overrides):
    return {
        "username": "newcomer",
        "first_name": "李四",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        "organization": unit.pk,
        "kind": "secretary",
        **overrides,
    }


def usernames(response):
    return {account.username for account in response.context["page"]}


def test_an_administrator_sees_the_accounts_of_the_subtree_alone(client, cast, superuser, shared, branch):
    make_user("below", kind="teller", organization=branch)
    make_user("nobody")
    client.force_login(cast.administrator)

    page = client.get(LIST)

    assert usernames(page) == {"secretary", "teller", "officer", "administrator", "below", "shared"}
    assert "外单位党委" not in page.content.decode()


def test_a_superuser_sees_every_account(client, cast, superuser):
    make_user("nobody")
    client.force_login(superuser)

    assert len(usernames(client.get(LIST))) == User.objects.count() == 7


def test_an_account_is_found_by_name(client, cast, shared):
    client.force_login(cast.administrator)

    assert usernames(client.get(LIST, {"q": "SHARE"})) == {"shared"}
    assert usernames(client.get(LIST, {"q": "outsider"})) == set()


def test_the_list_takes_the_same_number_of_queries_for_more_rows(client, cast, branch, django_assert_num_queries):
    client.force_login(cast.administrator)
    client.get(LIST)

    for number in (1, 2, 3):
        make_user(f"user{number}", kind="teller", organization=branch)
        with django_assert_num_queries(6):
            client.get(LIST)


@pytest.mark.parametrize("role", ["secretary", "teller", "officer", "outsider"])
def test_only_administrators_keep_accounts(client, cast, role):
    client.force_login(getattr(cast, role))
    account, own = cast.teller, cast.teller.roles.get()

    assert [client.get(path).status_code for path in (LIST, ADD, url("account_edit", account))] == [403] * 3
    posts = [ADD, url("account_edit", account), url("account_password", account), url("role_add", account)]
    assert [client.post(path).status_code for path in posts] == [403] * 4
    assert client.post(url("role_remove", account, own)).status_code == 403


def test_an_account_is_added_with_a_role_and_can_log_in(client, cast, branch):
    client.force_login(cast.administrator)

    client.post(ADD, new_account(branch))

    account = User.objects.get(username="newcomer")
    assert (account.first_name, account.is_staff, account.is_superuser) == ("李四", False, False)
    assert list(account.roles.values_list("organization", "kind")) == [(branch.pk, "secretary")]
    client.logout()
    client.post(reverse("login"), {"username": "newcomer", "password": NEW_PASSWORD})
    assert client.session["_auth_user_id"] == str(account.pk)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"username": "Secretary"}, "username"),
        ({"username": "a b"}, "username"),
        ({"password1": "12345678", "password2": "12345678"}, "password2"),
        ({"password2": "something-else"}, "password2"),
        ({"kind": "emperor"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"organization": ""}, "organization"),
        ({"first_name": ""}, "first_name"),
    ],
)
def test_a_bad_account_is_refused_and_leaves_nothing(client, cast, branch, overrides, field):
    before = User.objects.count()
    client.force_login(cast.administrator)

    response = client.post(ADD, new_account(branch, **overrides))

    assert field in response.context["form"].errors
    assert User.objects.count() == before


def test_fields_that_the_form_does_not_have_give_no_power(client, cast, branch):
    client.force_login(cast.administrator)
    power = {"is_superuser": "on", "is_staff": "on", "user_permissions": "1", "groups": "1"}

    client.post(ADD, new_account(branch, **power))
    client.post(url("account_edit", cast.teller), {"first_name": "赵六", "is_active": "on", "username": "x", **power})

    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(is_staff=True).exists()
    assert User.objects.get(pk=cast.teller.pk).username == "teller"


def test_no_role_is_given_outside_the_subtree(client, cast, branch):
    elsewhere = cast.outsider.roles.get().organization
    local = make_user("local", kind="administrator", organization=branch)
    client.force_login(local)
    worker = make_user("worker", kind="teller", organization=branch)
    before = set(Role.objects.values_list("user", "organization", "kind"))

    for organization in (elsewhere, cast.organization):
        client.post(ADD, new_account(organization))
        client.post(url("role_add", worker), {"organization": organization.pk, "kind": "officer"})

    assert set(Role.objects.values_list("user", "organization", "kind")) == before
    assert not User.objects.filter(username="newcomer").exists()


def test_a_superuser_and_strangers_are_not_found_like_accounts_that_do_not_exist(client, cast, superuser, branch):
    Role.objects.create(user=superuser, organization=branch, kind="secretary")
    client.force_login(cast.administrator)

    for account in (superuser, cast.outsider, make_user("nobody")):
        assert client.get(url("account_edit", account)).status_code == 404
        assert client.post(url("account_edit", account), {"first_name": "赵六"}).status_code == 404
        fields = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        assert client.post(url("account_password", account), fields).status_code == 404
        fields = {"organization": branch.pk, "kind": "teller"}
        assert client.post(url("role_add", account), fields).status_code == 404
    assert client.get(url("account_edit", 99999)).status_code == 404
    assert client.post(url("role_remove", superuser, superuser.roles.get())).status_code == 404
    for account in (superuser, cast.outsider):
        account.refresh_from_db()
        assert account.check_password(PASSWORD)


def test_an_account_with_roles_elsewhere_keeps_its_password_and_name(client, cast, shared):
    """Whoever sets its password would act with the role outside the subtree too."""
    client.force_login(cast.administrator)

    page = client.get(url("account_edit", shared)).content.decode()
    fields = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    assert "外单位党委" not in page
    assert "重设密码" not in page
    assert client.post(url("account_password", shared), fields).status_code == 403
    assert client.post(url("account_edit", shared), {"first_name": "赵六"}).status_code == 403
    shared.refresh_from_db()
    assert shared.check_password(PASSWORD)
    assert shared.is_active


def test_a_role_elsewhere_is_not_found(client, cast, shared):
    client.force_login(cast.administrator)
    outside = shared.roles.get(kind="officer")

    assert client.post(url("role_remove", shared, outside)).status_code == 404
    assert client.post(url("role_remove", cast.teller, shared.roles.get(kind="secretary"))).status_code == 404
    assert shared.roles.count() == 2


def test_roles_are_added_and_removed_within_the_subtree(client, cast, shared, branch):
    client.force_login(cast.administrator)

    client.post(url("role_add", shared), {"organization": branch.pk, "kind": "teller"})
    client.post(url("role_remove", shared, shared.roles.get(kind="secretary")))

    assert set(shared.roles.values_list("kind", flat=True)) == {"officer", "teller"}


@pytest.mark.parametrize("who", ["administrator", "root"])
def test_nobody_gives_a_role_to_the_own_account(client, cast, superuser, committee, who):
    own = superuser if who == "root" else cast.administrator
    client.force_login(own)
    before = own.roles.count()

    page = client.get(url("account_edit", own)).content.decode()
    answer = client.post(url("role_add", own), {"organization": committee.pk, "kind": "secretary"})

    assert answer.status_code == 403
    assert own.roles.count() == before
    assert "不能给自己增加角色" in page
    assert "增加角色</button>" not in page


def test_each_deed_on_an_account_stands_in_the_history_with_who_did_it(client, cast, branch, committee):
    client.force_login(cast.administrator)
    client.post(ADD, new_account(branch))
    account = User.objects.get(username="newcomer")

    client.post(url("role_add", account), {"organization": committee.pk, "kind": "teller"})
    client.post(url("role_remove", account, account.roles.get(kind="secretary")))
    client.post(url("account_password", account), {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    client.post(url("account_edit", account), {"first_name": "李五"})
    client.post(url("account_release", account))

    page = client.get(reverse("campaigns:account_deeds"))
    assert [(who, sentence) for _, who, sentence in page.context["lines"]] == [
        ("administrator", "解除了“李五”的登录等待"),
        ("administrator", "停止了“李五”的登录"),
        ("administrator", "修改了“李五”的姓名：“李四”改为“李五”"),
        ("administrator", "给“李五”设置了初始密码"),
        ("administrator", "移除了“李五”的“第一党支部党务干事”角色"),
        ("administrator", "给了“李五”“某局党委计票员”角色"),
        ("administrator", "给“李五”设置了初始密码"),
        ("administrator", "给了“李五”“第一党支部党务干事”角色"),
        ("administrator", "新增了“李五”的账号"),
    ]
    assert "给了“李五”“某局党委计票员”角色" in client.get(url("account_edit", account)).content.decode()


def test_an_administrator_reads_the_history_of_the_own_subtree_alone(client, cast, shared, superuser):
    elsewhere = cast.outsider.roles.get().organization
    client.force_login(superuser)
    client.post(url("role_add", shared), {"organization": elsewhere.pk, "kind": "teller"})
    client.post(url("role_add", cast.outsider), {"organization": elsewhere.pk, "kind": "teller"})
    client.post(url("role_add", shared), {"organization": cast.organization.pk, "kind": "teller"})
    client.get(LIST)  # shows what was just done

    client.force_login(cast.administrator)
    pages = [client.get(reverse("campaigns:account_deeds")), client.get(url("account_edit", shared))]

    for page in pages:
        assert [sentence for _, _, sentence in page.context["lines"]] == ["给了“shared”“某局党委计票员”角色"]
        assert "外单位" not in page.content.decode()


def test_the_history_takes_the_same_number_of_queries_for_more_lines(client, cast, django_assert_num_queries):
    client.force_login(cast.administrator)
    page = reverse("campaigns:account_deeds")
    client.post(url("account_release", cast.teller))
    client.get(page)

    for _ in range(3):
        client.post(url("account_release", cast.officer))
        with django_assert_num_queries(5):
            client.get(page)


def test_the_same_role_twice_is_refused(client, cast, committee):
    client.force_login(cast.administrator)

    page = client.post(url("role_add", cast.teller), {"organization": committee.pk, "kind": "teller"})

    assert "该用户在这个党组织已有同样的角色" in page.content.decode()
    assert cast.teller.roles.count() == 1


def test_the_last_role_stays_so_that_the_account_does_not_get_lost(client, cast):
    client.force_login(cast.administrator)

    page = client.post(url("role_remove", cast.teller, cast.teller.roles.get()), follow=True)

    assert "唯一的角色" in page.content.decode()
    assert cast.teller.roles.count() == 1


def test_an_administrator_does_not_lock_himself_out(client, cast, committee):
    client.force_login(cast.administrator)
    own = cast.administrator
    Role.objects.create(user=own, organization=committee, kind="officer")

    page = client.post(url("role_remove", own, own.roles.get(kind="administrator")), follow=True)

    assert "不能移除自己的系统管理员角色" in page.content.decode()
    assert client.post(url("account_edit", own), {"first_name": "张三"}).status_code == 403
    assert client.post(url("account_password", own), {}).status_code == 403
    assert set(own.roles.values_list("kind", flat=True)) == {"administrator", "officer"}


def test_a_reset_password_replaces_the_old_one_and_ends_the_sessions(client, cast):
    other = type(client)()
    other.force_login(cast.teller)
    client.force_login(cast.administrator)

    weak = client.post(url("account_password", cast.teller), {"new_password1": "1234", "new_password2": "1234"})
    client.post(url("account_password", cast.teller), {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})

    assert "new_password2" in weak.context["password_form"].errors
    cast.teller.refresh_from_db()
    assert cast.teller.check_password(NEW_PASSWORD)
    assert other.get(reverse("campaigns:organization_list")).status_code == 302


def test_an_account_that_may_not_log_in_is_out_at_once(client, cast):
    other = type(client)()
    other.force_login(cast.teller)
    client.force_login(cast.administrator)

    client.post(url("account_edit", cast.teller), {"first_name": "王五"})

    cast.teller.refresh_from_db()
    assert (cast.teller.first_name, cast.teller.is_active) == ("王五", False)
    assert other.get(reverse("campaigns:organization_list")).status_code == 302


def test_a_password_is_never_shown_again(client, cast, branch):
    client.force_login(cast.administrator)

    page = client.post(ADD, new_account(branch, username="a b"))
    saved = client.post(ADD, new_account(branch), follow=True)

    assert NEW_PASSWORD not in page.content.decode()
    assert NEW_PASSWORD not in saved.content.decode()


def test_the_login_page_says_the_same_of_every_failure(client, cast):
    cast.teller.is_active = False
    cast.teller.save()

    errors = [
        client.post(reverse("login"), {"username": name, "password": "wrong-password"}).context["form"].errors
        for name in ("secretary", "teller", "no-such-user")
    ]

    assert errors[0] == errors[1] == errors[2] != {}
