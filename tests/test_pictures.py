"""Each page that has its picture in the help pages or in the gallery still opens in the demo, and each picture is kept.

The short form of `tests/browser/test_pictures.py` and `test_gallery.py`, which take the pictures in a browser.
"""

import pytest
from django.test import Client

from reports.demo import DEMO_PASSWORD, playing
from tests.browser import test_gallery, test_pictures
from tests.reports.demo.looking import load_demo

pytestmark = pytest.mark.django_db

# Taken between the clicks of somebody who fills in a ballot.
ON_THE_WAY = {"notice", "ballot", "members", "review", "receipt"}


@pytest.fixture(scope="module", autouse=True)
def demo(module_database):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(playing, "ACTS", test_pictures.ACTS)
        load_demo()
        yield


class Opener:
    """Opens the pages that a camera takes."""

    def __init__(self):
        self.client, self.taken = Client(), set()

    def log_in(self, role):
        self.client = Client()
        assert self.client.login(username=role, password=DEMO_PASSWORD)

    def take(self, name, path, *, at=None):
        assert self.client.get(path, follow=True).status_code == 200, path
        self.taken.add(name)

    def show(self, name, path):
        for size in (test_gallery.DESK, test_gallery.PHONE):
            self.take(f"{name}-{size['width']}", path)


def test_each_picture_of_the_help_pages_is_kept_and_its_page_opens(db):
    opener = Opener()

    test_pictures.take_all(opener)

    assert opener.taken == test_pictures.shown_pictures()
    assert {path.stem for path in test_pictures.PICTURES.glob("*.png")} == opener.taken


def test_each_picture_of_the_gallery_is_kept_and_its_page_opens(db):
    opener = Opener()
    opener.log_in("secretary")

    test_gallery.before_the_count(opener)
    test_gallery.after_the_count(opener)

    listed = set(test_gallery.LISTED.findall(test_gallery.INDEX.read_text(encoding="utf-8")))
    assert opener.taken | ON_THE_WAY == listed == {path.stem for path in test_gallery.KEPT.iterdir()}
