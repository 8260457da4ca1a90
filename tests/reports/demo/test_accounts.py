"""The demo's accounts: one of each role, of use only once the demo is complete."""

import pytest
from django.contrib.auth.models import User

from campaigns.models import Role
from reports.demo.accounts import ACCOUNTS, DEMO_PASSWORD, give_out, others_exist, prepare, were_given_out
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def test_prepared_accounts_let_nobody_in():
    users = prepare()

    assert {kind: user.username for kind, user in users.items()} == ACCOUNTS
    assert set(ACCOUNTS) == set(Role.Kind.values)
    assert not any(user.check_password(DEMO_PASSWORD) or user.has_usable_password() for user in users.values())
    assert not Role.objects.exists()


def test_preparing_again_finds_the_same_accounts():
    assert prepare() == prepare()
    assert User.objects.count() == len(ACCOUNTS)


def test_complete_accounts_have_their_role_over_every_root():
    roots = [make_organization(name) for name in ("某局党委", "二局党委")]
    users = prepare()

    give_out(users, roots)

    for kind, user in users.items():
        assert User.objects.get(pk=user.pk).check_password(DEMO_PASSWORD)
        assert set(user.roles.values_list("kind", "organization")) == {(kind, root.pk) for root in roots}


def test_a_site_is_in_earnest_use_once_anybody_else_has_an_account():
    prepare()
    assert not others_exist()

    make_user("zhang")

    assert others_exist()


def test_the_demo_was_complete_where_its_accounts_work_or_were_deleted():
    assert not were_given_out(demo_is_there=False)
    users = prepare()
    interrupted = were_given_out(demo_is_there=True)
    give_out(users, [])
    complete = were_given_out(demo_is_there=True)
    User.objects.all().delete()

    assert (interrupted, complete, were_given_out(demo_is_there=True)) == (False, True, True)
