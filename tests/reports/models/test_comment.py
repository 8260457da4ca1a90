"""Leaders' comments: the promises that the database keeps, and the words of each refusal."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from reports.models import LeaderComment
from tests.factories import make_comment
from tests.reports.comments.branches import make_branches

pytestmark = pytest.mark.django_db


BROKEN = {
    "leader_comment_mode_known": {"mode": "by-letter"},
    "leader_comment_says_something": {"content": ""},
    "leader_comment_follow_up_dated_with_its_text": {"followed_up_on": "2026-11-20"},
    "leader_comment_followed_up_afterwards": {"follow_up": "已整改。", "followed_up_on": "2026-11-09"},
}


def test_every_constraint_is_broken_below():
    assert set(BROKEN) == {constraint.name for constraint in LeaderComment._meta.constraints}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_breaks(name):
    campaign, (branch,) = make_branches(1)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_comment(campaign, branch, **BROKEN[name])


@pytest.mark.parametrize("name", sorted(set(BROKEN) - {"leader_comment_mode_known"}))
def test_a_form_would_say_so_in_chinese(name):
    campaign, (branch,) = make_branches(1)
    (constraint,) = [candidate for candidate in LeaderComment._meta.constraints if candidate.name == name]
    facts = {"leader": "赵书记", "commented_on": "2026-11-10", "content": "好。"} | BROKEN[name]
    comment = LeaderComment(campaign=campaign, organization=branch, **facts)

    with pytest.raises(ValidationError) as refusal:
        comment.validate_constraints()

    assert refusal.value.messages == [constraint.violation_error_message]
