"""Self-appraisals: numbered, never empty, with a whole file or none; one open link a member."""

import pytest

from reports.models import SelfAppraisal, SelfAppraisalLink
from tests.factories import make_member, make_user
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def member(poll):
    return make_member(poll.organization)


def appraisal_of(poll, member, **facts):
    defaults = {"poll": poll, "member": member, "number": 1, "text": "字", "is_by_member": True}
    return create(SelfAppraisal, **{**defaults, **facts})


def test_the_drafts_of_a_member_are_numbered(poll, member):
    appraisal_of(poll, member)
    columns = (f"reports_selfappraisal.{column}" for column in ("poll_id", "member_id", "number"))

    with violates("self_appraisal_number_unique", *columns):
        appraisal_of(poll, member)


def test_it_has_words_or_a_file(poll, member):
    with violates("self_appraisal_says_something"):
        appraisal_of(poll, member, text="")


@pytest.mark.parametrize("facts", [{"kind": "png"}, {"file_name": "a"}, {"file_name": "a", "kind": "exe", "size": 1}])
def test_a_file_is_known_by_all_its_facts(poll, member, facts):
    with violates("self_appraisal_file_whole"):
        appraisal_of(poll, member, **facts)


def test_the_member_s_own_was_entered_by_nobody_else(poll, member):
    with violates("self_appraisal_by_the_member_alone"):
        appraisal_of(poll, member, recorded_by=make_user())


def test_a_member_has_one_open_link(poll, member):
    create(SelfAppraisalLink, poll=poll, member=member, digest="a")
    columns = (f"reports_selfappraisallink.{column}" for column in ("poll_id", "member_id"))

    with violates("self_appraisal_link_one_open", *columns):
        create(SelfAppraisalLink, poll=poll, member=member, digest="b")
