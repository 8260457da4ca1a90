"""Completing the facts of a meeting after the seal."""

from datetime import date

import pytest

from ballots.models import SealedBox, TallyRow
from campaigns import actions
from campaigns.models import LateFact, Poll
from campaigns.models.states import StateError
from tests.factories import make_open_poll, make_sealed_poll, make_user

pytestmark = pytest.mark.django_db

WHY = "封存时漏填"


def complete(poll, by=None, **values):
    return actions.complete_facts(poll, values, reason=WHY, by=by)


def sealed_rows():
    boxes = list(SealedBox.objects.order_by("pk").values())
    return boxes, list(TallyRow.objects.order_by("pk").values())


def test_a_blank_fact_is_completed_with_an_entry_and_nothing_sealed_changes():
    poll, user = make_sealed_poll(), make_user()
    before, counts = sealed_rows(), (poll.entitled_count, poll.attended_count)

    complete(poll, by=user, host="王某", meeting_on=date(2026, 11, 8), place="")

    poll = Poll.objects.get(pk=poll.pk)
    assert (poll.host, poll.meeting_on, poll.place) == ("王某", date(2026, 11, 8), "")
    entries = LateFact.objects.order_by("fact").values_list("fact", "value", "reason", "completed_by")
    assert list(entries) == [("host", "王某", WHY, user.pk), ("meeting_on", "2026年11月8日", WHY, user.pk)]
    assert sealed_rows() == before
    assert (poll.entitled_count, poll.attended_count) == counts


def test_what_was_recorded_before_the_seal_stays_and_what_was_completed_may_be_corrected_by_another_entry():
    poll = make_sealed_poll()
    Poll.objects.filter(pk=poll.pk).update(place="二楼会议室")
    complete(poll, host="王谋")

    complete(poll, host="王某")
    with pytest.raises(StateError, match="“地点”在封存以前已经填写，不能再改"):
        complete(poll, place="三楼会议室", tellers="李某")

    poll = Poll.objects.get(pk=poll.pk)
    assert (poll.host, poll.place, poll.tellers) == ("王某", "二楼会议室", "")
    assert [entry.value for entry in poll.late_facts.all()] == ["王谋", "王某"]
    assert actions.completable(poll) == ["meeting_on", "host", "supervisor", "scrutineers", "tellers"]


def test_nothing_to_write_is_refused():
    poll = make_sealed_poll()
    complete(poll, host="王某")

    with pytest.raises(StateError, match="没有填写要补记的内容"):
        complete(poll, host="王某", place="")
    assert LateFact.objects.count() == 1


def test_a_number_is_no_fact_to_complete():
    with pytest.raises(ValueError, match="entitled_count"):
        complete(make_sealed_poll(), entitled_count=99)


def test_before_the_seal_facts_are_filled_in_as_ever():
    with pytest.raises(StateError, match="还没有封存"):
        complete(make_open_poll(), host="王某")
