"""Each ready-made form of the library, from the choice of it to the downloaded report, by the clicks of a secretary.

A new form is walked as soon as it is in the library, by `make test-long`. `make test` walks with those in SHORT, which have
each kind of line, of scale and of rule between them, and holds every form without a browser
(tests/reports/test_library_forms.py). The first ballot is cast on a phone, the others as phones cast them.
The marks are counted here anew and compared with the page, the 小结 and the workbook. Pages are not looked at by axe
here: other files do that. Deeds that only some forms have are walked in library_deeds/, from the library as well:
千分制, 民主评议党员, 五步评议, 分析检查报告, 双向述职. The other rooms beside the ballots are walked in files of their own:

- the pages of those deeds on a phone: test_scoring.py, test_grading.py, test_documents.py, test_secretaries.py
- 征求意见表: test_consultations.py
- 干部工作实绩: a finding and its decision in test_committee.py and test_consequences.py
- 窗口即时评议: test_window.py; 社会各界: test_gathering.py; 意见箱: test_letterbox.py
- 支部结对互评: here, below the forms
- 整改再评 from the ledger: test_revotes.py
- 评诺: commitments in test_follow_up.py
- several forms on one slip: test_shared_slips.py; the year and its stages: test_year.py; sets of forms: test_form_sets.py
"""

from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from campaigns.library import appraisals
from campaigns.models import Organization
from tests import factories

from .conftest import watch
from .figures import text_of
from .library_walk import (
    ROOT,
    choose,
    choose_unit,
    close_and_seal,
    count,
    figures_of_page,
    figures_of_workbook,
    hold_meeting,
    keep,
    make_branch,
    missing,
    open_campaign,
    prepare,
    shot,
    take_step,
)
from .visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

# Open questions and four grades; lists to choose from; weighted categories; members who leave themselves out.
SHORT = ("performance", "deeds-choice", "leadership-team", "members-yearly")
PARTNER, GUESTS = "第二党支部", "结对支部党员"


@pytest.fixture(scope="module")
def office_page(browser):
    """A page at a desk for all forms, one after the other: its browser has fetched the styles once."""
    yield from watch(browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN"))


@pytest.fixture(scope="module")
def hand_page(browser):
    """The same on a phone, without the fine dots of its screen, which take long to paint."""
    size = {"width": 390, "height": 780}
    yield from watch(browser.new_context(viewport=size, is_mobile=True, has_touch=True, locale="zh-CN"))


@pytest.fixture
def desk(office_page, live_server):
    """A secretary of a branch with a roster, at a desk."""
    make_branch()
    return visitor(office_page, live_server)


@pytest.fixture
def phone(hand_page, live_server):
    return visitor(hand_page, live_server)


def visitor(page, live_server):
    page.context.clear_cookies()
    return Visitor(page, live_server.url, lambda page: None)


@pytest.mark.parametrize(
    "key", [key if key in SHORT else pytest.param(key, marks=pytest.mark.long) for key in appraisals()]
)
def test_a_form_goes_from_the_library_to_its_report(key, desk, phone):
    form = appraisals()[key]
    desk.log_in("secretary")
    choose(desk, form)
    prepare(desk)
    open_campaign(desk)
    lines, cast = hold_meeting(desk, phone, form)
    close_and_seal(desk, len(cast))

    expected = count(lines, cast, own=form.rules.is_self_excluded)
    shot(desk, key)
    assert figures_of_page(desk) == Counter(figures for _, figures in expected)
    assert figures_of_workbook(desk, key) == Counter(expected)
    assert missing(expected, keep(desk.download("小结（PDF）"), f"{key}-summary.pdf")) == []


def test_paired_branches_appraise_one_another(desk, phone):
    root = Organization.objects.get(name=ROOT)
    factories.make_member(factories.make_organization(PARTNER, parent=root, kind="branch"), "赵明")
    factories.make_user("organizer", kind="secretary", organization=root)
    form = appraisals()["branch-plenary"]
    desk.log_in("organizer")
    choose(desk, form)
    campaign = urlsplit(desk.page.url).path
    take_step(desk, "参评人员类别")
    desk.page.locator("[name$=-name]").nth(len(form.categories)).fill(GUESTS)
    desk.press("保存")
    desk.open(campaign)
    take_step(desk, "评议单位")
    desk.page.get_by_label(PARTNER, exact=True).check()
    choose_unit(desk)
    desk.follow("安排结对")
    desk.follow("按次序两两结对")
    desk.page.get_by_label("结对单位的人属于哪一类").select_option(GUESTS)
    desk.press("保存")
    desk.open(campaign)
    open_campaign(desk)
    desk.says(f"{PARTNER}（在册党员1名），其党员领“{GUESTS}”的票")
    lines, cast = hold_meeting(desk, phone, replace(form, categories=(GUESTS,)))
    close_and_seal(desk, len(cast))

    expected = count(lines, cast, own=False)
    desk.says(GUESTS)
    summary = desk.download("小结（PDF）")
    assert f"与{PARTNER}结对互评，其党员参加了评议。" in text_of(summary)
    assert missing(expected, summary) == []
