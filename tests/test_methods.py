"""Which methods of HTTP a page takes."""

import pytest
from django.test import Client


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_any_other_method_is_refused_before_a_page_is_made(method):
    answer = Client().generic(method, "/v/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_page_is_asked_for_and_sent_to(db, method):
    assert Client().generic(method, "/v/").status_code != 405
