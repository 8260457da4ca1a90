"""The list of points that a comment follows: by post, or by what was stored once."""

import pytest

from campaigns import library
from reports.comments import points
from reports.comments.points import CADRE, LISTS, MEMBER, ORGANIZATION, points_for, points_of

pytestmark = pytest.mark.django_db


def test_an_organization_a_cadre_and_a_member_have_lists_of_their_own():
    assert [points_for(post) for post in (None, "secretary", "deputy", "cadre", "member")] == [
        ORGANIZATION,
        CADRE,
        CADRE,
        CADRE,
        MEMBER,
    ]


def test_a_stored_comment_keeps_its_list_when_the_post_has_changed():
    assert points_of(["member-duty"], post="secretary") == MEMBER
    assert points_of([], post="secretary") == CADRE


def test_no_key_is_in_two_lists():
    keys = [point.key for points in LISTS for point in points]

    assert len(set(keys)) == len(keys) == 19


@pytest.mark.parametrize(
    ("listed", "key"),
    [
        (points.ORGANIZATION, "branch-comment-six"),
        (points.CADRE, "cadre-comment-seven"),
        (points.MEMBER, "member-comment-six"),
    ],
)
def test_the_points_are_those_of_the_source(listed, key):
    indicators = library.questionnaires()[key].indicators

    assert [point.text for point in listed] == [indicator.text for indicator in indicators]


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        (None, points.ORGANIZATION),
        ("secretary", points.CADRE),
        ("deputy", points.CADRE),
        ("cadre", points.CADRE),
        ("member", points.MEMBER),
    ],
)
def test_a_subject_s_points_follow_from_the_post(post, expected):
    assert points.points_for(post) == expected


def test_no_two_points_share_a_key():
    keys = [point.key for points_of_a_list in points.LISTS for point in points_of_a_list]

    assert len(keys) == len(set(keys)) == 6 + 7 + 6
