"""How long the next try waits, as the rule says; and that none slips through while another is looked at."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.accounts import delays
from campaigns.accounts.delays import ACCOUNT, ADDRESS, PAIR, MustWait, Patience, begin_try, end_try
from campaigns.models import SignInTries
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(("failed", "seconds"), [(0, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 10), (5000, 10)])
def test_the_wait_doubles_up_to_the_longest(failed, seconds):
    assert Patience(free=3, longest=10).wait(failed) == seconds


def test_a_try_counts_as_wrong_before_its_password_is_looked_at(clock):
    for _ in range(PAIR.free):
        begin_try("secretary", "10.0.0.1")

    with pytest.raises(MustWait):
        begin_try("secretary", "10.0.0.1")


def test_a_try_that_comes_too_early_does_not_make_the_wait_longer(clock):
    for _ in range(PAIR.free):
        begin_try("secretary", "10.0.0.1")
    with pytest.raises(MustWait):
        begin_try("secretary", "10.0.0.1")

    clock.shift(1)

    begin_try("SECRETARY", "10.0.0.1")
    assert SignInTries.objects.get(key="account secretary").failed_count == PAIR.free + 1


def test_a_right_password_takes_its_own_try_back_and_forgets_the_account_s(clock):
    begin_try("teller", "10.0.0.1")
    begin_try("secretary", "10.0.0.1")
    begin_try("secretary", "10.0.0.1")

    end_try("secretary", "10.0.0.1")

    left = dict(SignInTries.objects.values_list("key", "failed_count"))
    assert left == {"account teller": 1, "pair teller 10.0.0.1": 1, "address 10.0.0.1": 2}


def test_an_address_whose_tries_were_right_stays_clean(clock):
    begin_try("teller", "10.0.0.1")
    end_try("teller", "10.0.0.1")
    for number in range(ACCOUNT.free + 4):
        begin_try("secretary", f"10.0.1.{number}")
        clock.shift(delays.ACCOUNT_FROM_ELSEWHERE.longest)

    begin_try("secretary", "10.0.0.1")


def test_without_an_address_the_account_alone_counts(clock):
    for _ in range(ACCOUNT.free):
        begin_try("secretary", "")

    with pytest.raises(MustWait):
        begin_try("secretary", "")
    assert list(SignInTries.objects.values_list("key", flat=True)) == ["account secretary"]


def test_wrong_tries_are_forgotten_after_an_hour(clock):
    for number in range(ADDRESS.free):
        begin_try(f"user{number}", "10.0.0.1")

    clock.shift(delays.MEMORY + timedelta(seconds=1))
    begin_try("secretary", "10.0.0.1")

    assert SignInTries.objects.count() == 3


def test_a_long_name_whose_small_letters_are_longer_is_counted_too():
    begin_try("İ" * 150, "10.0.0.1")

    assert SignInTries.objects.count() == 3


def test_a_released_account_waits_nowhere(clock):
    account, chief = make_user("secretary"), make_user("chief")
    for number in range(8):
        clock.shift(PAIR.longest)
        begin_try("secretary", f"10.0.0.{number % 2}")
    assert delays.failed_count(account) == 8

    delays.release(account, by=chief)

    assert delays.failed_count(account) == 0
    assert not SignInTries.objects.filter(key__contains="secretary").exists()
    assert [deed.kind for deed in account.deeds.all()] == ["released"]


def test_the_wait_is_said_in_seconds_and_in_whole_minutes():
    assert "请8秒后再试" in str(MustWait(8))
    assert "请3分钟后再试" in str(MustWait(121))


def test_accounts_with_wrong_tries_come_with_the_most_first_in_whichever_case_they_were_typed(db):
    make_user("Zhang")
    make_user("li")
    for name, count in (("zhang", 1), ("LI", 2), ("nobody", 3)):
        for place in range(count):
            begin_try(name, f"10.0.{place}.{count}")

    mistaken = delays.mistaken_accounts(User.objects.all())

    assert [(account.username, count) for account, count in mistaken] == [("li", 2), ("Zhang", 1)]


def test_whoever_guesses_second_codes_is_not_let_on_by_ever_new_addresses(clock):
    for number in range(ACCOUNT.free + 3):
        clock.shift(ACCOUNT.longest)
        begin_try(delays.second_name("secretary"), f"10.0.0.{number}")

    with pytest.raises(MustWait) as waiting:
        begin_try(delays.second_name("secretary"), "10.0.1.1")

    assert waiting.value.seconds == ACCOUNT.wait(ACCOUNT.free + 3)
    begin_try("secretary", "10.0.1.1")
