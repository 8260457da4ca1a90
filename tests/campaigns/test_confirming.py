"""Grave deeds want the password again after a while, and lose nothing that was typed."""

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone

from ballots.models import Batch, Code
from campaigns.accounts.delays import PAIR
from campaigns.accounts.sessions import CONFIRMED_FOR
from campaigns.forms.signing_in import CARRIED_SECONDS
from campaigns.models import Poll, Role
from tests.factories import (
    PASSWORD,
    close_poll,
    enter_ballots,
    make_batch,
    make_cast,
    make_open_poll,
    make_organization,
)

pytestmark = pytest.mark.django_db

# Sealing, taking out of the count, giving the right to vote, roles, others' passwords and devices, alone and for many,
# sessions elsewhere, periods of keeping, the deletion of a person and the address of a robot.
GRAVE = {
    "ballots:poll_seal",
    "ballots:campaign_seal",
    "ballots:batch_void",
    "ballots:batch_slips",
    "ballots:batch_admit",
    "ballots:campaign_slips",
    "campaigns:account_add",
    "campaigns:account_import_confirm",
    "campaigns:account_password",
    "campaigns:role_add",
    "campaigns:role_remove",
    "campaigns:second_factor_add",
    "campaigns:second_factor_take",
    "campaigns:signed_in_end",
    "campaigns:signed_in_end_others",
    "reports:person_delete",
    "reports:retention_save",
    "reports:webhook_edit",
}


def views(resolver, namespace=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", entry.callback


def test_these_routes_want_the_password_again():
    assert {name for name, view in views(get_resolver()) if getattr(view, "is_grave", False)} == GRAVE


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast():
    return make_cast(make_organization("某局党委"))


def signed_in(username):
    client = Client()
    client.post(reverse("login"), {"username": username, "password": PASSWORD})
    return client


def late(clock, username):
    """Somebody who signed in a while ago, and has used the pages since."""
    client = signed_in(username)
    clock.shift(CONFIRMED_FOR + 1)
    return client


def role_of(cast):
    return reverse("campaigns:role_add", args=[cast.teller.pk]), {
        "organization": cast.organization.pk,
        "kind": "secretary",
    }


def given(cast):
    return Role.objects.filter(user=cast.teller, kind="secretary").exists()


def confirm(client, url, asked, password=PASSWORD):
    return client.post(url, {"password": password, "carried": asked.context["carried"]})


def test_of_late_nothing_is_asked(cast, clock):
    client = signed_in("administrator")
    url, fields = role_of(cast)
    clock.shift(CONFIRMED_FOR)

    assert client.post(url, fields).status_code == 302
    assert given(cast)


def test_later_the_password_is_asked_and_the_deed_goes_on_with_what_was_typed(cast, clock):
    client = late(clock, "administrator")
    url, fields = role_of(cast)

    asked = client.post(url, fields)
    before = given(cast)
    wrong = confirm(client, url, asked, "wrong")
    right = confirm(client, url, wrong)

    assert (asked.status_code, before) == (200, False)
    assert "请再输入一次密码" in asked.content.decode()
    assert "密码不对" in wrong.content.decode()
    assert right.status_code == 302
    assert given(cast)
    # For the next quarter of an hour that was enough.
    assert client.post(url, fields).status_code == 200
    assert client.post(url, fields).context.get("carried") is None


def test_an_initial_password_that_was_typed_does_not_stand_in_the_page(cast, clock):
    client = late(clock, "administrator")
    url = reverse("campaigns:account_password", args=[cast.teller.pk])
    typed = "fan-shui-qiao-lou-27"

    asked = client.post(url, {"new_password1": typed, "new_password2": typed})
    confirm(client, url, asked)

    assert typed not in asked.content.decode()
    cast.teller.refresh_from_db()
    assert cast.teller.check_password(typed)


def test_the_password_is_not_guessed_here_either(cast, clock):
    client = late(clock, "administrator")
    url, fields = role_of(cast)
    asked = client.post(url, fields)

    statuses = [confirm(client, url, asked, "wrong").status_code for _ in range(PAIR.free + 1)]
    right = confirm(client, url, asked)

    assert statuses == [200] * PAIR.free + [429]
    assert right.status_code == 429
    assert not given(cast)


def test_what_was_typed_serves_nobody_else_no_other_address_and_not_for_ever(cast, clock):
    client = late(clock, "administrator")
    url, fields = role_of(cast)
    asked = client.post(url, fields)
    elsewhere = confirm(client, reverse("campaigns:role_add", args=[cast.officer.pk]), asked)
    by_other = confirm(late(clock, "secretary"), url, asked)
    asked = late(clock, "administrator").post(url, fields)
    clock.shift(CARRIED_SECONDS + 1)
    too_late = confirm(late(clock, "administrator"), url, asked)

    for answer in (elsewhere, by_other, too_late):
        assert "已经失效" in answer.content.decode()
    assert not given(cast)
    assert not Role.objects.filter(user=cast.officer, kind="secretary").exists()


def test_words_made_up_are_refused_even_of_late(cast, clock):
    client = signed_in("administrator")
    url, _ = role_of(cast)

    assert "已经失效" in client.post(url, {"carried": "x", "password": PASSWORD}).content.decode()


def test_the_same_page_sent_twice_goes_on_with_what_was_typed(cast, clock):
    client = late(clock, "secretary")
    batch = make_batch(make_open_poll(organizer=cast.organization))
    url = reverse("ballots:batch_slips", args=[batch.pk])
    asked = client.post(url, {"count": 2})

    first, second = confirm(client, url, asked), confirm(client, url, asked)

    assert asked["Content-Type"].startswith("text/html")
    assert first["Content-Type"] == second["Content-Type"] == "application/pdf"
    assert Code.objects.count() == Batch.objects.get().printed_count == 4


def test_nothing_is_sealed_without_the_password(cast, clock):
    poll = make_open_poll(organizer=cast.organization)
    batch = make_batch(poll, method="entered")
    enter_ballots(batch, {"11": 3})
    close_poll(poll)
    client = late(clock, "secretary")
    url = reverse("ballots:poll_seal", args=[poll.pk])

    page = client.get(url)
    asked = client.post(url)
    before = Poll.objects.get().state
    confirm(client, url, asked)

    assert page.status_code == 200
    assert (before, Poll.objects.get().state) == (Poll.State.CLOSED, Poll.State.SEALED)
