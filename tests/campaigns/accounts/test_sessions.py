"""A session brings its account's rules with it, and participants' pages ask for none."""

import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import resolve, reverse

from campaigns.accounts.deeds import record_deed
from campaigns.accounts.sessions import RENEWED, RENEWED_AFTER, TOLD_AT_ONCE, SessionRulesMiddleware
from campaigns.models import AccountDeed
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(("seconds", "is_later"), [(RENEWED_AFTER - 60, False), (RENEWED_AFTER + 60, True)])
def test_a_session_in_use_ends_later_but_is_not_written_for_every_page(client, seconds, is_later):
    session = signed_in(client).session
    session[RENEWED] -= seconds
    session.save()
    before = Session.objects.get().expire_date

    client.get(reverse("campaigns:own_account"))

    assert (Session.objects.get().expire_date > before) is is_later
