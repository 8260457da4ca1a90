"""Roles: each stands at one organization, and goes with its account or its organization."""

import pytest

from campaigns.models import Role
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def test_a_role_says_who_does_what_where():
    organization = make_organization()

    assert str(Role(user=make_user("li"), organization=organization, kind="teller")) == "li：某局党委计票员"


def test_roles_go_with_their_account_and_with_their_organization():
    organization, other = make_organization(), make_organization("二局党委")
    user = make_user(kind="teller", organization=organization)
    stays = make_user("other", kind="teller", organization=other)
    make_user("third", kind="officer", organization=organization)

    user.delete()
    organization.delete()

    assert [role.user for role in Role.objects.all()] == [stays]


def test_one_account_may_have_several_roles_in_the_order_of_the_tree():
    upper = make_organization()
    lower = make_organization("第一党支部", parent=upper, kind="branch")
    user = make_user(kind="secretary", organization=lower)
    for kind in ("teller", "officer"):
        user.roles.create(organization=upper, kind=kind)

    assert [(role.organization, role.kind) for role in user.roles.all()] == [
        (upper, "officer"),
        (upper, "teller"),
        (lower, "secretary"),
    ]
