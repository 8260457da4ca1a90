"""Moves between states in one guarded UPDATE."""

import pytest
from django.db.models import Q

from campaigns.models import Poll
from campaigns.models.states import move
from tests.factories import make_open_poll, make_organization

NOWHERE_YET = Q(place="")


@pytest.mark.django_db
def test_a_move_from_its_source_is_written_and_known_to_the_row_in_memory():
    poll = make_open_poll()

    assert move(poll, NOWHERE_YET, place="会议室", host="王五")

    stored = Poll.objects.get(pk=poll.pk)
    assert (stored.place, stored.host) == (poll.place, poll.host) == ("会议室", "王五")


@pytest.mark.django_db
def test_a_move_that_another_made_first_is_refused_and_changes_nothing():
    poll, other = make_open_poll(), make_open_poll(make_organization("二局"))
    late = Poll.objects.get(pk=poll.pk)
    move(poll, NOWHERE_YET, place="会议室")

    assert not move(late, NOWHERE_YET, place="操场")

    assert late.place == ""
    assert [Poll.objects.get(pk=row.pk).place for row in (poll, other)] == ["会议室", ""]
