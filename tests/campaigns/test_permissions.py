"""The sentences of permission by role, above, at and beside a unit."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from campaigns import permissions
from campaigns.models import Poll
from tests.factories import make_campaign, make_cast, make_open_poll, make_organization, make_user

pytestmark = pytest.mark.django_db

SECRETARY, TELLER, OFFICER, ADMINISTRATOR = "secretary", "teller", "officer", "administrator"


@pytest.fixture
def branch():
    return make_organization("第一党支部", parent=make_organization(), kind="branch")


@pytest.fixture
def cast(branch):
    return make_cast(branch.parent)


@pytest.fixture
def poll(branch):
    return make_open_poll(branch)


def allowed(cast, sentence, *things) -> set[str]:
    """The people of the cast to whom a sentence applies."""
    people = {kind: getattr(cast, kind) for kind in (SECRETARY, TELLER, OFFICER, ADMINISTRATOR, "outsider")}
    return {kind for kind, user in people.items() if sentence(user, *things)}


@pytest.mark.parametrize(
    ("sentence", "people"),
    [
        (permissions.can_edit_roster, {SECRETARY, ADMINISTRATOR}),
        (permissions.can_arrange, {SECRETARY, ADMINISTRATOR}),
        (permissions.can_manage_accounts, {ADMINISTRATOR}),
        (permissions.can_create_campaign, {SECRETARY}),
        (permissions.can_see_sums, {SECRETARY, TELLER, OFFICER}),
    ],
)
def test_a_role_above_a_unit_allows_what_its_kind_does_there(cast, branch, sentence, people):
    assert allowed(cast, sentence, branch) == people


@pytest.mark.parametrize(
    ("sentence", "open_to", "sealed_to"),
    [
        (permissions.can_run, {SECRETARY}, {SECRETARY}),
        (permissions.can_count, {SECRETARY, TELLER}, {SECRETARY, TELLER}),
        (permissions.can_see_results, set(), {SECRETARY, TELLER, OFFICER}),
        (permissions.can_read_opinions, set(), {SECRETARY, OFFICER}),
        (permissions.can_write_summary, set(), {SECRETARY}),
    ],
)
def test_what_a_poll_allows_before_and_after_the_seal(cast, poll, sentence, open_to, sealed_to):
    before = allowed(cast, sentence, poll)
    poll.state = Poll.State.SEALED

    assert (before, allowed(cast, sentence, poll)) == (open_to, sealed_to)


def test_a_role_of_a_branch_reaches_neither_above_nor_beside_it(branch):
    secretary = make_user("below", kind=SECRETARY, organization=branch)
    twin = make_organization("第二党支部", parent=branch.parent, kind="branch")

    reached = [permissions.can_edit_roster(secretary, unit) for unit in (branch, branch.parent, twin)]

    assert reached == [True, False, False]
    assert list(permissions.organizations_of_roster(secretary)) == [branch]


def test_a_campaign_is_configured_by_its_organizer_s_secretary_and_not_by_a_unit_s(cast, branch):
    campaign = make_campaign(branch.parent)
    below = make_user("below", kind=SECRETARY, organization=branch)

    assert allowed(cast, permissions.can_configure, campaign) == {SECRETARY}
    assert not permissions.can_configure(below, campaign)


def test_the_root_of_the_tree_is_arranged_by_a_superuser_alone(cast):
    assert allowed(cast, permissions.can_arrange, None) == set()
    assert permissions.can_arrange(make_user("root", is_superuser=True), None)


def test_an_administrator_keeps_the_accounts_below_and_never_a_superuser_s_or_the_own(cast, branch):
    below = make_user("below", kind=TELLER, organization=branch)
    elsewhere = make_user("both", kind=TELLER, organization=branch)
    elsewhere.roles.create(organization=make_organization("二局党委"), kind=TELLER)
    superuser = make_user("root", is_superuser=True)
    superuser.roles.create(organization=branch, kind=TELLER)
    accounts = (below, elsewhere, superuser, cast.administrator)

    assert [permissions.can_edit_account(cast.administrator, account) for account in accounts] == [
        True,
        False,
        False,
        False,
    ]
    visible = set(permissions.accounts_visible_to(cast.administrator))
    assert {below, elsewhere} <= visible
    assert not {superuser, cast.outsider} & visible
    assert permissions.can_edit_account(superuser, elsewhere)


def test_sums_of_a_campaign_are_seen_by_the_organizer_and_by_units_within_it(cast, poll):
    teller = make_user("inside", kind=TELLER, organization=poll.organization)

    assert allowed(cast, permissions.can_see_some_sums, poll.campaign) == {SECRETARY, TELLER, OFFICER}
    assert permissions.can_see_some_sums(teller, poll.campaign)


def test_nobody_unknown_may_do_anything(branch, poll):
    nobody = AnonymousUser()

    sentences = (permissions.can_edit_roster, permissions.can_create_campaign, permissions.can_see_sums)
    assert [sentence(nobody, branch) for sentence in sentences] == [False] * 3
    assert not permissions.can_import_roster(nobody)


def test_a_refusal_is_a_403():
    permissions.require(True)
    with pytest.raises(PermissionDenied):
        permissions.require(False)


def test_templates_ask_for_the_roles_of_the_menu(cast):
    asked = ("is_secretary", "is_teller", "is_officer", "is_administrator")

    def answers(user):
        return [getattr(permissions.Authority(user), name) for name in asked]

    assert answers(cast.teller) == [False, True, False, False]
    assert answers(cast.administrator) == [False, False, False, True]
    assert permissions.authority_context(object()) == {}
