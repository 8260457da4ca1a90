"""The administrators' page: what waits for somebody, within reach, and how the server stands."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.accounts.delays import begin_try
from campaigns.accounts.giving import open_account
from campaigns.models import AccountStanding
from tests.factories import make_cast, make_open_poll, make_organization, make_user

pytestmark = pytest.mark.django_db
PAGE = "/administration/"


@pytest.fixture
def cast():
    return make_cast(make_organization())


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


def open_new(cast, username, *, by=None, organization=None):
    unit = organization or cast.organization
    return open_account(User(username=username, first_name="新人"), organization=unit, kind="teller", by=by)


def test_who_has_to_wait_is_let_in_from_here(administrator, cast):
    begin_try("Teller", "10.0.0.9")
    begin_try("outsider", "10.0.0.9")
    begin_try("nobody", "10.0.0.9")

    before = administrator.get(PAGE).content.decode()
    administrator.post(reverse("campaigns:account_release", args=[cast.teller.pk]))
    after = administrator.get(PAGE).content.decode()

    assert "输错密码要等待的账号（1）" in before and "：输错1次" in before
    assert "outsider" not in before and "nobody" not in before
    assert "近一小时没有人输错密码" in after


def test_first_passwords_are_listed_with_their_last_day_within_reach(administrator, cast):
    fresh, late, foreign = (
        open_new(cast, "fresh"),
        open_new(cast, "late"),
        open_new(cast, "foreign", organization=cast.outsider.roles.get().organization),
    )
    AccountStanding.objects.filter(user=late).update(initial_until=timezone.now() - timedelta(days=1))

    page = administrator.get(PAGE)

    assert page.context["initial"] == [(late, True), (fresh, False)]
    assert "已过期，请重设" in page.content.decode()
    assert foreign.username not in page.content.decode()


def test_the_server_is_a_superuser_s_business(administrator, client, cast):
    make_open_poll(make_organization("开票党委"))
    of_administrator = administrator.get(PAGE).content.decode()
    client.force_login(make_user("root", is_superuser=True))
    of_superuser = client.get(PAGE).content.decode()

    assert "服务器</h2>" not in of_administrator and "备份" not in of_administrator
    assert "有1个评议点在收票或者还没有封存" in of_superuser
    assert "没有备份记录" in of_superuser


def test_the_page_takes_the_same_number_of_queries_for_one_account_and_for_three(administrator, cast):
    counts = []
    for number in range(3):
        open_new(cast, f"new{number}", by=cast.administrator)
        begin_try(f"new{number}", f"10.0.0.{number}")
        with CaptureQueriesContext(connection) as queries:
            administrator.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[2]
