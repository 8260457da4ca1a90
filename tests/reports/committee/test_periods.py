"""A campaign beside its earlier periods."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.actions import copy_campaign
from campaigns.models import Campaign, Indicator, Organization, Questionnaire
from reports.committee.periods import RateChange, periods_among, periods_of
from tests.factories import make_campaign, make_cast, make_organization
from tests.reports.committee.test_ranking import hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_organization()


@pytest.fixture
def branch(root):
    return make_organization("甲支部", parent=root, kind="branch")


def make_period(organizer, units, marks, *, year, **overrides):
    """A campaign of one year, sealed: the same marks at each unit."""
    dates = {"starts_on": f"{year}-11-01", "ends_on": f"{year}-11-30"}
    campaign = make_campaign(organizer, title=f"{year}年群众评议", period=f"{year}年度", **dates, **overrides)
    return held(campaign, units, marks)


def held(campaign, units, marks):
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        hold(poll, marks)
    return campaign


def test_a_campaign_without_a_first_day_begins_on_the_local_day_of_its_making(root, branch):
    newer = make_period(root, [branch], {"11": 9}, year=2026)
    older = make_period(root, [branch], {"11": 9}, year=2025)
    Campaign.objects.filter(pk=older.pk).update(starts_on="2025-12-31", ends_on="2025-12-31")
    # Half past midnight on New Year's Day in China.
    Campaign.objects.filter(pk=newer.pk).update(starts_on=None, created_at="2025-12-31T16:30:00Z")

    comparison = periods_of(Campaign.objects.get(pk=newer.pk), root)

    assert [period.campaign for period in comparison.periods] == [older, newer]


def printed(table):
    return [
        (row.indicator, [(cell.rate.text, cell.printed_base) for cell in row.cells], row.change.text)
        for row in table.rows
    ]


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (Fraction(987, 1000), Fraction(975, 1000), "+1.2"),
        (Fraction(975, 1000), Fraction(987, 1000), "−1.2"),
        (Fraction(1, 2), Fraction(1, 2), "0.0"),
        (Fraction(10004, 20000), Fraction(1, 2), "0.0"),
        # 33.33… − 16.66… is 16.66…, although the printed rates differ by 16.6.
        (Fraction(1, 3), Fraction(1, 6), "+16.7"),
    ],
)
def test_a_difference_is_taken_of_exact_rates_and_then_rounded(now, before, text):
    assert RateChange(now - before, 1).text == text


def test_each_indicator_stands_beside_the_same_one_of_earlier_periods(root, branch):
    make_period(root, [branch], {"11": 6, "22": 6}, year=2024)
    make_period(root, [branch], {"11": 9, "12": 3}, year=2025)
    campaign = make_period(root, [branch], {"11": 7, "21": 1}, year=2026)

    comparison = periods_of(campaign, root)

    assert [period.campaign.period for period in comparison.periods] == ["2024年度", "2025年度", "2026年度"]
    assert printed(comparison.tables[0]) == [
        ("兑现公开承诺情况", [("50.0", "12"), ("100.0", "12"), ("87.5", "8")], "−12.5"),
        ("总体评价", [("50.0", "12"), ("75.0", "12"), ("100.0", "8")], "+25.0"),
    ]
    assert [dot.text for dot in comparison.tables[0].chart.series[0].dots] == ["50.0%", "75.0%", "100.0%"]


def test_an_indicator_that_was_asked_for_the_first_time_has_no_change(root, branch):
    make_period(root, [branch], {"11": 6}, year=2025)
    campaign = make_period(root, [branch], {"11": 8}, year=2026, indicators=("办实事情况", "总体评价"))

    assert printed(periods_of(campaign, root).tables[0]) == [
        ("办实事情况", [("—", ""), ("100.0", "8")], "—"),
        ("总体评价", [("100.0", "6"), ("100.0", "8")], "0.0"),
    ]


def test_later_campaigns_other_questionnaires_and_other_trees_are_no_earlier_period(root, branch):
    campaign = make_period(root, [branch], {"11": 8}, year=2026)
    make_period(root, [branch], {"11": 8}, year=2027)
    elsewhere = make_organization("另一党委")
    make_period(elsewhere, [elsewhere], {"11": 8}, year=2025)
    # A branch's own campaign says nothing about the whole committee, and something about the branch.
    make_period(branch, [branch], {"11": 8}, year=2024)
    other = make_campaign(root, title="别的评议", starts_on="2023-11-01", ends_on="2023-11-30")
    other.questionnaires.update(key="other", title="别的评议表")
    held(other, [branch], {"11": 8})

    assert [period.campaign.period for period in periods_of(campaign, root).periods] == ["2026年度"]
    assert [period.campaign.period for period in periods_of(campaign, branch).periods] == ["2024年度", "2026年度"]


def test_an_open_campaign_is_no_period(root, branch):
    before = make_campaign(root, title="未结束的评议", starts_on="2025-11-01", ends_on="2025-11-30")
    actions.make_polls(before, [branch])
    open_campaign(before, by=None)
    campaign = make_period(root, [branch], {"11": 8}, year=2026)

    assert len(periods_of(campaign, root).periods) == 1


def test_c20_units_are_added_within_each_period(root):
    units = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaigns = []
    for year in (2025, 2026):
        campaign = make_campaign(root, title=f"{year}年评议", starts_on=f"{year}-11-01", ends_on=f"{year}-11-30")
        actions.make_polls(campaign, units)
        open_campaign(campaign, by=None)
        for poll, marks in zip(campaign.polls.all(), ({"11": 10}, {"11": 45, "22": 45}), strict=True):
            hold(poll, marks)
        campaigns.append(campaign)

    comparison = periods_of(campaigns[1], root)

    assert [cell.rate.text for cell in comparison.tables[0].rows[1].cells] == ["55.0", "55.0"]
    assert [
        (row.unit.name, [cell.rate.text for cell in row.cells], row.change.text) for row in comparison.below.rows
    ] == [
        ("甲支部", ["100.0", "100.0"], "0.0"),
        ("乙支部", ["50.0", "50.0"], "0.0"),
    ]


def test_notes_tell_how_periods_differ(root, branch):
    make_period(root, [branch], {"11": 8}, year=2025, base="returned", scale="fair-4")
    campaign = make_period(root, [branch, root], {"11": 8}, year=2026, blank="invalid")

    assert list(periods_of(campaign, root).notes) == [
        "《2025年群众评议》（2025年度）的分母是收回票，本期是有效票，口径不同。",
        "《2025年群众评议》（2025年度）的空白项计为弃权，本期计为无效，不计入分母，口径不同。",
        "《基层党组织评议表》的等次，《2025年群众评议》（2025年度）是满意、基本满意、一般、不满意，"
        "本期是满意、基本满意、不满意，比较时请注意。",
        "各期的评议点数不同，参评单位可能不完全一样。",
    ]


def test_the_vote_on_rectification_stands_beside_what_the_last_period_came_to(root, branch):
    make_period(root, [branch], {"11": 6, "12": 2}, year=2025)
    campaign = make_campaign(root, title="2026年评议", period="2026年度")
    vote = Questionnaire.objects.create(
        campaign=campaign,
        key="rectification-vote",
        title="整改满意度测评表",
        target_kind="organization",
        target_rule="organization_itself",
        scale=campaign.questionnaires.get().scale,
        position=2,
    )
    Indicator.objects.create(questionnaire=vote, text="对上次评议问题整改情况的评价")
    held(campaign, [branch], {"111": 9, "112": 1})

    rectified = periods_of(campaign, root).rectified

    assert rectified.last.campaign.period == "2025年度"
    assert [(row.indicator, row.cells[0].rate.text, row.cells[0].row.base) for row in rectified.before] == [
        ("总体评价", "75.0", 8)
    ]
    assert [(row.indicator, row.cells[0].rate.text, row.cells[0].row.base) for row in rectified.votes] == [
        ("对上次评议问题整改情况的评价", "90.0", 10)
    ]


def test_three_periods_of_three_units_take_as_many_queries_as_two_of_one(root):
    units = [make_organization(f"{number}支部", parent=root, kind="branch") for number in range(3)]
    make_period(root, units[:1], {"11": 6}, year=2024)
    second = make_period(root, units[:1], {"11": 6}, year=2025)
    third = make_period(root, units, {"11": 6}, year=2026)
    counts = []
    for campaign in (second, third):
        with CaptureQueriesContext(connection) as queries:
            periods_of(campaign, Organization.objects.get(pk=root.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_page_leads_down_and_prints_the_change(client, root, branch):
    make_period(root, [branch], {"11": 6, "22": 6}, year=2025)
    campaign = make_period(root, [branch], {"11": 9, "22": 3}, year=2026)
    client.force_login(make_cast(root).officer)

    page = client.get(reverse("reports:periods", args=[campaign.pk])).content.decode()

    assert "+25.0" in page and f"?unit={branch.pk}" in page
    assert "总体评价：2025年度50.0%，2026年度75.0%" in page


def make_own_period(organizer, unit, *, year, title, text="办事态度", source=None):
    """A sealed campaign with one questionnaire that began as a blank one; a copy of `source` where one is given."""
    dates = {"starts_on": f"{year}-11-01", "ends_on": f"{year}-11-30"}
    if source is None:
        campaign = make_campaign(organizer, title=f"{year}年{title}", period=f"{year}年度", indicators=(text,), **dates)
        campaign.questionnaires.update(key="own", title=title)
        return held(campaign, [unit], {"1": 9})
    copy = copy_campaign(source, title=f"{year}年{title}", period=f"{year}年度", by=None, **dates)
    copy.questionnaires.update(title=title)
    open_campaign(copy, by=None)
    hold(copy.polls.get(), {"1": 9})
    return copy


def test_a_copied_campaign_stands_beside_its_source_whatever_its_questionnaire_is_called_now(root, branch):
    source = make_own_period(root, branch, year=2025, title="作风评议表")
    copy = make_own_period(root, branch, year=2026, title="作风建设评议表", source=source)

    comparison = periods_of(copy, root)

    assert [period.campaign for period in comparison.periods] == [source, copy]
    assert printed(comparison.tables[0]) == [("办事态度", [("100.0", "9"), ("100.0", "9")], "0.0")]
    assert [cell.rate.text for cell in comparison.below.rows[0].cells] == ["100.0", "100.0"]


def test_questionnaires_that_were_blank_in_two_campaigns_are_not_the_same_for_that(root, branch):
    make_own_period(root, branch, year=2024, title="食堂评议表")
    source = make_own_period(root, branch, year=2025, title="作风评议表")
    copy = make_own_period(root, branch, year=2026, title="作风评议表", source=source)

    comparison = periods_of(copy, root)

    assert [period.campaign for period in comparison.periods] == [source, copy]


def test_two_copies_of_one_campaign_are_periods_of_each_other(root, branch):
    source = make_own_period(root, branch, year=2024, title="作风评议表")
    second = make_own_period(root, branch, year=2025, title="作风评议表之二", source=source)
    third = make_own_period(root, branch, year=2026, title="作风评议表之三", source=source)

    assert [period.campaign for period in periods_of(third, root).periods] == [source, second, third]


def test_chosen_campaigns_show_every_question_that_any_of_them_asked(root, branch):
    first = make_period(root, [branch], {"11": 9, "12": 3}, year=2025)
    second = make_own_period(root, branch, year=2026, title="食堂评议表")

    comparison = periods_among([first, second], root)

    assert [(table.title, printed(table)) for table in comparison.tables] == [
        ("食堂评议表", [("办事态度", [("—", ""), ("100.0", "9")], "—")]),
        (
            "基层党组织评议表",
            [
                ("兑现公开承诺情况", [("100.0", "12"), ("—", "")], "—"),
                ("总体评价", [("75.0", "12"), ("—", "")], "—"),
            ],
        ),
    ]
