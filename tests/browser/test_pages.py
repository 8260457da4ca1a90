"""Pages of every kind and state that each role can reach in the demo, by its links, at a desk and on a phone.

A link that is shown must lead to a page; the page must be accessible, complain of nothing in the console and, on a
phone, stay within the screen except where a wide table scrolls in a box of its own.
"""

from collections import deque
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from ballots.models import Batch, Opinion
from campaigns.models import Campaign, Poll
from reports.demo import DEMO_PASSWORD, accounts, playing
from reports.models import Announcement, Problem, Summary
from tests.reports.demo.looking import load_demo

from .visitor import foreign_sentences, loud_buttons, sticking_out

pytestmark = pytest.mark.django_db(transaction=True)

# A campaign in each state; the township and the company have only more of the same.
ACTS = playing.ACTS[:5]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# By what an address names last: what of it decides what there is to see on a page about it.
STATES = {
    "campaign_id": lambda key: state_of_campaign(Campaign.objects.with_progress().get(pk=key)),
    "poll_id": lambda key: state_of_poll(Poll.objects.get(pk=key)),
    "batch_id": lambda key: Batch.objects.get(pk=key).state,
    "problem_id": lambda key: Problem.objects.get(pk=key).state,
    "announcement_id": lambda key: Announcement.objects.get(pk=key).state,
}
# The pages that the demo must have a way to, or it has become poorer.
AFTER_THE_COUNT = {
    *("poll_results", "campaign_results", "ranking", "periods", "finding_list", "export_add", "export_list"),
    *("opinion_list", "opinion_read", "problem_list", "problem_board", "problem_detail"),
    *("comment_list", "comment_add", "comment_missing", "commitment_list", "announcement_list"),
}
REACHED = {
    "secretary": AFTER_THE_COUNT
    | {"problem_add", "problem_edit", "measure_add", "measure_finish", "commitment_fulfil"}
    | {"summary_edit", "summary_versions", "summary_version", "unit_summary_edit"}
    | {"announcement_add", "announcement_detail", "announcement_public", "objection_add", "objection_edit"},
    "teller": {"poll_results", "campaign_results"},
    "officer": AFTER_THE_COUNT | {"finding_decide"},
    "administrator": {"account_list"},
    "auditor": {"trail_list"},
}
FILES = (".pdf", ".xlsx", ".docx", ".csv", ".zip", ".png", ".json", ".ics")


@pytest.fixture
def site(live_server, monkeypatch):
    """The address of a site with the demo."""
    monkeypatch.setattr(playing, "ACTS", ACTS)
    load_demo()
    kind_of.cache_clear()
    return live_server.url


# On a phone axe looks at what walks lead to; at every page it does so in the long form.
AT_A_DESK, ALSO_ON_A_PHONE = (DESKTOP,), pytest.param((DESKTOP, PHONE), marks=pytest.mark.long, id="also on a phone")


@pytest.mark.parametrize("looked_at_by_axe", [pytest.param(AT_A_DESK, id="at a desk"), ALSO_ON_A_PHONE])
@pytest.mark.parametrize("role", accounts.ACCOUNTS.values())
def test_every_page_a_role_can_reach(desktop_page, site, assert_accessible, role, looked_at_by_axe):
    log_in(desktop_page, site, role)
    problems, reached = [], set()

    for path, source, status in visits(desktop_page, site):
        if status != 200:
            problems.append(f"{status} {path}, linked from {source}")
            continue
        name, _ = kind_of(path)
        if len(loud := loud_buttons(desktop_page)) > 1:
            problems.append(f"{path} has several primary buttons: {loud}")
        for size in (DESKTOP, PHONE):
            desktop_page.set_viewport_size(size)
            if size in looked_at_by_axe and (size == DESKTOP or name not in reached):
                assert_accessible(desktop_page)
            problems += [f"{path} is wider than {size['width']}: {part}" for part in sticking_out(desktop_page)]
        reached.add(name)

    assert problems == []
    assert REACHED[role] - reached == set()


def log_in(page, site, role):
    page.goto(f"{site}/login/")
    page.fill("[name=username]", role)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")


def visits(page, site):
    """Go to the home page and on, to one page of each kind and state. Yields where it is.

    Path, where it was linked, and status; the caller may look at the page, but must leave it there.
    """
    waiting, known = deque([("/", "")]), {kind_of("/")}
    while waiting:
        path, source = waiting.popleft()
        yield path, source, page.goto(site + path).status
        for link in links(page, site):
            kind = kind_of(link)
            if kind not in known:
                known.add(kind)
                waiting.append((link, path))


def state_of_campaign(campaign):
    """How far it has come, and whether its results are held against thresholds."""
    return campaign.state, bool(campaign.thresholds)


def state_of_poll(poll):
    """How far it has come, and whether there is a 小结 of it, and opinions."""
    has_opinions = Opinion.objects.filter(target__poll=poll).exists()
    return poll.state, Summary.objects.filter(poll=poll).exists(), has_opinions


@cache
def kind_of(path):
    """The name of a page's route and the state of what its address names last."""
    route = resolve(urlsplit(path).path)
    named = [name for name in route.kwargs if name in STATES]
    return route.url_name, STATES[named[-1]](route.kwargs[named[-1]]) if named else ""


def links(page, site):
    """Paths of the pages of this site that the page links to; files are other tests' business."""
    addresses = page.eval_on_selector_all("a[href]", "all => all.map(element => element.href)")
    ours = [address.removeprefix(site).partition("#")[0] for address in addresses if address.startswith(site)]
    return [address for address in ours if not urlsplit(address).path.endswith(FILES) and "/template/" not in address]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("请填写。This field is required.", ["This field is required"]),
        ("Enter a valid date.", ["Enter a valid date"]),
        ("下载 PDF Word Excel，用 Microsoft Excel 或 WPS 打开", []),
    ],
)
def test_a_sentence_in_another_language_is_found_and_names_of_programs_are_none(text, told):
    assert foreign_sentences(text) == told


def test_only_buttons_that_are_seen_are_loud(page):
    page.set_content(
        """<main><a class="btn btn-primary">看</a><button class="btn btn-primary" hidden>藏</button><details>
        <summary>更多</summary><a class="btn-primary">收</a></details><a class="btn-primary" style="visibility:hidden">隐</a>
        <a class="btn-primary">写</a></main><a class="btn-primary">外</a>"""
    )

    assert loud_buttons(page) == ["看", "写"] == page.locator("main .btn-primary:visible").all_inner_texts()
