"""Commitments: when one is overdue, in which order they stand, and who sees them."""

from datetime import date

import pytest

from campaigns.models import Commitment
from tests.factories import make_cast, make_commitment, make_member, make_organization

pytestmark = pytest.mark.django_db

DUE = date(2026, 6, 30)


@pytest.fixture
def branch():
    return make_organization("第一党支部", kind="branch")


@pytest.mark.parametrize(
    ("facts", "today", "is_late"),
    [
        ({"due_on": DUE}, DUE, False),
        ({"due_on": DUE}, date(2026, 7, 1), True),
        ({"due_on": None}, date(2026, 7, 1), False),
        ({"due_on": DUE, "status": "fulfilled"}, date(2026, 7, 1), False),
        ({"due_on": DUE, "status": "unfulfilled"}, date(2026, 7, 1), False),
    ],
)
def test_a_commitment_is_overdue_the_day_after_its_day_while_it_is_under_way(branch, facts, today, is_late):
    commitment = make_commitment(branch, **facts)

    assert commitment.is_overdue(today) is is_late
    assert Commitment.objects.overdue(today).exists() is is_late


def test_the_organization_s_own_commitments_stand_before_those_of_its_members(branch):
    make_commitment(branch, "李四的承诺", make_member(branch, "李四"))
    make_commitment(branch, "支部的承诺")

    assert [str(commitment) for commitment in Commitment.objects.all()] == ["支部的承诺", "李四的承诺"]


def test_only_what_was_kept_is_fulfilled(branch):
    for status in Commitment.Status.values:
        make_commitment(branch, status, status=status)

    assert [commitment.content for commitment in Commitment.objects.fulfilled()] == ["fulfilled"]


def test_commitments_are_seen_from_their_unit_upwards(branch):
    make_commitment(branch)
    cast = make_cast(branch)

    assert Commitment.objects.visible_to(cast.officer).count() == 1
    assert not Commitment.objects.visible_to(cast.outsider).exists()
