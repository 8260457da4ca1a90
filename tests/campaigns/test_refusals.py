"""The pages that refuse: they name the roles of the account and who gives others, and tell nothing of what others have."""

import pytest
from django.urls import reverse

from tests.factories import make_campaign, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(make_organization())


def page_of(client, user, path):
    client.force_login(user)
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def test_a_refused_deed_names_the_roles_and_who_gives_others(client, cast):
    path = reverse("campaigns:campaign_edit", args=[make_campaign(cast.organization).pk])

    status, page = page_of(client, cast.officer, path)

    assert status == 403
    assert "某局党委：上级党委人员" in page and "系统管理员（administrator）" in page


def test_an_administrator_who_may_not_log_in_is_not_named(client, cast):
    cast.administrator.is_active = False
    cast.administrator.save()
    path = reverse("campaigns:campaign_edit", args=[make_campaign(cast.organization).pk])

    assert "administrator" not in page_of(client, cast.officer, path)[1]


def test_a_foreign_thing_and_one_that_never_was_look_alike(client, cast):
    foreign = reverse("campaigns:campaign_detail", args=[make_campaign(cast.organization).pk])

    answers = [page_of(client, cast.outsider, path) for path in (foreign, "/campaigns/987654/")]

    assert [status for status, _ in answers] == [404, 404]
    assert answers[0][1] == answers[1][1]
    assert "外单位党委（党务干事）" in answers[0][1] and "没有这个网址" not in answers[0][1]


def test_a_wrong_address_is_told_from_a_thing_that_is_missing(client, cast):
    status, page = page_of(client, cast.secretary, "/no/such/page/")

    assert status == 404 and "没有这个网址" in page


def test_without_an_account_or_a_role_nothing_of_anybody_is_named(client, cast):
    assert "党委" not in client.get("/no/such/page/").content.decode()
    assert page_of(client, make_user("new"), "/campaigns/987654/")[0] == 404
