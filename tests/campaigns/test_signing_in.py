"""Signing in: initial passwords once, wrong passwords slower, what others did told, the demo ended."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.accounts.delays import ACCOUNT_FROM_ELSEWHERE, ADDRESS, PAIR
from campaigns.accounts.giving import INITIAL_DAYS, give_password, give_role
from campaigns.models import AccountDeed, AccountStanding, Role
from pingyi.addresses import networks
from reports.demo.accounts import DEMO_PASSWORD, give_out, prepare
from tests.factories import PASSWORD, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db

LOGIN, CHANGE, HOME = reverse("login"), reverse("password_change"), reverse("reports:home")
INITIAL_PASSWORD, OWN_PASSWORD = "7rk3-qmzt-x4vd", "another-long-password"


@pytest.fixture
def cast():
    return make_cast(make_organization("某局党委"))


def sign_in(username, password, *, address="10.0.0.1", client=None):
    client = client or Client()
    answer = client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address)
    client.is_in = answer.status_code == 302
    client.answer = answer
    return client


@pytest.fixture
def clock():
    """The time, which stands until it is moved."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def fail(clock, username, *, address, times):
    """Wrong passwords, each given when the wait before it is over."""
    for _ in range(times):
        if sign_in(username, "wrong", address=address).answer.status_code == 429:
            clock.shift(PAIR.longest)
            sign_in(username, "wrong", address=address)


def errors(client):
    return " ".join(client.answer.context["form"].non_field_errors())


def change(client, old, new):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


def test_an_initial_password_lets_in_to_choose_another_and_nowhere_else(cast):
    give_password(cast.secretary, INITIAL_PASSWORD, by=cast.administrator)
    client = sign_in("secretary", INITIAL_PASSWORD)

    before = client.get(HOME)
    page = client.get(CHANGE).content.decode()
    same = change(client, INITIAL_PASSWORD, INITIAL_PASSWORD)
    change(client, INITIAL_PASSWORD, OWN_PASSWORD)

    assert (before.status_code, before["Location"]) == (302, CHANGE)
    assert "初始密码" in page
    assert "和原来的一样" in same.content.decode()
    assert client.get(HOME).status_code == 200
    assert not AccountStanding.objects.filter(initial_until__isnull=False).exists()
    assert not sign_in("secretary", INITIAL_PASSWORD).is_in
    assert sign_in("secretary", OWN_PASSWORD).get(HOME).status_code == 200


def test_somebody_with_an_initial_password_sees_public_pages_and_may_leave(cast):
    give_password(cast.secretary, INITIAL_PASSWORD, by=cast.administrator)
    client = sign_in("secretary", INITIAL_PASSWORD)

    assert client.get(reverse("ballots:code_enter")).status_code == 200
    assert client.post(reverse("logout")).status_code == 302


@pytest.mark.parametrize(("seconds", "is_in"), [(-1, True), (1, False)])
def test_an_initial_password_that_was_not_used_in_time_lets_nobody_in(cast, clock, seconds, is_in):
    give_password(cast.secretary, INITIAL_PASSWORD, by=cast.administrator)

    clock.shift(timedelta(days=INITIAL_DAYS, seconds=seconds))
    client = sign_in("secretary", INITIAL_PASSWORD)

    assert client.is_in == is_in
    assert ("初始密码已经过期" in client.answer.content.decode()) != is_in


def test_what_others_did_with_an_account_is_told_once_and_stays_on_its_page(cast):
    role = Role(user=cast.teller, organization=cast.organization, kind="secretary")
    give_role(role, by=cast.administrator)
    day = f"{timezone.localdate():%Y}年"

    first = sign_in("teller", PASSWORD).get(HOME).content.decode()
    second = sign_in("teller", PASSWORD).get(HOME).content.decode()
    own = sign_in("teller", PASSWORD).get(reverse("campaigns:own_account")).content.decode()

    told = "给了您“某局党委党务干事”角色"
    assert f"管理员administrator于{day}" in first
    assert told in first
    assert told not in second
    assert told in own


def test_nobody_reads_what_was_done_with_another_account(cast):
    give_password(cast.teller, INITIAL_PASSWORD, by=cast.administrator)

    own = sign_in("officer", PASSWORD).get(reverse("campaigns:own_account"))

    assert own.context["lines"] == []


def test_a_changed_password_stands_in_the_history(cast):
    client = sign_in("secretary", PASSWORD)

    change(client, PASSWORD, OWN_PASSWORD)

    deed = AccountDeed.objects.get()
    assert (deed.kind, deed.account, deed.done_by) == ("password_changed", cast.secretary, cast.secretary)
    assert "您于" in client.get(reverse("campaigns:own_account")).content.decode()
    assert "修改了您的密码" not in sign_in("secretary", OWN_PASSWORD).get(HOME).content.decode()


