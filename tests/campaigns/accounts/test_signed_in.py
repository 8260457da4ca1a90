"""Where an account is signed in: listed, and ended one by one or all at once."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.accounts.sessions import MOST_IDLE, RENEWED_AFTER
from campaigns.accounts.signed_in import places_of
from campaigns.models import AccountDeed
from tests.factories import PASSWORD, make_cast, make_organization

pytestmark = pytest.mark.django_db

LOGIN, LIST = reverse("login"), reverse("campaigns:signed_in_list")
OTHERS, CHANGE = reverse("campaigns:signed_in_end_others"), reverse("password_change")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-30 09:00+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast():
    return make_cast(make_organization("某局党委"))


def sign_in(username, *, agent="Firefox"):
    client = Client(headers={"user-agent": agent})
    client.post(LOGIN, {"username": username, "password": PASSWORD})
    return client


def is_in(client):
    client.get(LIST)
    return SESSION_KEY in client.session


def end(client, number):
    return client.post(reverse("campaigns:signed_in_end", args=[number]))


def test_the_page_says_since_when_and_in_which_browser_and_which_is_this_one(cast, clock):
    sign_in("secretary", agent="Chrome Windows")
    clock.shift(timedelta(minutes=5))
    client = sign_in("secretary")
    sign_in("teller")

    page = client.get(LIST)

    rows = [(place.browser, place.begun_at, is_present) for place, is_present in page.context["places"]]
    now = timezone.now()
    assert rows == [("Firefox", now, True), ("Chrome，Windows", now - timedelta(minutes=5), False)]
    assert "11-30 09:05" in page.content.decode() and "本机" in page.content.decode()
    assert client.session.session_key not in page.content.decode()


def test_a_session_in_use_shows_when_it_was_last_used(cast, clock):
    client = sign_in("secretary")
    clock.shift(RENEWED_AFTER + 30)
    client.get(LIST)

    (place,) = places_of(cast.secretary)

    assert place.used_at == timezone.now()


def test_a_session_that_is_over_or_was_left_is_not_listed(cast, clock):
    sign_in("secretary").post(reverse("logout"))
    sign_in("secretary")
    before = len(places_of(cast.secretary))
    clock.shift(MOST_IDLE + 1)

    assert (before, len(places_of(cast.secretary))) == (1, 0)


def test_one_place_is_ended_and_no_other(cast):
    first, second, third = (sign_in("secretary") for _ in range(3))
    keys = {place.key: place.number for place in places_of(cast.secretary)}

    end(third, keys[first.session.session_key])

    assert [is_in(client) for client in (first, second, third)] == [False, True, True]


def test_nobody_ends_another_account_s_session(cast):
    secretary, teller = sign_in("secretary"), sign_in("teller")
    (place,) = places_of(cast.secretary)

    answer = end(teller, place.number)

    assert answer.status_code == 302
    assert is_in(secretary) and is_in(teller)


def test_all_others_are_ended_at_once(cast):
    first, second, foreign = sign_in("secretary"), sign_in("secretary"), sign_in("teller")

    told = second.post(OTHERS, follow=True).content.decode()

    assert "已结束其他1处登录" in told
    assert [is_in(client) for client in (first, second, foreign)] == [False, True, True]


def test_a_changed_password_ends_all_others_and_leaves_this_one(cast):
    first, second = sign_in("secretary"), sign_in("secretary")
    new = "fan-shui-qiao-lou-27"

    second.post(CHANGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    cast.secretary.refresh_from_db()
    assert [place.key for place in places_of(cast.secretary)] == [second.session.session_key]
    assert [is_in(first), is_in(second)] == [False, True]


def test_an_administrator_ends_all_of_an_account_and_the_history_says_so(cast):
    clients = [sign_in("secretary"), sign_in("secretary"), sign_in("teller")]
    administrator = sign_in("administrator")

    def sign_out(account):
        return administrator.post(reverse("campaigns:account_sign_out", args=[account.pk])).status_code

    statuses = [sign_out(account) for account in (cast.secretary, cast.outsider, cast.administrator)]

    assert statuses == [302, 404, 403]
    assert [is_in(client) for client in (*clients, administrator)] == [False, False, True, True]
    deed = AccountDeed.objects.get()
    assert (deed.kind, deed.account, deed.done_by) == ("sessions_ended", cast.secretary, cast.administrator)


def test_sessions_stay_after_the_secret_key_is_changed_with_the_old_one_as_fallback(cast, settings):
    client = sign_in("secretary")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]

    before = len(places_of(cast.secretary))

    assert is_in(client)
    assert (before, len(places_of(cast.secretary))) == (1, 1)
