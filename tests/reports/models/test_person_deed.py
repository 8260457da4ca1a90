"""Deeds about a person's data: of a known kind, with a reason, and after a deletion without the person."""

import pytest

from reports.models import PersonDeed
from tests.factories import make_member, make_organization
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def member():
    return make_member(make_organization())


def record(member, **facts):
    facts = {"member": member, "kind": "handed", "reason": "本人申请", **facts}
    return create(PersonDeed, organization=member.organization, **facts)


def test_a_deed_is_of_a_known_kind(member):
    with violates("person_deed_kind_known"):
        record(member, kind="sold")


def test_a_deed_has_a_reason(member):
    with violates("person_deed_has_a_reason"):
        record(member, reason="")


def test_a_deletion_does_not_lead_to_the_person(member):
    with violates("person_deed_forgets_the_deleted"):
        record(member, kind="deleted")
