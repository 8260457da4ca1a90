"""A session brings its account's rules with it, and participants' pages ask for none."""

import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import resolve, reverse

from campaigns.accounts.deeds import record_deed
from campaigns.accounts.sessions import (
    LONGEST,
    MOST_IDLE,
    RENEWED,
    RENEWED_AFTER,
    SIGNED_IN,
    TOLD_AT_ONCE,
    WAS_IDLE,
    WAS_LONG,
    SessionRulesMiddleware,
)
from campaigns.models import AccountDeed, Organization
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
OWN = reverse("campaigns:own_account")


def test_much_that_was_done_is_told_in_part_with_where_the_rest_is(client):
    owner, chief = make_user("owner"), make_user("chief")
    for _ in range(TOLD_AT_ONCE + 2):
        record_deed(owner, AccountDeed.Kind.RELEASED, by=chief)

    client.post(reverse("login"), {"username": "owner", "password": PASSWORD})
    page = client.get(reverse("reports:home")).content.decode()

    assert page.count("解除了您的登录等待") == TOLD_AT_ONCE
    assert "另有2条" in page


def test_a_participant_s_page_reads_no_session():
    request = RequestFactory().get(reverse("ballots:code_enter"))

    assert SessionRulesMiddleware(None).process_view(request, resolve(request.path).func, (), {}) is None


def signed_in(client):
    make_user("owner")
    client.post(reverse("login"), {"username": "owner", "password": PASSWORD})
    return client


def aged(client, **seconds):
    """The session as it would be so much later."""
    session = client.session
    for name, passed in seconds.items():
        session[name] -= passed
    session.save()
    return client


@pytest.mark.parametrize(("seconds", "is_written"), [(RENEWED_AFTER - 10, False), (RENEWED_AFTER + 10, True)])
def test_a_session_in_use_is_renewed_but_not_written_for_every_page(client, seconds, is_written):
    aged(signed_in(client), **{RENEWED: seconds})
    before = Session.objects.get().expire_date

    client.get(OWN)

    assert (Session.objects.get().expire_date > before) is is_written


@pytest.mark.parametrize(
    ("age", "told"),
    [
        ({RENEWED: MOST_IDLE - 60}, ""),
        ({RENEWED: MOST_IDLE + 60}, WAS_IDLE),
        ({SIGNED_IN: LONGEST - 60}, ""),
        ({SIGNED_IN: LONGEST + 60}, WAS_LONG),
    ],
)
def test_a_session_ends_when_nobody_used_it_or_after_a_working_day(client, age, told):
    answer = aged(signed_in(client), **age).get(OWN, follow=True)

    assert ("_auth_user_id" in client.session) is not bool(told)
    assert told in answer.content.decode()


def test_signing_in_again_leads_back_to_the_page(client):
    answer = aged(signed_in(client), **{RENEWED: MOST_IDLE + 60}).get(OWN)

    assert answer.url == f"{reverse('login')}?next={OWN}"


def test_a_form_that_comes_too_late_is_not_taken(client):
    answer = aged(signed_in(client), **{RENEWED: MOST_IDLE + 60}).post(
        reverse("campaigns:organization_add"), {"name": "某局"}
    )

    assert answer.url == reverse("login")
    assert not Organization.objects.exists()


def test_a_session_that_was_there_before_the_sign_in_is_not_the_one_after_it(client):
    planted = client.session
    planted["mark"] = True
    planted.save()

    signed_in(client)

    assert client.session.session_key != planted.session_key
    assert not planted.exists(planted.session_key)
