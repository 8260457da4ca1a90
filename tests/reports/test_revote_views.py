"""From the ledger to a revote, and from its votes back into the ledger."""

import pytest
from django.urls import reverse

from ballots import actions as ballot_actions
from campaigns.models import Campaign, Role
from reports.models import Problem, Revote
from tests.factories import around_today, make_cast, make_closed_problem, make_organization, make_user
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
