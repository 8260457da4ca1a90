"""Sealed boxes and tally rows: one of each, rows that add up, and nothing counted that can be deleted."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from ballots.models import SealedBox, TallyRow
from tests import factories
from tests.ballots.models.breaking import change, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def sealed():
    return factories.make_sealed_poll()


def test_a_batch_has_one_box_a_target(sealed):
    box = SealedBox.objects.get()

    with violates("sealed_box_unique|batch_id"), transaction.atomic():
        SealedBox.objects.create(batch=box.batch, target=box.target, content="", sha256="", ballot_count=0)


def test_a_cell_has_one_row_a_channel_and_category(sealed):
    row = TallyRow.objects.first()
    row.pk = None

    with violates("tally_row_unique|target_id"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "column",
    [
        *(f"grade_{place}_count" for place in range(1, 6)),
        "unknown_count",
        "abstained_count",
        "spoiled_count",
        "valid_count",
    ],
)
def test_a_tally_row_that_does_not_add_up_is_refused_by_the_database(sealed, column):
    row = TallyRow.objects.first()

    with violates("tally_row_adds_up"):
        change(TallyRow.objects.filter(pk=row.pk), **{column: getattr(row, column) + 1})


def test_a_row_of_an_unknown_channel_is_refused(sealed):
    row = TallyRow.objects.first()

    with violates("tally_row_channel_known"):
        change(TallyRow.objects.filter(pk=row.pk), channel="pigeon")


def test_a_counted_target_category_or_unit_cannot_be_deleted(sealed):
    for thing in (sealed, sealed.batches.get(), sealed.targets.get(), sealed.campaign, sealed.organization):
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()
