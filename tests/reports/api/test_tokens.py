"""Tokens let in for as long as they are live and their maker may read; nobody can read them again."""

from datetime import date, timedelta

import pytest

from campaigns.models import AccountStanding
from reports.api.tokens import PREFIX, make_token, note_use, token_with
from reports.models import ApiToken
from tests.factories import make_api_token, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def secret(people):
    return make_token(people.organization, name="看板", expires_on=TODAY, by=people.secretary)


def test_a_token_lets_in_to_its_last_day_and_is_kept_as_a_digest(secret):
    token = token_with(secret, today=TODAY)

    assert secret.startswith(PREFIX) and len(secret) > 40
    assert token == ApiToken.objects.get()
    assert not any(secret in str(value) for value in ApiToken.objects.values().get().values())
    assert token_with(secret, today=TODAY + timedelta(days=1)) is None
    assert [token_with(wrong, today=TODAY) for wrong in ("", secret[:-1], token.digest)] == [None, None, None]


def test_a_revoked_token_lets_nobody_in_and_is_revoked_once(people, secret):
    token = ApiToken.objects.get()

    assert [token.revoke(by=people.officer), token.revoke(by=people.secretary)] == [True, False]
    assert token_with(secret, today=TODAY) is None
    assert ApiToken.objects.get().revoked_by == people.officer


def test_a_token_ends_with_the_role_of_whoever_made_it(people, secret):
    people.secretary.roles.update(kind="teller")
    assert token_with(secret, today=TODAY) is None

    people.secretary.roles.update(kind="officer")
    assert token_with(secret, today=TODAY)

    people.secretary.is_active = False
    people.secretary.save()
    assert token_with(secret, today=TODAY) is None


def test_a_token_of_the_demo_ends_with_the_demo(people, secret):
    AccountStanding.objects.create(user=people.secretary, is_demo=True)
    AccountStanding.objects.create(user=people.administrator, is_demo=True)
    assert token_with(secret, today=TODAY)

    make_user("root", is_superuser=True)

    assert token_with(secret, today=TODAY) is None


def test_the_day_of_the_latest_use_is_kept_with_one_write_a_day(people, django_assert_num_queries):
    token = make_api_token(people.organization, by=people.secretary)
    note_use(token, today=TODAY)
    token = ApiToken.objects.get()

    with django_assert_num_queries(0):
        note_use(token, today=TODAY)

    assert token.last_used_on == TODAY
