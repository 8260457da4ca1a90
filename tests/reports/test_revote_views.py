"""From the ledger to a revote, and from its votes back into the ledger."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots import actions as ballot_actions
from campaigns.models import Campaign, Role
from reports.forms import revotes as revote_forms
from reports.models import Problem, Revote
from reports.views import revotes
from tests.factories import around_today, make_campaign, make_cast, make_closed_problem, make_organization, make_user
from tests.reports.revotes.voted import sealed

pytestmark = pytest.mark.django_db

ADD = reverse("reports:revote_add")


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def filled(asked, **changes):
    return {
        "title": "2026年整改满意度再评",
        "period": "2026年",
        "extent": "overall",
        "share": "1/3",
        "problems": [problem.pk for problem in asked],
        **changes,
    }


def test_from_the_ledger_to_the_ballot_and_back(secretary, people):
    good = make_closed_problem(people.organization, content="食堂太挤")
    bad = make_closed_problem(people.organization, content="路灯不亮")

    secretary.post(ADD, filled([good, bad]))
    campaign = Campaign.objects.get()
    Campaign.objects.update(**around_today())
    sealed(Campaign.objects.get(), {"11": 6, "13": 4})
    page = reverse("reports:revote_settle", args=[campaign.pk])

    assert "登记整改再评的结果" in secretary.get(reverse("reports:problem_list")).content.decode()
    shown = secretary.get(page).content.decode()
    assert "满意6票（60.0%）" in shown
    assert "重新整改" in shown
    secretary.post(page)

    assert Problem.objects.get(pk=good.pk).verdict == "satisfied"
    assert Problem.objects.get(pk=bad.pk).state == "underway"
    assert "登记2个问题的再评结果" not in secretary.get(page).content.decode()
    assert "看再评结果" in secretary.get(reverse("reports:problem_detail", args=[bad.pk])).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"problems": []}, "请至少选择一个问题"),
        ({"title": ""}, "活动名称"),
        ({"share": "2/1"}, "2/1"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(secretary, people, changes, words):
    problem = make_closed_problem(people.organization)

    page = secretary.post(ADD, filled([problem], **changes))

    assert words in page.content.decode()
    assert not Campaign.objects.exists()


def test_a_title_that_is_taken_is_refused_in_place(secretary, people):
    problem, other = (make_closed_problem(people.organization, content=content) for content in ("甲", "乙"))
    secretary.post(ADD, filled([problem]))

    page = secretary.post(ADD, filled([other]))

    assert "已有同名的评议活动" in page.content.decode()
    assert Campaign.objects.count() == 1


def test_a_problem_of_others_cannot_be_chosen(secretary):
    foreign = make_closed_problem(make_organization("别的单位"))

    assert secretary.post(ADD, filled([foreign])).status_code == 200
    assert not Revote.objects.exists()


def test_the_unit_that_has_something_to_ask_about_is_proposed(client):
    units = [make_organization(name) for name in ("甲局党委", "乙局党委", "丙局党委")]
    for unit in units[1:]:
        make_closed_problem(unit)
    secretary = make_user("keeper", kind="secretary", organization=units[0])
    for unit in units[1:]:
        Role.objects.create(user=secretary, organization=unit, kind="secretary")
    client.force_login(secretary)

    page = client.get(ADD).context

    assert page["organizer"] == units[1]
    assert page["others"] == [units[2]]


def test_an_empty_ledger_says_what_can_be_put_to_the_vote(secretary):
    assert "没有可以再评的问题" in secretary.get(ADD).content.decode()


def test_a_teller_sees_the_outcome_and_writes_nothing(client, secretary, people):
    make_closed_problem(people.organization)
    secretary.post(ADD, filled(Problem.objects.all()))
    Campaign.objects.update(**around_today())
    campaign = Campaign.objects.get()
    sealed(campaign, {"1": 6})
    client.force_login(people.teller)
    page = reverse("reports:revote_settle", args=[campaign.pk])

    assert "按票为" in client.get(page).content.decode()
    assert client.post(page).status_code == 403
    assert not Revote.objects.exclude(settled_at=None).exists()


def test_before_the_seal_there_is_no_outcome(secretary, people):
    make_closed_problem(people.organization)
    secretary.post(ADD, filled(Problem.objects.all()))
    Campaign.objects.update(**around_today())
    campaign = Campaign.objects.get()
    ballot_actions.open_campaign(campaign, by=None)

    assert secretary.get(reverse("reports:revote_settle", args=[campaign.pk])).status_code == 403


@pytest.fixture
def long_ledger(people, monkeypatch):
    """Two counties with three answered problems at a branch of each, more than are listed at once; a revote holds two."""
    monkeypatch.setattr(revotes, "NAMED_AT_ONCE", 5)
    for module in (revotes, revote_forms):
        monkeypatch.setattr(module, "MOST_PROBLEMS", 2)
    for name in "甲乙":
        county = make_organization(f"{name}县委", parent=people.organization)
        branch = make_organization(f"{name}支部", parent=county, kind="branch")
        for content in ("食堂太挤", "路灯不亮", "道路不平"):
            make_closed_problem(branch, content=f"{name}县{content}")


def ticks(page):
    """The problems that a page offers, each with whether it is ticked."""
    boxes = re.findall(r'name="problems"([^>]*)>\s*<label[^>]*>\s*([^<]*)', page)
    return {label.strip(): "checked" in box for box, label in boxes}


def test_as_many_as_are_named_at_once_are_listed_without_a_search(secretary, long_ledger):
    Problem.objects.last().delete()

    page = secretary.get(ADD, {"q": "食堂"}).content.decode()

    assert len(ticks(page)) == 5
    assert "查找问题" not in page and "勾选这一页的全部" not in page


def test_a_long_ledger_stands_in_pages_of_what_a_revote_may_hold(secretary, long_ledger):
    page = secretary.get(ADD, {"problem-page": "2"}).content.decode()

    assert ticks(page) == {"甲支部：甲县道路不平": False, "乙支部：乙县食堂太挤": False}
    assert "可以再评的有6个问题，每页2个。一次再评只用一页上的勾选" in page
    assert "第2页，共3页，6条" in page


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"under": "乙县", "q": "路灯"}, ["乙支部：乙县路灯不亮"]),
        ({"under": "甲支部", "q": "不 平"}, ["甲支部：甲县道路不平"]),
        ({"q": "窗口评议"}, ["甲支部：甲县食堂太挤"]),
        ({"source": "task"}, ["乙支部：乙县道路不平"]),
        ({"q": "没有这个"}, []),
    ],
)
def test_a_long_ledger_is_searched_by_unit_words_campaign_and_source(secretary, people, long_ledger, asked, left):
    campaign = make_campaign(people.organization, title="窗口评议")
    Problem.objects.filter(content="甲县食堂太挤").update(campaign=campaign)
    Problem.objects.filter(content="乙县道路不平").update(source="task")

    page = secretary.get(ADD, asked).content.decode()

    assert list(ticks(page)) == left
    assert ("没有符合条件的问题。" in page) == (not left)


def test_the_ticks_of_a_page_make_a_revote_of_exactly_these(secretary, long_ledger):
    asked = list(Problem.objects.filter(content__in=["甲县道路不平", "乙县食堂太挤"]))

    secretary.post(f"{ADD}?problem-page=2", filled(asked))

    assert [revote.problem for revote in Revote.objects.all()] == asked


def test_more_than_a_revote_holds_are_refused_and_nothing_is_made(secretary, long_ledger):
    page = secretary.post(ADD, filled(Problem.objects.all()[:3])).content.decode()

    assert "一次最多2个问题，现在选了3个" in page
    assert not Campaign.objects.exists()


def test_a_page_is_ticked_as_a_whole_before_anything_is_made(secretary, long_ledger):
    address = f"{ADD}?under=乙县&problem-page=1"

    page = secretary.post(address, filled([], title="物业再评", share="1/2", tick="page")).content.decode()

    assert ticks(page) == {"乙支部：乙县食堂太挤": True, "乙支部：乙县路灯不亮": True}
    assert 'value="物业再评"' in page
    assert re.search(r'<option value="1/2" selected', page)
    assert not Campaign.objects.exists()


def test_a_long_ledger_takes_the_same_queries_with_more_problems(secretary, people, long_ledger):
    secretary.get(ADD)
    with CaptureQueriesContext(connection) as few:
        secretary.get(ADD)
    for number in range(8):
        unit = make_organization(f"丙{number}县委", parent=people.organization)
        make_closed_problem(unit, content=f"第{number}个问题")

    with CaptureQueriesContext(connection) as many:
        page = secretary.get(ADD).content.decode()

    assert "可以再评的有14个问题" in page
    assert len(many) == len(few)
