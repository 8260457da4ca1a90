"""Roles: each stands at one organization, and goes with its account or its organization."""

import pytest
from django.core.exceptions import ValidationError

from campaigns.accounts.giving import give_role
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


OPPOSED = [(kind, "auditor") for kind in ("secretary", "administrator")]


@pytest.mark.parametrize("kinds", [*OPPOSED, *(kinds[::-1] for kinds in OPPOSED)])
@pytest.mark.parametrize("places", ["same", "above", "below"])
def test_an_auditor_is_no_secretary_or_administrator_over_any_of_the_same_units(kinds, places):
    unit = make_organization()
    branch = make_organization("第一党支部", parent=unit, kind="branch")
    first, second = {"same": (unit, unit), "above": (branch, unit), "below": (unit, branch)}[places]
    user = make_user(kind=kinds[0], organization=first)

    with pytest.raises(ValidationError, match="不能同时是党务干事或系统管理员"):
        give_role(Role(user=user, organization=second, kind=kinds[1]), by=None)

    assert [role.kind for role in user.roles.all()] == [kinds[0]]


def test_an_auditor_may_count_there_and_be_secretary_elsewhere():
    unit = make_organization()
    user = make_user(kind="auditor", organization=unit)

    give_role(Role(user=user, organization=unit, kind="teller"), by=None)
    give_role(Role(user=user, organization=make_organization("外单位党委"), kind="secretary"), by=None)

    assert user.roles.count() == 3


def test_a_superuser_is_no_auditor():
    root = make_user(is_superuser=True)

    with pytest.raises(ValidationError, match="超级管理员不能兼任审计员"):
        give_role(Role(user=root, organization=make_organization(), kind="auditor"), by=None)
