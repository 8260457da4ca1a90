"""The gallery: pages that matter at a desk and on a phone, so that whoever changes a page sees what became of it.

`make pictures` writes it into `docs/gallery/`; `make test-long` looks whether it can still be taken, and keeps none, and
tests/test_pictures.py whether its pages still open.
"""

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from ballots.models import Batch
from ballots.voting import codes
from campaigns.models import Campaign
from pingyi.settings import BASE_DIR
from reports.demo import playing
from reports.models import Announcement, Problem
from tests.reports.demo.looking import load_demo

from .test_casting import heading, mark
from .test_pictures import ACTS, Camera, campaign_in

pytestmark = pytest.mark.django_db(transaction=True)

INDEX, KEPT = BASE_DIR / "docs" / "gallery.md", BASE_DIR / "docs" / "gallery"
DESK, PHONE = {"width": 1366, "height": 900}, {"width": 390, "height": 844}
LISTED = re.compile(r"!\[[^\]]+\]\(gallery/([\w-]+)\.webp\)")
QUALITY = 60
MOST_BYTES = 3_000_000


@pytest.fixture
def site(live_server, monkeypatch):
    """The address of a site with the demo."""
    monkeypatch.setattr(playing, "ACTS", ACTS)
    load_demo()
    return live_server.url


@pytest.fixture
def folder(tmp_path):
    """Where the gallery goes."""
    return Path(os.environ.get("PINGYI_GALLERY", tmp_path))


class Gallery(Camera):
    """A camera that takes a page as it opens, at a desk and on a phone, or on a phone alone."""

    def show(self, name, path):
        for size in (DESK, PHONE):
            self.page.set_viewport_size(size)
            assert self.page.goto(self.site + path).ok, path
            self.keep(f"{name}-{size['width']}")

    def show_on_phone(self, name, path):
        self.page.set_viewport_size(PHONE)
        assert self.page.goto(self.site + path).ok, path
        self.keep(name)

    def keep(self, name):
        # In earnest no page has it.
        self.page.evaluate("document.querySelector('.demo-banner')?.remove()")
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        picture.convert("RGB").save(self.folder / f"{name}.webp", quality=QUALITY, method=6)
        self.taken.add(name)


@pytest.mark.long
def test_the_gallery_of_pages(desktop_page, site, folder):
    gallery = Gallery(desktop_page, site, folder)
    gallery.log_in("secretary")
    before_the_count(gallery)
    after_the_count(gallery)
    on_a_phone(gallery)

    assert gallery.taken == set(LISTED.findall(INDEX.read_text(encoding="utf-8")))
    assert {path.stem for path in KEPT.iterdir()} == gallery.taken
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < MOST_BYTES


def before_the_count(gallery):
    preparing, _ = campaign_in("preparing")
    open_, poll = campaign_in("open")
    gallery.show("home", "/")
    gallery.show("organizations", "/organizations/")
    gallery.show("organization", f"/organizations/{poll.organization_id}/")
    gallery.show("campaigns", "/campaigns/")
    gallery.show("preparing", f"/campaigns/{preparing.pk}/")
    gallery.show("questionnaires", f"/campaigns/{preparing.pk}/questionnaires/")
    gallery.show("rules", f"/campaigns/{preparing.pk}/rules/")
    gallery.show("collecting", f"/campaigns/{open_.pk}/")
    gallery.show("poll", f"/polls/{poll.pk}/")
    gallery.show("batch", f"/polls/{poll.pk}/batches/add/")


def after_the_count(gallery):
    team = Campaign.objects.get(title__contains="领导班子和班子成员评议").polls.get()
    several = Campaign.objects.filter(title__contains="社区评诺").latest("pk")
    heard = several.polls.order_by("pk").first()
    gallery.show("results", f"/polls/{team.pk}/results/")
    gallery.show("sums", f"/campaigns/{several.pk}/results/")
    gallery.show("desk", f"/campaigns/{several.pk}/desk/")
    gallery.show("ledger", "/ledger/")
    gallery.show("problem", f"/ledger/{Problem.objects.earliest('pk').pk}/")
    gallery.show("opinions", f"/polls/{heard.pk}/opinions/")
    gallery.show("summary", f"/polls/{heard.pk}/summary/")
    gallery.show("announcement", f"/announcements/{Announcement.objects.earliest('pk').pk}/")


def on_a_phone(gallery):
    notice = Announcement.objects.filter(audience="public", published_at__isnull=False).earliest("pk")
    gallery.show_on_phone("notice", f"/announced/{notice.token}/")
    batch = Batch.objects.filter(method="slips", poll__in=campaign_in("open")[0].polls.all()).earliest("pk")
    (slip,) = codes.make_slips(batch, 1)
    gallery.show_on_phone("ballot", f"/v/{slip}/")
    page = gallery.page
    page.locator(".matrix").first.evaluate("section => section.scrollIntoView({behavior: 'instant'})")
    gallery.keep("members")
    mark(page, [0] * page.locator("fieldset").count())
    page.get_by_role("button", name="下一步").click()
    expect(heading(page)).to_have_text("请核对，还没有提交")
    gallery.keep("review")
    page.get_by_role("button", name="确认提交").click()
    expect(heading(page)).to_have_text("已收到您的票")
    gallery.keep("receipt")
