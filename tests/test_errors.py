"""Which failures are a matter of moments, and what is said of them."""

import sqlite3
from contextlib import closing

import psycopg2
import pytest
from django.db import OperationalError
from django.test import RequestFactory

from pingyi.errors import is_locked, server_error


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
