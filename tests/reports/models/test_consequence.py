"""The database keeps the promises about decisions and appeals."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from reports.models import Appeal, Consequence
from tests.reports.consequences.confirmed import confirmed, make_appeal, make_consequence

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("consequence_kind_known", {"kind": "exile"}),
        ("consequence_ends_after_it_begins", {"until": date(2026, 3, 1)}),
        ("consequence_revoked_with_a_reason", {"revoked_on": date(2026, 4, 1)}),
        ("consequence_revoked_with_a_reason", {"revoked_reason": "变更"}),
        ("consequence_revoked_with_a_reason", {"revoked_on": date(2026, 3, 1), "revoked_reason": "早于决定"}),
    ],
)
def test_a_decision_has_a_kind_a_term_and_a_reasoned_end(name, facts):
    consequence = make_consequence(confirmed())

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Consequence.objects.filter(pk=consequence.pk).update(**facts)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("appeal_outcome_known", {"outcome": "lost", "answer": "复查", "answered_on": date(2026, 4, 1)}),
        ("appeal_answered_whole", {"answer": "复查"}),
        ("appeal_answered_whole", {"outcome": "upheld", "answer": "复查"}),
        ("appeal_answered_whole", {"outcome": "upheld", "answer": "复查", "answered_on": date(2026, 3, 1)}),
    ],
)
def test_an_appeal_is_answered_whole_or_not_at_all(name, facts):
    appeal = make_appeal(confirmed())

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(**facts)


@pytest.mark.parametrize(
    ("kind", "restricts"),
    [("award", True), ("assessment", True), ("admonition", False), ("praise", False), ("discipline", False)],
)
def test_some_kinds_restrict_the_subject_and_some_are_done_once(kind, restricts):
    assert Consequence(kind=kind).is_restriction is restricts
