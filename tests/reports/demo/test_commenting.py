"""Leaders' comments of the demo: two points of the subject's own list, by the leaders in turn."""

import pytest

from reports.comments.points import points_for
from reports.demo.commenting import comment_on, leaders
from reports.models import LeaderComment
from tests.factories import make_campaign, make_member, make_organization

from .staging import make_stage

pytestmark = pytest.mark.django_db


def test_leaders_have_a_name_for_each_post():
    named = leaders(make_stage(), ["党委书记", "组织委员"])

    assert [post for _, post in named] == ["党委书记", "组织委员"]
    assert len({name for name, _ in named}) == 2


@pytest.fixture
def unit():
    return make_organization()


def comments(unit, **options):
    """Comments on ten units' worth of one unit and on its secretary, by two leaders."""
    campaign = make_campaign(unit)
    secretary = make_member(unit, "张三", post="secretary")
    by = (("赵书记", "党委书记"), ("钱委员", "组织委员"))
    comment_on(make_stage(), campaign, [unit] * 9, by=by, days_ago=20, members=[secretary], **options)
    return list(LeaderComment.objects.order_by("pk"))


def test_leaders_take_turns_and_a_member_is_talked_to(unit):
    made = comments(unit)

    assert [comment.leader for comment in made] == ["赵书记", "钱委员"] * 5
    assert (made[-1].member.name, made[-1].mode) == ("张三", LeaderComment.Mode.TALK)


def test_each_comment_has_two_points_of_its_subject_s_list(unit):
    for comment in comments(unit):
        known = {point.key for point in points_for(comment.member.post if comment.member else None)}
        assert len(comment.points) == 2
        assert set(comment.points) <= known


@pytest.mark.parametrize(("share", "count"), [(0, 0), (100, 10)])
def test_so_many_of_a_hundred_were_followed_up_later(unit, share, count):
    made = comments(unit, followed_up=share)

    followed = [comment for comment in made if comment.follow_up]
    assert len(followed) == count
    assert all(comment.followed_up_on > comment.commented_on for comment in followed)
