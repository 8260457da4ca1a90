"""The sentences of permission after the count, by role."""

import pytest

from reports import permissions
from reports.scope import Scope
from tests.factories import make_cast, make_open_poll, make_organization, make_sealed_poll, make_user

pytestmark = pytest.mark.django_db

SECRETARY, TELLER, OFFICER, ADMINISTRATOR = "secretary", "teller", "officer", "administrator"


@pytest.fixture
def unit():
    return make_organization("第一党支部", parent=make_organization(), kind="branch")


@pytest.fixture
def cast(unit):
    return make_cast(unit.parent)


def allowed(cast, sentence, *things) -> set[str]:
    """The people of the cast to whom a sentence applies."""
    people = {kind: getattr(cast, kind) for kind in (SECRETARY, TELLER, OFFICER, ADMINISTRATOR, "outsider")}
    return {kind for kind, user in people.items() if sentence(user, *things)}


def itself(poll):
    return poll


@pytest.mark.parametrize(
    ("sentence", "people"),
    [
        (permissions.can_read_ledger, {SECRETARY, OFFICER}),
        (permissions.can_keep_ledger, {SECRETARY}),
        (permissions.can_record_comments, {SECRETARY, OFFICER}),
        (permissions.can_write_unit_summary, {SECRETARY}),
        (permissions.can_export, {SECRETARY, OFFICER}),
    ],
)
def test_a_role_above_a_unit_allows_what_its_kind_does_there(cast, unit, sentence, people):
    assert allowed(cast, sentence, unit) == people


@pytest.mark.parametrize(
    ("sentence", "subject", "people"),
    [
        (permissions.can_sort_opinions, itself, {SECRETARY}),
        (permissions.can_announce, Scope.of_poll, {SECRETARY}),
        (permissions.can_see_announcements, Scope.of_poll, {SECRETARY, OFFICER}),
        (permissions.can_decide_findings, itself, {OFFICER}),
        (permissions.can_register_findings, itself, {SECRETARY, OFFICER}),
    ],
)
def test_nothing_follows_a_poll_before_its_seal(cast, unit, sentence, subject, people):
    sealed = make_sealed_poll(organizer=unit)
    still_open = make_open_poll(unit, title="另一次评议")

    assert allowed(cast, sentence, subject(sealed)) == people
    assert allowed(cast, sentence, subject(still_open)) == set()


def test_sums_of_a_unit_are_announced_by_its_secretary(cast, unit):
    sums = Scope.of(make_sealed_poll(organizer=unit).campaign, unit)

    assert allowed(cast, permissions.can_announce, sums) == {SECRETARY}
    assert allowed(cast, permissions.can_see_announcements, sums) == {SECRETARY, OFFICER}


def test_those_who_were_appraised_do_not_decide_their_own_findings(unit):
    poll = make_sealed_poll(organizer=unit)
    own = make_user("own", kind=SECRETARY, organization=unit)

    assert not permissions.can_decide_findings(own, poll)
    assert permissions.can_register_findings(own, poll)


def test_a_comment_is_deleted_by_who_entered_it_and_by_those_above(cast, unit):
    own = make_user("own", kind=SECRETARY, organization=unit)
    people = (own, cast.secretary, cast.officer, cast.teller)

    entered_above = [permissions.can_delete_comment(user, unit, cast.secretary) for user in people]
    entered_here = [permissions.can_delete_comment(user, unit, own) for user in people]

    assert entered_above == [False, True, True, False]
    assert entered_here == [True, False, True, False]


def test_ledgers_are_read_below_the_own_roles_and_kept_below_a_secretary_s(cast, unit):
    assert list(permissions.organizations_of_ledger(cast.officer)) == [unit.parent, unit]
    assert list(permissions.organizations_of_kept_ledger(cast.secretary)) == [unit.parent, unit]
    assert not permissions.organizations_of_kept_ledger(cast.officer).exists()
    assert permissions.ledger_paths(cast.teller) == set()


def test_the_menu_leads_to_the_ledger_where_somebody_reads_or_keeps_one(cast):
    assert allowed(cast, permissions.can_read_some_ledger) == {SECRETARY, OFFICER, "outsider"}
    assert allowed(cast, permissions.can_keep_some_ledger) == {SECRETARY, "outsider"}
