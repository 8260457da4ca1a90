"""An auditor reads the trail of the own subtree, a superuser all of it, nobody else any."""

import pytest

from reports.trail.objects import ThingInTrail
from reports.trail.reading import trail_visible_to
from tests.factories import make_organization, make_user

from .rows import leave

pytestmark = pytest.mark.django_db


def test_each_sees_the_own_part():
    unit, elsewhere = make_organization(), make_organization("外单位党委")
    branch = make_organization("第一党支部", parent=unit, kind="branch")
    clerk = make_user("clerk", kind="secretary", organization=branch)
    auditor = make_user("auditor", kind="auditor", organization=unit)
    leave("below", thing=ThingInTrail(place=branch.path))
    leave("elsewhere", thing=ThingInTrail(place=elsewhere.path), user=clerk)
    leave("clerk", user=clerk)
    leave("stranger", user=make_user("stranger", kind="secretary", organization=elsewhere))

    def seen(user):
        return {entry.account for entry in trail_visible_to(user)}

    assert seen(auditor) == {"below", "clerk"}
    assert seen(make_user("root", is_superuser=True)) == {"below", "elsewhere", "clerk", "stranger"}
    assert seen(clerk) == set()
