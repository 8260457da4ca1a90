"""The list of points that a comment follows: by post, or by what was stored once."""

from reports.comments.points import CADRE, LISTS, MEMBER, ORGANIZATION, points_for, points_of


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
