"""Keyings and their sheets: facts that fit each other, one round each, two tellers."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ballots.models import KeyedSheet, Keying, VoidSheets
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def tellers():
    return [factories.make_user(name) for name in ("first", "second", "third")]


@pytest.fixture
def batch(tellers):
    batch = factories.make_paper(factories.make_open_poll(), 2)
    factories.key(batch, tellers[0], ["11"], finish=False)
    return batch


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"round": 4}, "keying_round_known"),
        ({"state": "lost"}, "keying_state_known|keying_finished_at_fits_the_state"),
        ({"state": "finished"}, "keying_finished_at_fits_the_state"),
        ({"finished_at": timezone.now()}, "keying_finished_at_fits_the_state"),
    ],
)
def test_a_keying_whose_facts_do_not_fit_is_refused_by_the_database(batch, facts, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        batch.keyings.update(**facts)


@pytest.mark.parametrize(
    ("round_", "name"),
    [
        (1, "keying_round_unique|ballots_keying.batch_id, ballots_keying.round"),
        (2, "keying_by_two_tellers|ballots_keying.batch_id, ballots_keying.teller_id"),
    ],
)
def test_a_batch_has_one_keying_a_round_and_a_teller(batch, tellers, round_, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Keying.objects.create(batch=batch, round=round_, teller=tellers[2 - round_])


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"number": 0}, "keyed_sheet_numbered_from_1"),
        ({"marks": ""}, "keyed_sheet_is_marked_or_void"),
        ({"void_reason": "涂改"}, "keyed_sheet_is_marked_or_void"),
    ],
)
def test_a_keyed_sheet_whose_facts_do_not_fit_is_refused_by_the_database(batch, facts, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        KeyedSheet.objects.update(**facts)


def test_a_keying_has_one_sheet_a_number(batch):
    name = "keyed_sheet_unique|ballots_keyedsheet.keying_id, ballots_keyedsheet.number"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        KeyedSheet.objects.create(keying=batch.keyings.get(), number=1, marks="11")


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"reason": "涂改", "count": 0}, "void_sheets_at_least_one"),
        ({"reason": "", "count": 1}, "void_sheets_have_a_reason"),
        (
            {"reason": "空白", "count": 1},
            "void_sheets_unique|ballots_voidsheets.batch_id, ballots_voidsheets.reason",
        ),
    ],
)
def test_void_sheets_whose_facts_do_not_fit_are_refused_by_the_database(batch, facts, name):
    VoidSheets.objects.create(batch=batch, reason="空白", count=1)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        VoidSheets.objects.create(batch=batch, **facts)


def test_a_keying_is_finished_and_reopened_once_each(batch):
    first = batch.keyings.get()
    first.finish()
    seen_before = Keying.objects.get(pk=first.pk)

    first.reopen()

    assert (first.state, first.finished_at) == ("keying", None)
    with pytest.raises(StateError, match="第一遍录入现在不是“已录完”"):
        seen_before.reopen()


def test_a_keying_sheet_by_sheet_has_no_totals(batch):
    with pytest.raises(ValueError, match="has no totals"):
        _ = batch.keyings.get().cell_counts


def test_a_sheet_with_a_reason_is_void(batch):
    (sheet,) = batch.keyings.get().sheets.all()

    assert (sheet.is_void, KeyedSheet(void_reason="涂改").is_void) == (False, True)
