"""Which failures are a matter of moments, and what is said of them."""

import re
import sqlite3
from contextlib import closing

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from pingyi.errors import is_locked, server_error
from tests.factories import make_organization, make_user


def wrapped(cause):
    """An error as Django raises it."""
    try:
        raise OperationalError(str(cause)) from cause
    except OperationalError as error:
        return error


@pytest.fixture
def busy(tmp_path):
    """The error of a second connection to a database that a first one holds."""
    path = tmp_path / "database"
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=0)) as other:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            other.execute("BEGIN IMMEDIATE")
    return wrapped(caught.value)


def answer(error, method="GET"):
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().generic(method, "/"))


def test_a_database_that_is_held_is_told_from_every_other_failure(busy):
    assert is_locked(busy)
    assert not is_locked(wrapped(sqlite3.OperationalError("no such table: x")))
    assert not is_locked(wrapped(psycopg2.OperationalError("could not connect to server")))
    assert not is_locked(ValueError("database is locked"))
    assert not is_locked(None)


def test_a_held_database_is_a_kind_page_that_asks_again_by_itself(busy):
    page, sent = answer(busy), answer(busy, "POST")

    assert (page.status_code, page["Retry-After"], page["Refresh"]) == (503, "5", "5")
    assert "系统正忙" in page.content.decode()
    # A form is not sent again by a page that is only looked at.
    assert (sent.status_code, sent.get("Refresh")) == (503, None)


def test_any_other_failure_is_called_one():
    page = answer(ValueError("x"))

    assert page.status_code == 500
    assert "系统出错" in page.content.decode()


HOME = "http://testserver"


@pytest.fixture
def strict(db):
    """A secretary's browser whose forms need their token, and the page on which she adds a commitment."""
    unit = make_organization()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("secretary", kind="secretary", organization=unit))
    return browser, reverse("campaigns:commitment_add", args=[unit.pk])


def words_offered(page):
    return re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode().split("<main")[1])


def test_a_form_with_an_outdated_token_is_offered_again_with_all_that_was_filled_in(strict):
    browser, address = strict

    refused = browser.post(address, {"content": "每月走访<联系户>", "kind": "public"}, headers={"origin": HOME})

    assert refused.status_code == 403
    offered = dict(words_offered(refused))
    assert offered["content"] == "每月走访&lt;联系户&gt;" and offered["kind"] == "public"
    assert f'action="{address}"' in refused.content.decode()
    assert "刷新" not in refused.content.decode()
    again = {"content": "每月走访", "kind": "public", "csrfmiddlewaretoken": offered["csrfmiddlewaretoken"]}
    assert browser.post(address, again, headers={"origin": HOME}).status_code in (200, 302)


@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example"])
def test_a_form_of_another_site_is_not_offered(strict, origin):
    browser, address = strict

    refused = browser.post(address, {"content": "每月走访"}, headers={"origin": origin} if origin else {})

    assert refused.status_code == 403
    assert "每月走访" not in refused.content.decode()


def test_a_password_is_never_written_into_a_page(strict):
    browser, _ = strict

    refused = browser.post(reverse("login"), {"username": "secretary", "password": "秘密"}, headers={"origin": HOME})

    assert refused.status_code == 403
    assert "秘密" not in refused.content.decode()


def test_files_are_said_to_be_needed_once_more(strict):
    browser, address = strict
    paper = SimpleUploadedFile("承诺.pdf", b"%PDF-")

    refused = browser.post(address, {"content": "每月走访", "file": paper}, headers={"origin": HOME})

    assert "附件没有带上" in refused.content.decode()
