"""The help pages: every topic is listed and has its page, and every picture that a page shows is there."""

import re

import pytest

from pingyi import help_pages
from pingyi.settings import BASE_DIR
from tests import factories

pytestmark = pytest.mark.django_db

PICTURES = BASE_DIR / "static" / "help"


@pytest.fixture
def reader(client):
    client.force_login(factories.make_user())
    return client


def test_every_topic_is_listed_and_has_its_page(reader):
    listed = reader.get("/help/").content.decode()

    for topic in help_pages.BY_SLUG.values():
        assert f'href="/help/{topic.slug}/">{topic.title}<' in listed
        assert f"<h1>{topic.title}</h1>" in reader.get(f"/help/{topic.slug}/").content.decode()


def test_every_template_is_a_topic():
    pages = {path.stem for path in (BASE_DIR / "templates" / "help").glob("[!_]*.html")}

    assert pages - {"index"} == set(help_pages.BY_SLUG)


def test_every_picture_shown_is_there_and_every_picture_there_is_shown(reader):
    shown = {
        name
        for slug in help_pages.BY_SLUG
        for name in re.findall(r'src="/static/help/([^"]+)"', reader.get(f"/help/{slug}/").content.decode())
    }

    assert shown
    assert {path.name for path in PICTURES.iterdir()} == shown


def test_a_topic_that_is_not_there_is_not_found(reader):
    assert reader.get("/help/unknown/").status_code == 404
