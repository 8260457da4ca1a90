"""A plan made from a pattern, and its pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, PlannedPeriod, YearPlan
from campaigns.year_plan.planning import make_plan
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def plan(people):
    return make_plan(people.organization, year=2027, pattern="quarters", by=people.secretary)


@pytest.fixture
def desk(client, people):
    client.force_login(people.secretary)
    return client


def test_a_plan_has_the_periods_of_its_pattern(plan, people):
    assert (plan.organization, plan.year, plan.created_by) == (people.organization, 2027, people.secretary)
    assert list(plan.periods.values_list("title", flat=True)) == [f"2027年第{name}季度" for name in "一二三四"]


def test_a_secretary_makes_a_plan_and_is_refused_a_second_one(desk, people):
    address = reverse("campaigns:year_plan_add")
    sent = {"organization": people.organization.pk, "year": 2027, "pattern": "halves"}

    first = desk.post(address, sent)
    second = desk.post(address, sent)

    plan = YearPlan.objects.get()
    assert first.url == reverse("campaigns:year_plan_detail", args=[plan.pk])
    assert plan.periods.count() == 2
    assert "该单位这一年已有全年计划。" in second.content.decode()


def test_a_year_out_of_reach_is_refused(desk, people):
    sent = {"organization": people.organization.pk, "year": 1900, "pattern": "once"}

    page = desk.post(reverse("campaigns:year_plan_add"), sent).content.decode()

    assert "请确保" in page or "2000" in page
    assert not YearPlan.objects.exists()


def test_a_period_is_added_changed_and_taken_out(desk, plan):
    sent = {"title": "2027年年终总评", "starts_on": "2027-12-01", "ends_on": "2027-12-20"}
    desk.post(reverse("campaigns:period_add", args=[plan.pk]), sent)
    period = PlannedPeriod.objects.get(title="2027年年终总评")

    desk.post(reverse("campaigns:period_edit", args=[period.pk]), {**sent, "ends_on": "2027-12-31"})
    changed = PlannedPeriod.objects.get(pk=period.pk)
    desk.post(reverse("campaigns:period_delete", args=[period.pk]))

    assert f"{changed.ends_on}" == "2027-12-31"
    assert plan.periods.count() == 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2027-01-01"}, "结束日期不能早于开始日期。"),
        ({"starts_on": "2020-12-01"}, "这是2027年的计划，日期应在2027年前后。"),
        ({"title": "2027年第一季度"}, "计划中已有同名的周期。"),
    ],
)
def test_a_wrong_period_is_refused_in_words(desk, plan, wrong, words):
    sent = {"title": "年终", "starts_on": "2027-12-01", "ends_on": "2027-12-20", **wrong}

    page = desk.post(reverse("campaigns:period_add", args=[plan.pk]), sent).content.decode()

    assert words in page
    assert plan.periods.count() == 4


def test_who_saves_over_a_change_is_told(desk, plan):
    period = plan.periods.first()
    form = desk.get(reverse("campaigns:period_edit", args=[period.pk])).context["form"]
    PlannedPeriod.objects.filter(pk=period.pk).update(ends_on="2027-03-30")
    sent = {"title": period.title, "starts_on": "2027-01-01", "ends_on": "2027-03-31", "seen": form.initial["seen"]}

    page = desk.post(reverse("campaigns:period_edit", args=[period.pk]), sent).content.decode()

    assert "别人修改过这里的内容" in page
    assert f"{PlannedPeriod.objects.get(pk=period.pk).ends_on}" == "2027-03-30"


def test_only_own_campaigns_without_a_period_can_be_put_into_one(desk, people, plan):
    free, taken = (make_campaign(people.organization, title=title) for title in ("春季评议", "夏季评议"))
    foreign = make_campaign(make_organization("又一单位"), title="别家评议")
    first, second = plan.periods.all()[:2]
    PlannedPeriod.objects.filter(pk=second.pk).update(campaign=taken)

    choices = desk.get(reverse("campaigns:period_edit", args=[first.pk])).context["form"].fields["campaign"].queryset

    assert list(choices) == [free]
    assert foreign not in choices


def test_a_deleted_plan_leaves_its_campaigns(desk, people, plan):
    campaign = make_campaign(people.organization)
    plan.periods.filter(title="2027年第一季度").update(campaign=campaign)

    desk.post(reverse("campaigns:year_plan_delete", args=[plan.pk]))

    assert list(Campaign.objects.all()) == [campaign]
    assert not YearPlan.objects.exists()


def test_pages_ask_as_much_for_many_rows_as_for_few(desk, people, plan):
    plan.periods.filter(title="2027年第一季度").update(campaign=make_campaign(people.organization, title="第一次评议"))
    few = [queries(desk, path) for path in addresses(plan)]
    for year in (2028, 2029):
        make_plan(people.organization, year=year, pattern="quarters", by=None)
    for number, period in enumerate(plan.periods.filter(campaign=None)):
        days = {"starts_on": period.starts_on, "ends_on": period.ends_on}
        PlannedPeriod.objects.filter(pk=period.pk).update(
            campaign=make_campaign(people.organization, title=f"第{number}次评议", **days)
        )

    assert [queries(desk, path) for path in addresses(plan)] == few


def addresses(plan):
    return [reverse("campaigns:year_plan_list"), reverse("campaigns:year_plan_detail", args=[plan.pk])]


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
