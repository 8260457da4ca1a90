"""Decisions follow a confirmed finding alone, are revoked once, and hold the finding until then."""

from datetime import date

import pytest

from campaigns.models.states import StateError
from reports.consequences.actions import revoke_consequence
from reports.findings.actions import decide_finding
from reports.models import Appeal, Consequence, Finding
from tests.reports.consequences.confirmed import confirmed, make_appeal, make_consequence
from tests.reports.findings.judged import crossings, judged

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("make", [make_consequence, make_appeal])
def test_nothing_is_recorded_about_a_finding_that_is_not_confirmed(make):
    finding = confirmed(state=Finding.State.DISMISSED)

    with pytest.raises(StateError, match="认定以后才能登记"):
        make(finding)
    assert not Consequence.objects.exists()
    assert not Appeal.objects.exists()


def test_a_decision_is_revoked_once_with_day_and_reason():
    consequence = make_consequence(confirmed())

    revoke_consequence(consequence, on=date(2026, 4, 1), reason="复查后变更", by=None)
    with pytest.raises(StateError, match="已经撤销"):
        revoke_consequence(consequence, on=date(2026, 4, 2), reason="再撤一次", by=None)

    consequence.refresh_from_db()
    assert (consequence.revoked_on, consequence.revoked_reason) == (date(2026, 4, 1), "复查后变更")


def test_a_finding_is_not_taken_back_while_a_decision_because_of_it_stands():
    poll = judged(41)
    finding = confirmed(poll)
    consequence = make_consequence(finding)
    (crossing,) = crossings(poll)

    with pytest.raises(StateError, match="请先撤销"):
        decide_finding(crossing, state=Finding.State.DISMISSED, by=None, reason="误判")
    finding.refresh_from_db()
    assert finding.state == Finding.State.CONFIRMED

    revoke_consequence(consequence, on=date(2026, 4, 1), reason="误判", by=None)
    decide_finding(crossing, state=Finding.State.DISMISSED, by=None, reason="误判")
    finding.refresh_from_db()
    assert finding.state == Finding.State.DISMISSED
