"""Periods are proposed for every kind, hold when somebody confirmed them, and are refused by the database where too short."""

import pytest

from reports.models import KeptKind, RetentionPeriod
from reports.models.retention import SIGN_IN_MONTHS
from reports.retention.periods import (
    KINDS,
    are_periods_confirmed,
    chosen_periods,
    proposed_periods,
    record_periods,
    shown_periods,
)
from tests.factories import make_user
from tests.reports.models.breaking import violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_every_kind_is_told_once_with_a_proposal_that_is_allowed():
    assert [facts.kind for facts in KINDS] == list(KeptKind)
    assert all(facts.proposed is None or facts.proposed >= facts.least for facts in KINDS)


def test_proposed_periods_hold_nothing_until_somebody_confirms_them():
    before = (are_periods_confirmed(), chosen_periods())
    user = make_user()

    record_periods(shown_periods() | {KeptKind.OPINION: None}, by=user)

    assert before == (False, {})
    assert are_periods_confirmed()
    assert chosen_periods() == {facts.kind: facts.proposed for facts in KINDS if facts.kind != KeptKind.OPINION}
    assert shown_periods()[KeptKind.OPINION] is None
    assert {period.set_by for period in RetentionPeriod.objects.all()} == {user}


def test_sign_ins_are_kept_for_six_months_at_least():
    record_periods({KeptKind.SIGN_IN: SIGN_IN_MONTHS}, by=None)

    with violates("retention_period_sign_ins_kept"):
        record_periods({KeptKind.SIGN_IN: SIGN_IN_MONTHS - 1}, by=None)

    assert chosen_periods() == {KeptKind.SIGN_IN: SIGN_IN_MONTHS}


def test_a_kind_that_is_newer_than_the_confirmation_stays_until_it_is_confirmed():
    record_periods(dict.fromkeys(KeptKind, 7), by=None)
    RetentionPeriod.objects.filter(kind=KeptKind.APPEAL).delete()

    assert (KeptKind.APPEAL in chosen_periods(), shown_periods()[KeptKind.APPEAL]) == (False, None)
    assert proposed_periods() == dict.fromkeys(KeptKind, 7) | {KeptKind.APPEAL: 12}
