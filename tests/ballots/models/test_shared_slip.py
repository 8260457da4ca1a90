"""The tie between batches whose slips admit to several forms."""

import pytest

from ballots.models import Batch, SharedSlip
from campaigns.models import Poll
from tests import factories
from tests.ballots.models.breaking import change, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def tied():
    first = factories.make_open_poll(title="组织评议票")
    return factories.make_shared(first, factories.make_open_poll(first.organization, title="党员评议票"))


def test_a_tie_says_nothing_but_that_batches_belong_together():
    assert [field.name for field in SharedSlip._meta.concrete_fields] == ["id"]


@pytest.mark.parametrize(
    "facts",
    [
        {"method": "entered"},
        {"method": "screen"},
        {"slip_place": 0},
        {"slip_place": 5},
        {"shared_slip": None},
    ],
)
def test_only_slips_are_shared_and_in_a_place_that_the_slip_has(tied, facts):
    with violates("batch_only_slips_are_shared"):
        change(Batch.objects.filter(pk=tied[1].pk), **facts)


def test_no_two_batches_have_the_same_place_on_a_slip(tied):
    with violates("batch_place_on_a_slip_once|shared_slip_id, ballots_batch.slip_place"):
        change(Batch.objects.filter(pk=tied[1].pk), slip_place=1)


def test_a_poll_is_on_a_slip_once(tied):
    third = factories.make_batch(tied[0].poll, category="群众代表")

    with violates("batch_of_a_poll_on_a_slip_once|shared_slip_id, ballots_batch.poll_id"):
        change(Batch.objects.filter(pk=third.pk), shared_slip=tied[0].shared_slip, slip_place=3)


def test_a_slip_names_its_own_form_and_those_beside_it_that_take_ballots_or_will(tied):
    alone = factories.make_batch(tied[0].poll, category="群众代表")

    assert [list(batch.sharing_slip()) for batch in (*tied, alone)] == [tied, tied, [alone]]
    assert [batch.on_slip() for batch in (*tied, alone)] == [tied, tied, [alone]]
    factories.close_poll(tied[1].poll)
    assert tied[0].on_slip() == [tied[0]]
    assert list(tied[0].sharing_slip()) == tied


def test_a_voided_form_is_on_no_slip_made_later(tied):
    change(Batch.objects.filter(pk=tied[1].pk), state="void", voided_at="2026-11-01T00:00Z")

    assert tied[0].on_slip() == [tied[0]]


def test_the_states_before_closing_are_those_in_which_ballots_are_taken_or_will_be():
    assert set(Poll.State) - set(Poll.UNTIL_CLOSED) == {Poll.State.CLOSED, Poll.State.SEALED}
