"""Every page that each role can reach in the demo, by its links, at a desk and on a phone.

A link that is shown must lead to a page; the page must be accessible, complain of nothing in the console and, on a
phone, stay within the screen except where a wide table scrolls in a box of its own.
"""

from collections import Counter, deque
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from ballots.demo import DEMO_PASSWORD, accounts, loading
from reports import demo

pytestmark = pytest.mark.django_db(transaction=True)

# A campaign in each state; the township and the company have only more of the same.
ACTS = loading.ACTS[:5]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# Every campaign is opened and a poll of each, so that every state is there; of other kinds of page two will do.
ONE_EACH = {"campaign_detail", "poll_detail"}
MOST_OF_A_KIND = 2
FILES = (".pdf", ".xlsx", ".docx", ".csv", ".zip")


@pytest.fixture
def site(live_server, monkeypatch):
    """The address of a site with the demo."""
    monkeypatch.setattr(loading, "ACTS", ACTS)
    list(demo.load())
    return live_server.url


@pytest.mark.parametrize("role", accounts.ACCOUNTS.values())
def test_every_page_a_role_can_reach(desktop_page, site, assert_accessible, role):
    log_in(desktop_page, site, role)
    problems = []

    for path, source, status in visits(desktop_page, site):
        if status != 200:
            problems.append(f"{status} {path}, linked from {source}")
            continue
        for size in (DESKTOP, PHONE):
            desktop_page.set_viewport_size(size)
            assert_accessible(desktop_page)
            problems += [f"{path} is wider than {size['width']}: {part}" for part in sticking_out(desktop_page)]

    assert problems == []


def log_in(page, site, role):
    page.goto(f"{site}/login/")
    page.fill("[name=username]", role)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")


def visits(page, site):
    """Go to the home page and on: all campaigns, and of other kinds of page one from each page. Yields where it is.

    Path, where it was linked, and status; the caller may look at the page, but must leave it there.
    """
    waiting, known, count_of_kind = deque([("/", "")]), {"/"}, Counter()
    while waiting:
        path, source = waiting.popleft()
        yield path, source, page.goto(site + path).status
        kinds_here = set()
        for link in links(page, site):
            kind = resolve(urlsplit(link).path).url_name
            if link in known or kind in kinds_here or (count_of_kind[kind] == MOST_OF_A_KIND and kind not in ONE_EACH):
                continue
            if kind != "campaign_detail":
                kinds_here.add(kind)
            known.add(link)
            count_of_kind[kind] += 1
            waiting.append((link, path))


def links(page, site):
    """Paths of the pages of this site that the page links to; files are other tests' business."""
    addresses = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    ours = [one.removeprefix(site).partition("#")[0] for one in addresses if one.startswith(site)]
    return [one for one in ours if not urlsplit(one).path.endswith(FILES) and "/template/" not in one]


def sticking_out(page):
    """What is wider than the window, apart from what scrolls in a box of its own."""
    return page.evaluate(
        """() => {
            if (document.documentElement.scrollWidth <= innerWidth) return []
            return [...document.querySelectorAll("body *")]
                .filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest(".table-responsive"))
                .map(one => one.outerHTML.slice(0, 120))
        }"""
    )