def test_five_wrong_passwords_by_somebody_else_do_not_keep_the_secretary_out(cast, clock):
    fail(clock, "secretary", address="10.0.0.66", times=5)

    clock.shift(ACCOUNT_FROM_ELSEWHERE.longest)

    assert sign_in("secretary", PASSWORD, address="10.0.0.1").is_in


def test_many_wrong_passwords_cost_others_a_moment_and_their_sender_minutes(cast, clock):
    fail(clock, "secretary", address="10.0.0.66", times=12)

    guesser = sign_in("secretary", PASSWORD, address="10.0.0.66")
    clock.shift(ACCOUNT_FROM_ELSEWHERE.longest)
    owner = sign_in("secretary", PASSWORD, address="10.0.0.1")

    assert (guesser.is_in, guesser.answer.status_code) == (False, 429)
    assert "5分钟后再试" in errors(guesser)
    assert owner.is_in


def test_one_address_that_tries_many_names_is_slowed(cast):
    for number in range(ADDRESS.free):
        sign_in(f"user{number}", "wrong", address="10.0.0.66")

    assert sign_in("officer", "wrong", address="10.0.0.66").answer.status_code == 429
    assert sign_in("officer", PASSWORD, address="10.0.0.1").is_in


def test_behind_a_trusted_proxy_each_client_counts_by_itself(cast, settings):
    settings.TRUSTED_PROXIES = networks("127.0.0.1")

    def through_proxy(username, password, forwarded):
        fields = {"username": username, "password": password}
        return Client().post(LOGIN, fields, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded).status_code

    for number in range(ADDRESS.free):
        through_proxy(f"user{number}", "wrong", f"9.9.9.{number}, 10.0.0.66")

    assert through_proxy("officer", PASSWORD, "8.8.8.8, 10.0.0.66") == 429
    assert through_proxy("officer", PASSWORD, "10.0.0.1") == 302


def test_an_administrator_ends_the_wait_of_an_account(cast, clock):
    fail(clock, "secretary", address="10.0.0.1", times=9)
    administrator = Client()
    administrator.force_login(cast.administrator)
    page = administrator.get(reverse("campaigns:account_edit", args=[cast.secretary.pk])).content.decode()
    before = sign_in("secretary", PASSWORD).answer.status_code

    administrator.post(reverse("campaigns:account_release", args=[cast.secretary.pk]))

    assert "输错过9次密码" in page
    assert before == 429
    assert sign_in("secretary", PASSWORD).is_in


def test_the_old_password_is_not_guessed_at_an_open_browser(cast):
    client = sign_in("secretary", PASSWORD)
    for _ in range(3):
        change(client, "wrong", OWN_PASSWORD)

    page = change(client, PASSWORD, OWN_PASSWORD).content.decode()

    assert "秒后再试" in page
    cast.secretary.refresh_from_db()
    assert cast.secretary.check_password(PASSWORD)


@pytest.fixture
def demo():
    users = prepare()
    give_out(users, [make_organization("演示单位")])
    return users


@pytest.mark.parametrize("kind", ["superuser", "administrator"])
def test_the_demo_ends_with_the_first_real_administrator(demo, kind):
    running = sign_in("secretary", DEMO_PASSWORD)
    is_in_before = running.get(HOME).status_code

    if kind == "superuser":
        User.objects.create_superuser("root", password=OWN_PASSWORD)
    else:
        make_user("chief", kind="administrator", organization=make_organization("某局党委"))
    later = sign_in("administrator", DEMO_PASSWORD)
    thrown_out = running.get(HOME, follow=True)

    assert is_in_before == 200
    assert not later.is_in
    assert "演示账号不再能登录" in errors(later)
    assert "演示账号不再能登录" in thrown_out.content.decode()
    assert "_auth_user_id" not in running.session


def test_the_demo_goes_on_while_nobody_administers_in_earnest(demo):
    make_user("visitor", kind="secretary", organization=make_organization("某局党委"))

    assert sign_in("secretary", DEMO_PASSWORD).get(HOME).status_code == 200


def test_each_page_of_a_demo_account_says_that_the_data_are_invented_and_no_other_does(demo):
    make_user("visitor", kind="secretary", organization=make_organization("某局党委"))

    assert "演示数据：" in sign_in("secretary", DEMO_PASSWORD).get(HOME).content.decode()
    assert "演示数据：" not in sign_in("visitor", PASSWORD).get(HOME).content.decode()
