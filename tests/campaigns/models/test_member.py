"""Members: who is on the roster now, and who sees it."""

import pytest

from campaigns.models import Member
from tests.factories import make_cast, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_organization("第一党支部", kind="branch")


def test_a_new_member_is_a_full_one_without_a_post(branch):
    member = make_member(branch, "张三")

    assert (member.status, member.post, member.is_active) == ("full", "member", True)


def test_people_who_left_are_no_active_members(branch):
    make_member(branch, "张三")
    make_member(branch, "李四", is_active=False)

    assert [str(member) for member in Member.objects.active()] == ["张三"]


def test_a_roster_is_seen_from_its_unit_upwards_and_no_other_is(branch):
    make_member(branch, "张三")
    make_member(make_organization("第二党支部", kind="branch"), "李四")
    cast = make_cast(branch)

    assert [member.name for member in Member.objects.visible_to(cast.secretary)] == ["张三"]
    assert not Member.objects.visible_to(cast.outsider).exists()


def test_members_stand_in_the_order_of_the_tree():
    upper = make_organization()
    lower = make_organization("第一党支部", parent=upper, kind="branch")
    for organization, name in ((lower, "下级"), (upper, "甲"), (upper, "乙")):
        make_member(organization, name)

    assert [member.name for member in Member.objects.all()] == ["甲", "乙", "下级"]
