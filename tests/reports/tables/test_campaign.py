"""Tables of a unit's sums: one for each questionnaire, without rows where the sums are not shown."""

import pytest

from reports.report import content_of_unit
from reports.results.rollup import roll_up
from reports.scope import Scope
from reports.tables.campaign import rollup_tables
from tests.factories import make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_organization()


def sealed(root, marks):
    branches = [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    return make_sealed_campaign(root, branches, marks)


def test_a_table_has_a_row_for_each_indicator_over_all_polls(root):
    (table,) = rollup_tables(roll_up(sealed(root, {"11": 9, "12": 1})))

    assert (table.title, table.polls, table.hidden_reason) == ("基层党组织评议表", 2, "")
    assert table.heads == ("满意", "基本满意", "不满意", "弃权")
    assert [(row.label, row.satisfaction.text) for row in table.rows] == [
        ("兑现公开承诺情况", "100.0"),
        ("总体评价", "90.0"),
    ]
    assert (table.rate_name, table.has_unknown) == ("满意率", False)


def test_sums_of_too_few_ballots_are_a_table_without_rows_that_says_why(root):
    (table,) = rollup_tables(roll_up(sealed(root, {"11": 1})))

    assert table.rows == ()
    assert table.hidden_reason


def test_a_unit_s_content_says_how_its_rates_are_made(root):
    campaign = sealed(root, None)
    campaign.decimals, campaign.sum_to_100 = 2, "largest"
    campaign.save()

    content = content_of_unit(Scope.of(campaign, root))

    assert (content.campaign, content.unit, content.period) == ("2026年度群众评议", "某局党委", "2026年度")
    assert (content.decimals, content.are_rates_quotients) == (2, False)
    assert [poll.unit for poll in content.polls] == ["第一党支部", "第二党支部"]
