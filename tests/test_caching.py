"""No page stays in a browser; that each route keeps to it is asked where each route is (test_permissions)."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from pingyi.caching import KeepNoPage


def test_a_page_may_be_stored_nowhere():
    answer = KeepNoPage(lambda request: HttpResponse("结果"))(RequestFactory().get("/"))

    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_a_page_that_says_itself_how_long_it_may_be_kept_is_let_be():
    answer = KeepNoPage(lambda request: HttpResponse(headers={"Cache-Control": "max-age=60"}))(
        RequestFactory().get("/")
    )

    assert answer["Cache-Control"] == "max-age=60"


@pytest.mark.django_db
@pytest.mark.parametrize("address", [reverse("login"), "/nowhere/", reverse("reports:home")])
def test_pages_without_an_account_are_stored_nowhere_either(client, address):
    assert "no-store" in client.get(address)["Cache-Control"]
