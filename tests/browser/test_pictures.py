"""The pictures of the help pages, taken from the demo; and each help page, which shows them.

`make pictures` writes them into `static/help/`; `make test-long` looks whether they can still be taken, and keeps none, and
tests/test_pictures.py whether their pages still open.
"""

import io
import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db.models import Count
from django.test import override_settings
from django.utils.timezone import localdate
from PIL import Image

from ballots.models import Consultation
from ballots.voting import codes
from campaigns import actions
from campaigns.models import AppraisedDocument, Campaign, PlannedPeriod, Poll, Target
from pingyi import help_pages
from pingyi.settings import BASE_DIR
from reports.api.tokens import make_token
from reports.demo import DEMO_PASSWORD, playing
from reports.models import Consequence, Grading, Letterbox, WindowTaking
from tests.factories import (
    make_mail_address,
    make_open_poll,
    make_shared,
    make_superior_mark,
    make_user,
    make_webhook,
)
from tests.reports.demo.looking import load_demo
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db(transaction=True)

TEMPLATES, PICTURES = BASE_DIR / "templates" / "help", BASE_DIR / "static" / "help"
SHOWN = re.compile(r'{% picture "([\w-]+)"')
# The acts that the pictures show, by their organizers.
ACTS = [act for act in playing.ACTS if act.name not in ("青岚县柳溪乡党委", "青岚煤业公司党委")]
COLOURS = 64
WINDOW = {"width": 1100, "height": 760}


@pytest.fixture
def site(live_server, monkeypatch):
    """The address of a site with the demo."""
    monkeypatch.setattr(playing, "ACTS", ACTS)
    load_demo()
    return live_server.url


@pytest.fixture
def folder(tmp_path):
    """Where the pictures go."""
    return Path(os.environ.get("PINGYI_PICTURES", tmp_path))


class Camera:
    """Somebody at a desk who takes pictures of pages."""

    def __init__(self, page, site, folder):
        self.page, self.site, self.folder = page, site, folder
        self.taken = set()

    def log_in(self, role):
        self.page.context.clear_cookies()
        self.page.goto(f"{self.site}/login/")
        self.page.fill("[name=username]", role)
        self.page.fill("[name=password]", DEMO_PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.site}/")

    def take(self, name, path, *, at=None):
        """The window on a page, scrolled down to an element."""
        self.page.set_viewport_size(WINDOW)
        assert self.page.goto(self.site + path).ok, path
        # In earnest no page has it.
        self.page.evaluate("document.querySelector('.demo-banner')?.remove()")
        if at:
            # At once: the page's own way of scrolling takes a while.
            self.page.locator(at).first.evaluate("element => element.scrollIntoView({behavior: 'instant'})")
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
            self.folder / f"{name}.png", optimize=True
        )
        self.taken.add(name)


@pytest.mark.long
def test_the_pictures_of_the_help_pages(desktop_page, site, folder):
    camera = Camera(desktop_page, site, folder)
    take_all(camera)

    assert camera.taken == shown_pictures()
    assert {path.stem for path in PICTURES.glob("*.png")} == camera.taken


def take_all(camera):
    camera.log_in("secretary")
    start(camera)
    performance(camera)
    team(camera)
    scored(camera)
    reports(camera)
    camera.take("commitments-1", "/commitments/")
    ranked = Target.objects.exclude(questionnaire__most_chosen=None).first().poll_id
    camera.take("commitments-2", f"/polls/{ranked}/results/", at="h2:has-text('最满意的实事')")
    preparing, _ = campaign_in("preparing")
    camera.take("pairing-1", f"/campaigns/{preparing.pk}/pairs/?neighbours=1")
    configured(camera, preparing)
    year(camera)
    camera.take("members-1", f"/polls/{Grading.objects.first().poll_id}/grading/", at="h2")
    camera.take("rectification-1", "/ledger/revote/")
    decided = Consequence.objects.first().finding.target.poll.campaign.organizer_id
    camera.take("use-1", f"/restrictions/?unit={decided}")
    heard(camera)
    tapped(camera)
    several_forms(camera)
    all_units(camera)
    own_office(camera)


def shown_pictures():
    """The names of all pictures that help pages show."""
    return {name for path in TEMPLATES.glob("*.html") for name in SHOWN.findall(path.read_text(encoding="utf-8"))}


def campaign_in(state):
    """The demo's first campaign that has come so far, and its first poll that has."""
    campaign = next(each for each in Campaign.objects.with_progress().order_by("pk") if each.state == state)
    return campaign, campaign.polls.filter(state=state).first()


def of_cadres():
    """The demo's appraisal of cadres that is being prepared."""
    return Campaign.objects.filter(title__contains="工作实绩").latest("pk")


def start(camera):
    preparing, poll = campaign_in("preparing")
    camera.take("start-1", f"/campaigns/{preparing.pk}/")
    camera.take("start-2", f"/polls/{poll.pk}/preview/")
    _, poll = campaign_in("open")
    camera.take("start-3", f"/polls/{poll.pk}/")
    _, poll = campaign_in("sealed")
    camera.take("start-4", f"/polls/{poll.pk}/results/")
    camera.take("start-5", f"/polls/{poll.pk}/summary/")


