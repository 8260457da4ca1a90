"""Polls move from state to state through their verbs alone, each verb from one state."""

import pytest

from campaigns import actions
from campaigns.models import Poll
from campaigns.models.states import StateError
from tests.factories import make_campaign, make_cast, make_open_poll, make_organization, make_user

pytestmark = pytest.mark.django_db


def open_poll(poll):
    poll.place_at(names=["某局党委"], roster_count=0)
    poll.form = {}
    Poll.objects.open_placed([poll])


VERBS = {
    "start_rehearsal": lambda poll: poll.start_rehearsal(form={}),
    "end_rehearsal": lambda poll: poll.end_rehearsal(),
    "open": open_poll,
    "close": lambda poll: poll.close(by=None),
    "seal": lambda poll: poll.seal(by=None),
}
# The verbs that lead to each state, and those that lead out of it.
ALLOWED = {
    "preparing": ([], {"start_rehearsal", "open"}),
    "rehearsing": (["start_rehearsal"], {"end_rehearsal"}),
    "open": (["open"], {"close"}),
    "closed": (["open", "close"], {"seal"}),
    "sealed": (["open", "close", "seal"], set()),
}


@pytest.fixture
def poll():
    organization = make_organization()
    return actions.make_polls(make_campaign(organization), [organization])[0]


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_refused_in_every_state_but_its_own(poll, state, verb):
    way, allowed = ALLOWED[state]
    for step in way:
        VERBS[step](poll)
    assert poll.state == state

    if verb in allowed:
        VERBS[verb](poll)
        assert poll.state != state
    else:
        with pytest.raises(StateError, match=f"现为“{Poll.State(state).label}”"):
            VERBS[verb](poll)
        assert Poll.objects.get().state == state


def test_closing_and_sealing_note_who_and_when(poll):
    user = make_user()
    open_poll(poll)

    poll.close(by=user)
    poll.seal(by=user)

    stored = Poll.objects.get()
    assert (stored.closed_by, stored.sealed_by) == (user, user)
    assert stored.closed_at <= stored.sealed_at


def test_a_ballot_is_there_from_the_opening_on_and_gone_after_a_rehearsal(poll):
    poll.start_rehearsal(form={})
    poll.end_rehearsal()

    assert Poll.objects.get().form is None
    with pytest.raises(ValueError, match="not frozen yet"):
        _ = poll.ballot_form
    assert make_open_poll(make_organization("二局党委")).ballot_form.sections


def test_ballots_are_taken_in_earnest_and_in_rehearsal_alone(poll):
    taking = []
    for verb in (None, "start_rehearsal", "end_rehearsal", "open", "close", "seal"):
        if verb:
            VERBS[verb](poll)
        assert Poll.objects.accepting().exists() is poll.is_accepting
        taking.append(poll.is_accepting)

    assert taking == [False, True, False, True, False, False]
    assert list(Poll.objects.sealed()) == [poll]


def test_a_poll_is_seen_from_its_unit_upwards(poll):
    cast = make_cast(poll.organization)

    assert list(Poll.objects.visible_to(cast.teller)) == [poll]
    assert not Poll.objects.visible_to(cast.outsider).exists()
