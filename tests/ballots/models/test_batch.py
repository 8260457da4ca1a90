"""Batches: facts that fit each other, and the counts that close or void them."""

import pytest
from django.utils import timezone

from ballots.models import Batch
from ballots.voting import codes
from campaigns.models.states import StateError
from tests import factories
from tests.ballots.models.breaking import change, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"channel": "pigeon"}, "batch_channel_known"),
        ({"method": "guess"}, "batch_method_known"),
        ({"state": "lost"}, "batch_state_known"),
        ({"state": "closed"}, "batch_returned_at_most_issued"),
        ({"state": "closed", "issued_count": 50, "returned_count": None}, "batch_returned_at_most_issued"),
        ({"state": "closed", "issued_count": None, "returned_count": 50}, "batch_returned_at_most_issued"),
        ({"state": "closed", "issued_count": 50, "returned_count": 51}, "batch_returned_at_most_issued"),
        ({"returned_count": 3, "void_count": 4}, "batch_void_at_most_returned"),
        ({"issued_count": 3, "assisted_count": 4}, "batch_assisted_at_most_issued"),
        ({"state": "void"}, "batch_voided_at_fits_the_state"),
        ({"voided_at": timezone.now()}, "batch_voided_at_fits_the_state"),
    ],
)
def test_a_batch_whose_facts_do_not_fit_is_refused_by_the_database(batch, facts, name):
    with violates(name):
        change(Batch.objects.filter(pk=batch.pk), **facts)


def test_a_voided_batch_may_keep_more_returned_than_issued(batch):
    change(
        Batch.objects.filter(pk=batch.pk), state="void", voided_at=timezone.now(), issued_count=50, returned_count=51
    )

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count) == (50, 51)


@pytest.mark.parametrize("facts", [{"method": "slips"}, {"screen_secret": ""}])
def test_only_a_screen_with_a_code_has_a_door(batch, facts):
    with violates("batch_only_a_screen_has_a_door"):
        change(
            Batch.objects.filter(pk=batch.pk),
            **{"method": "screen", "screen_secret": "ABCDEF", "is_door_open": True, **facts},
        )


def test_the_door_of_a_screen_opens_and_shuts_while_the_batch_takes_ballots(batch):
    screen = factories.make_batch(batch.poll, method="screen")
    codes.admit(screen, 3)
    screen.shut_door()
    states = [Batch.objects.get(pk=screen.pk).is_door_open]
    screen.open_door()
    states.append(Batch.objects.get(pk=screen.pk).is_door_open)

    factories.close_poll(batch.poll)

    assert states == [False, True]
    for refused in (batch, screen):
        with pytest.raises(StateError):
            refused.open_door()


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"agreement": "guess", "agreed_at": timezone.now()}, "batch_agreement_known"),
        ({"agreement": "twice"}, "batch_agreed_at_fits_the_agreement"),
        ({"agreed_at": timezone.now()}, "batch_agreed_at_fits_the_agreement"),
        ({"method": "slips", "is_aggregated": True}, "batch_only_paper_is_keyed"),
        ({"method": "screen", "agreement": "file", "agreed_at": timezone.now()}, "batch_only_paper_is_keyed"),
        ({"state": "closed"}, "batch_closed_paper_is_agreed"),
    ],
)
def test_a_paper_batch_whose_facts_do_not_fit_is_refused_by_the_database(facts, name):
    batch = factories.make_paper(factories.make_open_poll(), 2)

    with violates(name):
        change(Batch.objects.filter(pk=batch.pk), **facts)


def test_what_stands_on_the_paper_is_settled_once():
    batch = factories.make_paper(factories.make_open_poll(), 2)
    seen_before = Batch.objects.get(pk=batch.pk)
    batch.agree(how="single", by=None)

    with pytest.raises(StateError, match="已经写定"):
        seen_before.agree(how="twice", by=None)

    batch.refresh_from_db()
    assert (batch.agreement, batch.is_agreed, batch.counting_notes) == ("single", True, ["单人录入"])


def test_a_batch_of_phones_is_settled_by_nobody(batch):
    with pytest.raises(StateError):
        batch.agree(how="twice", by=None)


def test_a_count_sheet_says_that_only_totals_were_keyed():
    assert Batch(is_aggregated=True, agreement="twice").counting_notes == ["只报总数"]


def test_valid_sheets_are_those_returned_without_the_void_ones():
    assert [Batch(returned_count=returned, void_count=void).valid_count for returned, void in ((10, 3), (None, 0))] == [
        7,
        0,
    ]


def test_batches_are_seen_from_the_unit_upwards_and_voided_ones_do_not_count(batch):
    cast = factories.make_cast(batch.poll.organization)
    factories.make_batch(batch.poll, category="群众代表").void(by=None, reason="程序有误")

    assert Batch.objects.visible_to(cast.teller).count() == 2
    assert not Batch.objects.visible_to(cast.outsider).exists()
    assert list(batch.poll.batches.counting()) == [batch]
