"""The codes of a second factor: each taken once, of the right device, about the right time."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from campaigns.accounts import second_factor
from campaigns.accounts.second_factor import RECOVERY_CODES, STEP_SECONDS, WrongSecondCode
from campaigns.models import AccountDeed, AccountStanding, RecoveryCode, SecondFactor
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-30 09:00:10+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner():
    return make_user("owner")


def shown(secret, *, away=0):
    return second_factor.code_at(secret, second_factor.present_step() + away)


@pytest.fixture
def secret(clock, owner):
    """The secret of the owner's device; its first code was taken."""
    secret = second_factor.new_secret()
    second_factor.add_factor(owner, secret, shown(secret))
    return secret


def is_taken(owner, code):
    try:
        second_factor.use_code(owner, code)
    except WrongSecondCode:
        return False
    return True


def test_the_figures_are_those_of_the_standard():
    # RFC 6238, appendix B; six figures are the last of its eight.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert [second_factor.code_at(secret, seconds // 30) for seconds in (59, 1111111109, 2000000000)] == [
        "287082",
        "081804",
        "279037",
    ]


def test_a_device_that_does_not_have_the_secret_is_not_added(clock, owner):
    secret, foreign = second_factor.new_secret(), second_factor.new_secret()

    with pytest.raises(WrongSecondCode, match="09:00:10"):
        second_factor.add_factor(owner, secret, shown(foreign))

    assert not second_factor.has_factor(owner)


def test_a_code_is_taken_once_and_no_earlier_one_after_it(owner, secret, clock):
    same_step = is_taken(owner, shown(secret))
    clock.shift(STEP_SECONDS * 3)
    answers = [is_taken(owner, shown(secret, away=away)) for away in (0, 0, -1, 1, 1, 2)]

    assert not same_step
    assert answers == [True, False, False, True, False, False]


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６７", "abcdef", "000000 1", "\x00"])
def test_nonsense_is_no_code(owner, secret, code):
    assert not is_taken(owner, code)


def test_the_code_of_somebody_else_s_device_does_not_let_in(owner, secret, clock):
    foreign = second_factor.new_secret()
    second_factor.add_factor(make_user("other"), foreign, shown(foreign))
    clock.shift(STEP_SECONDS * 3)

    assert not is_taken(owner, shown(foreign))


def test_recovery_codes_are_kept_as_digests_and_used_once_each(owner, secret, clock):
    codes = second_factor.add_factor(owner, secret, shown(secret))
    kept = list(RecoveryCode.objects.values_list("sha256", flat=True))

    is_recovery = second_factor.use_code(owner, f" {codes[3].upper()} ")

    assert len(set(codes)) == len(kept) == RECOVERY_CODES
    assert {len(code.replace("-", "")) for code in codes} == {24}
    assert not [code for code in codes if any(code.replace("-", "") in digest for digest in kept)]
    assert is_recovery
    assert not is_taken(owner, codes[3])
    assert RecoveryCode.objects.count() == RECOVERY_CODES - 1
    assert AccountDeed.objects.filter(kind="recovery_used", account=owner, done_by=owner).count() == 1


def test_a_new_device_takes_the_place_of_the_old_one_with_its_recovery_codes(owner, secret, clock):
    old_codes = second_factor.add_factor(owner, secret, shown(secret))
    newer = second_factor.new_secret()
    second_factor.add_factor(owner, newer, shown(newer))
    clock.shift(STEP_SECONDS * 3)

    assert not is_taken(owner, shown(secret))
    assert not is_taken(owner, old_codes[0])
    assert is_taken(owner, shown(newer))


def test_the_secret_lies_locked_in_the_database_and_survives_a_new_key(owner, secret, clock, settings):
    lying = SecondFactor.objects.get().locked_secret
    clock.shift(STEP_SECONDS * 3)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]

    rotated = is_taken(owner, shown(secret))
    settings.SECRET_KEY_FALLBACKS = []
    clock.shift(STEP_SECONDS * 3)

    assert secret not in lying
    assert rotated
    # Used since, it is locked with the new key.
    assert is_taken(owner, shown(secret))


def test_with_a_key_that_is_gone_a_recovery_code_still_lets_in(owner, secret, clock, settings):
    codes = second_factor.add_factor(owner, secret, shown(secret))
    clock.shift(STEP_SECONDS * 3)
    settings.SECRET_KEY = "another key"

    assert not is_taken(owner, shown(secret))
    assert is_taken(owner, codes[0])


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_DEMANDED = True
    return settings


def wanted(account):
    return second_factor.is_wanted(account, second_factor.standing_of(account))


@pytest.mark.parametrize(
    ("kind", "also", "is_wanted"),
    [
        ("administrator", [], True),
        ("auditor", [], True),
        ("secretary", [], False),
        ("secretary", ["secretary"], True),
        ("officer", ["secretary"], False),
        (None, ["secretary"], False),
    ],
)
def test_administrators_and_auditors_need_one_and_others_as_the_installation_says(demanded, kind, also, is_wanted):
    demanded.SECOND_FACTOR_FOR = also
    account = make_user("owner", kind=kind, organization=make_organization())

    assert wanted(account) is is_wanted


def test_a_superuser_needs_one_and_has_one_at_last(demanded, clock):
    root, secret = make_user("root", is_superuser=True), second_factor.new_secret()
    before = wanted(root)
    second_factor.add_factor(root, secret, shown(secret))

    assert (before, wanted(root)) == (True, False)


def test_in_the_demo_nobody_needs_one(demanded):
    root = make_user("root", is_superuser=True)
    demo = make_user("demo", is_superuser=True)
    AccountStanding.objects.create(user=demo, is_demo=True)
    outside = wanted(root), wanted(demo)
    demanded.DEMO = True

    assert outside == (True, False)
    assert not wanted(root)


def test_the_days_of_grace_begin_when_it_is_first_asked_for(owner, clock):
    until = second_factor.asked_until(owner)
    clock.shift(timedelta(days=3))

    assert second_factor.asked_until(owner) == until


def test_a_lost_device_is_taken_away_at_the_server(owner, secret):
    told = io.StringIO()
    call_command("take_second_factor", "owner", stdout=told)

    assert "已取消“owner”的两步验证" in told.getvalue()
    assert not second_factor.has_factor(owner)
    assert AccountDeed.objects.get(kind="second_taken").done_by is None


@pytest.mark.parametrize(("username", "told"), [("nobody", "没有用户名是"), ("owner", "没有启用")])
def test_the_command_says_whose_device_there_is_none_of(owner, username, told):
    with pytest.raises(CommandError, match=told):
        call_command("take_second_factor", username)
