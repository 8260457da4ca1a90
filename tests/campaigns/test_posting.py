"""A form is given the fields of a POST, and nothing on a page that is only looked at."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from campaigns.views.posting import posted, posted_files
from tests.factories import make_cast, make_organization


def test_a_page_that_is_looked_at_posts_nothing():
    request = RequestFactory().get("/")

    assert posted(request) is None
    assert posted_files(request) is None


def test_an_empty_post_is_a_post():
    request = RequestFactory().post("/")

    assert posted(request) == {}
    assert posted_files(request) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["member_add", "commitment_add"])
def test_an_empty_form_comes_back_with_what_is_missing(client, name):
    committee = make_organization("某局党委")
    client.force_login(make_cast(committee).secretary)

    response = client.post(reverse(f"campaigns:{name}", args=[committee.pk]))

    assert "这个字段是必填项。" in response.content.decode()
    assert not committee.members.exists()
    assert not committee.commitments.exists()


@pytest.mark.django_db
def test_an_upload_without_a_file_asks_for_the_file(client):
    committee = make_organization("某局党委")
    client.force_login(make_cast(committee).secretary)

    response = client.post(reverse("campaigns:roster_import"))

    assert list(response.context["form"].errors) == ["file"]
