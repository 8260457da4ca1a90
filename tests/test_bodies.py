"""How much each page takes, said by its length before it is read."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from campaigns.kept_files import MOST_BYTES
from campaigns.roster.safety import MAX_UPLOAD_BYTES
from pingyi.bodies import ANY_PAGE_TAKES, AROUND_FILES, RefuseLargeBodies, largest_body


@pytest.mark.parametrize(
    ("path", "largest"),
    [
        ("/v/", ANY_PAGE_TAKES),
        ("/ballot/cast/", ANY_PAGE_TAKES),
        ("/login/", ANY_PAGE_TAKES),
        ("/no/such/page/", ANY_PAGE_TAKES),
        ("/static/css/site.css", ANY_PAGE_TAKES),
        ("/roster/import/", MAX_UPLOAD_BYTES + AROUND_FILES),
        ("/campaigns/1/import/", MAX_UPLOAD_BYTES + AROUND_FILES),
        ("/polls/1/count-sheet-photos/", MOST_BYTES + AROUND_FILES),
        ("/organizations/add/", 2 * 1024 * 1024),
    ],
)
def test_public_pages_take_little_forms_more_and_uploads_what_their_form_says(path, largest):
    assert largest_body(path) == largest


class NeverRead:
    def read(self, *_):
        raise AssertionError("read")

    readline = read


@pytest.mark.parametrize(("size", "status"), [(ANY_PAGE_TAKES, 200), (ANY_PAGE_TAKES + 1, 413), (300_000_000, 413)])
def test_what_is_larger_than_its_page_takes_is_refused_unread(size, status):
    request = RequestFactory().generic("POST", "/v/", CONTENT_LENGTH=str(size), **{"wsgi.input": NeverRead()})

    response = RefuseLargeBodies(lambda request: HttpResponse())(request)

    assert response.status_code == status


@pytest.mark.django_db
def test_the_refusal_says_in_chinese_how_much_is_taken(client):
    response = client.post(reverse("ballots:code_enter"), {"code": "x" * 300_000})

    assert response.status_code == 413
    assert "这个页面一次最多收256.0" in response.content.decode()
    assert "Content-Security-Policy" in response.headers
