"""A unit's tokens: one live one of a name, and nobody revokes without a name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import ApiToken
from tests.factories import make_api_token, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


def test_a_unit_has_one_live_token_of_a_name(people):
    token = make_api_token(people.organization, by=people.secretary)
    with pytest.raises(IntegrityError, match=r"api_token_name_unique|UNIQUE"), transaction.atomic():
        make_api_token(people.organization, by=people.secretary)

    token.revoke(by=people.officer)

    assert make_api_token(people.organization, by=people.secretary).state == "有效"
    assert ApiToken.objects.get(pk=token.pk).state == "已作废"


def test_a_token_is_over_after_its_last_day(people):
    today = timezone.localdate()
    token = make_api_token(people.organization, by=people.secretary, expires_on=today)
    assert token.state == "有效" and list(ApiToken.objects.live(today)) == [token]

    token.expires_on = today - timedelta(days=1)

    assert token.state == "已过期"
    assert not ApiToken.objects.live(today + timedelta(days=1)).exists()


def test_a_revocation_has_somebody_who_did_it(people):
    make_api_token(people.organization, by=people.secretary)
    with pytest.raises(IntegrityError, match="api_token_revoked_by_somebody"), transaction.atomic():
        ApiToken.objects.update(revoked_at=timezone.now())