def configured(camera, campaign):
    questionnaire = campaign.questionnaires.first()
    camera.take("rules-1", f"/questionnaires/{questionnaire.pk}/scale/")
    camera.take("forms-1", f"/campaigns/{campaign.pk}/form-sets/add/")


def year(camera):
    """The plan with most of its periods held."""
    held = PlannedPeriod.objects.exclude(campaign=None).values("plan").annotate(count=Count("pk"))
    plan = held.order_by("-count", "plan")[0]["plan"]
    camera.take("year-1", f"/plans/{plan}/")
    camera.take("year-2", f"/plans/{plan}/comparison/")


def team(camera):
    """A campaign of the bureau, made from the library for the picture."""
    organizer = of_cadres().organizer
    campaign = actions.create_campaign(
        organizer=organizer, appraisal="leadership-team", title="领导班子评议", period="本年度", by=None
    )
    camera.take("team-1", f"/campaigns/{campaign.pk}/categories/")
    appraised = Poll.objects.get(campaign__title__contains="领导班子和班子成员评议")
    camera.take("team-2", f"/polls/{appraised.pk}/results/", at="[aria-label$=的满意度得分]")


def scored(camera):
    campaign = Campaign.objects.get(title__contains="千分制考核")
    waiting = campaign.polls.get(finished_scoring=None)
    camera.take("scoring-1", f"/campaigns/{campaign.pk}/scoring/")
    rater = campaign.score_scheme.raters.last()
    camera.take("scoring-2", f"/polls/{waiting.pk}/scoring/raters/{rater.pk}/")
    camera.take("scoring-3", f"/campaigns/{campaign.pk}/scoring/ranking/")


def reports(camera):
    """The drafts of a bureau's report, and secretaries in order."""
    document = AppraisedDocument.objects.get(kind="analysis")
    camera.take("drafts-1", f"/polls/{document.poll_id}/documents/")
    camera.take("drafts-2", f"/documents/{document.pk}/opinions/")
    ballots = {
        "上河村支部": {"111": 18, "121": 2},
        "下河村支部": {"111": 14},
        "枣林村支部": {"111": 9, "112": 3},
        "新村支部": {"111": 4},
    }
    polls = make_duty_polls(ballots, root=document.poll.campaign.organizer)
    for poll in polls.values():
        make_superior_mark(poll.targets.get(), "112")
    camera.take("secretaries-1", f"/campaigns/{polls['新村支部'].campaign_id}/secretaries/")


def performance(camera):
    campaign = of_cadres()
    camera.take("performance-1", f"/polls/{campaign.polls.first().pk}/preview/", at=".phone h2 >> nth=1")
    judged = Campaign.objects.filter(title__contains="工作实绩").earliest("pk")
    camera.take("performance-2", f"/campaigns/{judged.pk}/findings/")


def several_forms(camera):
    """Two forms of a unit that was in no picture before, as a desk ties them and as a phone is shown them."""
    unit = of_cadres().organizer
    polls = [make_open_poll(unit, title=title) for title in ("党组织评议票", "党员评议票")]
    camera.take("slips-1", f"/polls/{polls[0].pk}/batches/share/")
    (slip,) = codes.make_slips(make_shared(*polls)[0], 1)
    camera.take("slips-2", f"/v/{slip}/")


def all_units(camera):
    """The preview of what all units of a campaign get, and the list of how far each is."""
    campaign, _ = campaign_in("open")
    asked = [("channels", "paper"), ("how_many", "same"), ("same", 5), ("method", "slips")]
    asked += [("categories", category.pk) for category in campaign.categories.all()[:1]]
    camera.take("units-1", f"/campaigns/{campaign.pk}/batches/?{urlencode(asked)}")
    camera.take("units-2", f"/campaigns/{campaign.pk}/desk/")


def own_office(camera):
    """The pages of a unit's own keys, of its own Word file and of an account's own notices."""
    secretary = User.objects.get(username="secretary")
    unit = secretary.roles.first().organization
    for name in ("党建平台", "数据看板"):
        make_token(unit, by=secretary, name=name, expires_on=localdate() + timedelta(days=365))
    camera.take("api-1", f"/organizations/{unit.pk}/tokens/")
    camera.take("template-1", f"/organizations/{unit.pk}/word-template/")
    make_webhook(unit, by=secretary)
    make_mail_address(secretary)
    with override_settings(HAS_MAIL=True):
        camera.take("notices-1", "/notices/own/")


def tapped(camera):
    taking = WindowTaking.objects.get()
    camera.take("window-1", f"/windows/{taking.window_id}/")
    camera.take("window-2", f"/polls/{taking.poll_id}/windows/")


def heard(camera):
    box = Letterbox.objects.select_related("organization").get()
    camera.take("letterbox-1", f"/organizations/{box.organization_id}/letterbox/")
    sheets = Consultation.objects.get()
    camera.take("gathering-1", f"/polls/{sheets.poll_id}/gathering/")
    camera.take("consultations-1", f"/polls/{sheets.poll_id}/sheets/")


def test_each_help_page_can_be_read_at_a_desk_and_on_a_phone(desk, phone):
    make_user("secretary")
    for visitor in (desk, phone):
        visitor.log_in("secretary")
        for path in ("/help/", *(f"/help/{slug}/" for slug in help_pages.BY_SLUG)):
            visitor.open(path)
            assert visitor.sticking_out() == []
