"""A deed on an account is written down with its change; one without the other does not happen."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.accounts import giving
from campaigns.models import AccountDeed, AccountStanding, Role
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief():
    return make_user("chief")


@pytest.fixture
def unit():
    return make_organization("某局党委")


def kinds():
    return list(AccountDeed.objects.order_by("pk").values_list("kind", flat=True))


def test_an_account_is_opened_with_a_role_and_a_password_for_the_first_sign_in(chief, unit):
    account = giving.open_account(User(username="newcomer"), organization=unit, kind="teller", by=chief)

    assert kinds() == ["opened", "role_given", "password_given"]
    assert AccountDeed.objects.get(kind="role_given").place == unit.path
    assert giving.standing_of(account).initial_until > timezone.now()


def test_a_role_that_cannot_be_given_leaves_nothing_in_the_history(chief, unit):
    account = make_user("teller", kind="teller", organization=unit)

    with pytest.raises(IntegrityError), transaction.atomic():
        giving.give_role(Role(user=account, organization=unit, kind="teller"), by=chief)

    assert kinds() == []


def test_saving_an_account_as_it_is_writes_nothing(chief):
    account = make_user("teller", first_name="张三")

    giving.edit_account(account, first_name="张三", is_active=True, by=chief)

    assert kinds() == []


def test_an_own_password_ends_the_initial_one(chief):
    account = make_user("teller")
    giving.give_password(account, "7rk3-qmzt-x4vd", by=chief)

    giving.keep_own_password(account)

    assert giving.standing_of(account).initial_until is None
    assert kinds() == ["password_given", "password_changed"]


@pytest.mark.parametrize(("days", "expired"), [(-1, True), (1, False), (None, False)])
def test_an_initial_password_expires_when_its_time_is_over(days, expired):
    now = timezone.now()
    until = None if days is None else now + timedelta(days=days)

    assert giving.has_expired(AccountStanding(initial_until=until), now=now) == expired


def test_a_demo_s_administrator_and_one_that_may_not_sign_in_are_no_real_ones(unit):
    demo = make_user("administrator", kind="administrator", organization=unit)
    AccountStanding.objects.create(user=demo, is_demo=True)
    make_user("gone", kind="administrator", organization=unit, is_active=False)

    assert not giving.has_real_administrator()
    make_user("chief", kind="administrator", organization=unit)
    assert giving.has_real_administrator()


def test_accounts_with_a_first_password_are_those_whose_owner_chose_none_yet(chief, unit):
    waiting, chosen, shut = (
        giving.open_account(User(username=name), organization=unit, kind="teller", by=chief)
        for name in ("waiting", "chosen", "shut")
    )
    giving.keep_own_password(chosen)
    giving.edit_account(shut, first_name="", is_active=False, by=chief)

    assert list(giving.with_initial_password(User.objects.all())) == [waiting]
