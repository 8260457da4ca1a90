"""Signing in with a second factor, and its pages."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.accounts import second_factor
from campaigns.accounts.delays import PAIR
from campaigns.accounts.second_factor import GRACE_DAYS, SECONDS_FOR_CODE, STEP_SECONDS
from campaigns.models import AccountDeed, SecondFactor
from tests.factories import PASSWORD, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db

LOGIN, CODE, HOME = reverse("login"), reverse("second_code"), reverse("reports:home")
ADD, LATER, OWN = (reverse(f"campaigns:{name}") for name in ("second_factor_add", "second_factor_later", "own_account"))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(settings):
    settings.SECOND_FACTOR_DEMANDED = True
    return make_cast(make_organization("某局党委"))


def give_password(username, *, onward="", address="10.0.0.1"):
    client = Client(REMOTE_ADDR=address)
    client.answer = client.post(LOGIN, {"username": username, "password": PASSWORD, "next": onward})
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def shown(secret):
    return second_factor.code_at(secret, second_factor.present_step())


def with_device(account, clock):
    """The secret of a device, whose present code was not used."""
    secret = second_factor.new_secret()
    second_factor.add_factor(account, secret, shown(secret))
    clock.shift(STEP_SECONDS * 3)
    return secret


def test_the_password_alone_opens_no_page_once_there_is_a_device(cast, clock):
    secret = with_device(cast.secretary, clock)
    client = give_password("secretary", onward=OWN)

    before = is_in(client), client.get(OWN).status_code
    page = client.get(CODE).content.decode()
    wrong = client.post(CODE, {"code": "000000"})
    right = client.post(CODE, {"code": shown(secret)})

    assert client.answer.url == CODE
    assert before == (False, 302)
    assert "输入验证码" in page
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (200, True)
    assert right.url == OWN
    assert client.get(OWN).status_code == 200


def test_no_code_is_asked_of_somebody_who_gave_no_password(cast, clock):
    secret = with_device(cast.secretary, clock)

    answer = Client().post(CODE, {"code": shown(secret)}, follow=True)

    assert "请先输入用户名和密码" in answer.content.decode()
    assert not answer.context["user"].is_authenticated


def change_password(account):
    account.set_password("another-long-password")
    account.save()


def shut(account):
    account.is_active = False
    account.save()


@pytest.mark.parametrize("happens", [change_password, shut, lambda account: None])
def test_the_password_s_word_ends_with_the_password_the_account_or_ten_minutes(cast, clock, happens):
    secret = with_device(cast.secretary, clock)
    client = give_password("secretary")
    happens(cast.secretary)
    if happens not in (change_password, shut):
        clock.shift(SECONDS_FOR_CODE + STEP_SECONDS)

    answer = client.post(CODE, {"code": shown(secret)})

    assert answer.url == LOGIN
    assert not is_in(client)


def test_wrong_codes_make_wait_and_another_right_password_forgets_none(cast, clock):
    secret = with_device(cast.secretary, clock)
    statuses = []
    for _ in range(PAIR.free + 1):
        client = give_password("secretary")
        statuses.append(client.post(CODE, {"code": "000000"}).status_code)
    clock.shift(PAIR.longest)
    right = give_password("secretary").post(CODE, {"code": shown(secret)})

    assert statuses == [200] * PAIR.free + [429]
    assert right.status_code == 302


def test_the_owner_is_told_at_the_next_sign_in_of_wrong_codes_after_the_right_password(cast, clock):
    secret = with_device(cast.secretary, clock)
    stranger = give_password("secretary", address="10.9.9.9")
    for code in ("000000", "111111"):
        clock.shift(60)
        stranger.post(CODE, {"code": code})
    clock.shift(PAIR.longest + 1)

    pages = []
    for _ in range(2):
        clock.shift(STEP_SECONDS * 3)
        client = give_password("secretary")
        client.post(CODE, {"code": shown(secret)})
        pages.append(client.get(HOME).content.decode())

    assert "有2次密码对了、验证码不对的登录" in pages[0]
    assert "验证码不对的登录" not in pages[1]


def test_a_code_that_was_used_is_told_like_a_wrong_one(cast, clock):
    secret = with_device(cast.secretary, clock)
    used = shown(secret)
    give_password("secretary").post(CODE, {"code": used})
    give_password("secretary", address="10.9.9.9").post(CODE, {"code": used})
    clock.shift(PAIR.longest + 1)

    client = give_password("secretary")
    client.post(CODE, {"code": shown(secret)})

    assert "有1次密码对了、验证码不对的登录" in client.get(HOME).content.decode()


def test_an_administrator_ends_the_wait_for_codes_too(cast, clock):
    secret = with_device(cast.secretary, clock)
    for _ in range(PAIR.free + 1):
        give_password("secretary").post(CODE, {"code": "000000"})
    waiting = give_password("secretary").post(CODE, {"code": shown(secret)}).status_code
    administrator = Client()
    administrator.force_login(cast.administrator)

    administrator.post(reverse("campaigns:account_release", args=[cast.secretary.pk]))

    assert waiting == 429
    assert give_password("secretary").post(CODE, {"code": shown(secret)}).status_code == 302


def test_an_administrator_without_a_device_is_led_to_add_one_and_sees_the_recovery_codes_once(cast, clock):
    client = give_password("administrator")

    led = client.get(HOME)
    page = client.get(ADD).content.decode()
    secret = re.search(r"device-letters\">([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    again = client.get(ADD).content.decode()
    added = client.post(ADD, {"code": shown(secret)}).content.decode()

    assert led.url == ADD
    assert secret in again.replace(" ", "")
    assert secret not in str(dict(client.session))
    assert len(re.findall(r"<code>[2-9a-z-]{29}</code>", added)) == 10
    assert client.get(HOME).status_code == 200
    assert "还有10个恢复码" in client.get(OWN).content.decode()
    assert AccountDeed.objects.get(kind="second_added").account == cast.administrator
    clock.shift(STEP_SECONDS)
    assert give_password("administrator").answer.url == CODE


def test_it_may_be_put_off_for_some_days_and_not_longer(cast, clock):
    def visit():
        client = give_password("administrator")
        page = client.get(ADD).content.decode()
        client.post(LATER)
        return "稍后" in page, client.get(HOME).status_code

    first, second = visit(), visit()
    clock.shift(timedelta(days=GRACE_DAYS, seconds=1))

    assert first == second == (True, 200)
    assert visit() == (False, 302)


def test_pages_for_everybody_and_the_way_out_stay_open(cast):
    client = give_password("administrator")

    assert client.get(reverse("ballots:code_enter")).status_code == 200
    assert client.post(reverse("logout")).url == LOGIN


def test_in_the_demo_it_is_offered_and_not_demanded(cast, settings):
    settings.DEMO = True
    client = give_password("administrator")

    assert client.get(HOME).status_code == 200
    assert "启用两步验证" in client.get(OWN).content.decode()


def test_a_recovery_code_lets_in_and_the_page_says_how_many_are_left(cast, clock):
    secret = second_factor.new_secret()
    codes = second_factor.add_factor(cast.secretary, secret, shown(secret))
    client = give_password("secretary")

    page = client.post(CODE, {"code": codes[0]}, follow=True).content.decode()

    assert "还剩9个" in page
    assert give_password("secretary").post(CODE, {"code": codes[0]}).status_code == 200


def test_an_administrator_takes_a_lost_device_from_others_and_not_from_themselves(cast, clock):
    for account in (cast.administrator, cast.secretary):
        with_device(account, clock)
    client = Client()
    client.force_login(cast.administrator)

    def take(account):
        return client.post(reverse("campaigns:second_factor_take", args=[account.pk])).status_code

    page = client.get(reverse("campaigns:account_edit", args=[cast.secretary.pk])).content.decode()
    statuses = take(cast.administrator), take(cast.outsider), take(cast.secretary)

    assert "取消两步验证" in page
    assert statuses == (403, 404, 302)
    assert [factor.user for factor in SecondFactor.objects.all()] == [cast.administrator]
    assert AccountDeed.objects.get(kind="second_taken").done_by == cast.administrator
    assert is_in(give_password("secretary"))


def test_a_superuser_does_not_take_it_from_themselves_either(cast, clock):
    root = make_user("root", is_superuser=True)
    with_device(root, clock)
    client = Client()
    client.force_login(root)

    assert client.post(reverse("campaigns:second_factor_take", args=[root.pk])).status_code == 403


def test_neither_codes_nor_secrets_stand_in_a_log(cast, clock, caplog):
    secret = with_device(cast.secretary, clock)
    code = shown(secret)

    give_password("secretary").post(CODE, {"code": code})

    assert code not in caplog.text and secret not in caplog.text
