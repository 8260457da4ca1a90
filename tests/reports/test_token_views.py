"""The page of a unit's tokens: one is made, shown once, used and revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.forms.tokens import MOST_DAYS
from reports.models import ApiToken
from tests.factories import make_api_token, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


@pytest.fixture
def page(people):
    return reverse("reports:token_list", args=[people.organization.pk])


def test_a_secret_is_shown_once_and_reads(secretary, page, people):
    day = timezone.localdate() + timedelta(days=90)

    made = secretary.post(page, {"name": "局党建平台", "expires_on": day.isoformat()})

    secret = made.context["secret"]
    assert f"<code>{secret}</code>" in made.content.decode()
    assert secret not in secretary.get(page).content.decode()
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get(reverse("reports:api_campaigns")).json()["campaigns"] == []
    shown = secretary.get(page).content.decode()
    assert "局党建平台" in shown and timezone.localdate().isoformat() in shown
    assert (ApiToken.objects.get().made_by, ApiToken.objects.get().expires_on) == (people.secretary, day)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "用途"),
        ({"days": -1}, "有效期只能是今天到"),
        ({"days": MOST_DAYS + 1}, "有效期只能是今天到"),
        ({"name": "看板"}, "已有同名的令牌"),
    ],
)
def test_a_token_with_wrong_facts_is_not_made(secretary, page, people, fields, error):
    make_api_token(people.organization, by=people.secretary, name="看板")
    day = timezone.localdate() + timedelta(days=fields.get("days", 30))

    response = secretary.post(page, {"name": fields.get("name", "平台"), "expires_on": day.isoformat()})

    assert error in response.content.decode() and not response.context["secret"]
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_says_by_whom(secretary, page, people):
    token = make_api_token(people.organization, by=people.officer)

    response = secretary.post(reverse("reports:token_revoke", args=[token.pk]), follow=True)

    text = response.content.decode()
    assert "已经作废" in text and "已作废" in text and "officer" in text
    assert not ApiToken.objects.live(timezone.localdate()).exists()
