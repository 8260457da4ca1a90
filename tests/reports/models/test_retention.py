"""Periods and clearings: known kinds, months within reason, and never a record of nothing."""

import pytest

from reports.models import Clearing, RetentionPeriod
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_kind_has_one_period():
    create(RetentionPeriod, kind="opinion", months=12)

    with violates("reports_retentionperiod_kind", "reports_retentionperiod.kind"):
        create(RetentionPeriod, kind="opinion", months=24)


def test_a_period_is_of_a_known_kind():
    with violates("retention_period_kind_known"):
        create(RetentionPeriod, kind="ballot", months=12)


@pytest.mark.parametrize("months", [0, 601])
def test_a_period_is_within_reason(months):
    with violates("retention_period_months_within"):
        create(RetentionPeriod, kind="opinion", months=months)


def test_sign_ins_are_not_cleared_before_six_months():
    with violates("retention_period_sign_ins_kept"):
        create(RetentionPeriod, kind="sign_in", months=5)


def test_a_period_says_its_rule():
    assert (RetentionPeriod(months=12).rule, RetentionPeriod().rule) == ("满12个月", "不自动清除")


def test_a_clearing_is_of_a_known_kind():
    with violates("clearing_kind_known"):
        create(Clearing, kind="ballot", cleared_count=1, rule="满12个月")


def test_a_clearing_cleared_something():
    with violates("clearing_of_something"):
        create(Clearing, kind="opinion", cleared_count=0, rule="满12个月")


def test_clearings_of_a_subtree_leave_out_others_and_the_accounts():
    own = create(Clearing, kind="opinion", path="00000001", cleared_count=1, rule="满12个月")
    create(Clearing, kind="opinion", path="00000002", cleared_count=1, rule="满12个月")
    accounts = create(Clearing, kind="sign_in", cleared_count=1, rule="满12个月")

    assert list(Clearing.objects.within({"00000001"})) == [own]
    assert accounts in Clearing.objects.within({""})
