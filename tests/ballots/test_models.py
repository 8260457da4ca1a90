"""Every promise that the database keeps about ballots, broken once."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from ballots.models import Ballot, BallotImport, Batch, Code, Opinion, Receipt, SealedBox, TallyRow
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def violates(name):
    """The name of a constraint, or on SQLite what it says of a unique one: the columns."""
    return pytest.raises(IntegrityError, match=name)


def change(queryset, **facts):
    with transaction.atomic():
        queryset.update(**facts)


@pytest.fixture
def batch():
    return factories.make_batch(factories.make_open_poll())


@pytest.fixture
def sealed():
    return factories.make_sealed_poll()


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


def test_two_batches_never_share_a_screen_code(batch):
    other = factories.make_batch(batch.poll)
    change(Batch.objects.filter(pk=batch.pk), screen_code="ABCDEF")

    with violates("batch_screen_code_unique|screen_code"):
        change(Batch.objects.filter(pk=other.pk), screen_code="ABCDEF")


@pytest.mark.parametrize("model", [Code, Receipt])
def test_a_digest_is_stored_once(batch, model):
    owner = {"batch": batch} if model is Code else {"poll": batch.poll}
    model.objects.create(digest=7, **owner)

    with violates("pkey|digest"), transaction.atomic():
        model.objects.create(digest=7, **owner)


@pytest.mark.parametrize(
    ("facts", "name"), [({"kind": "rumour"}, "opinion_kind_known"), ({"text": ""}, "opinion_not_empty")]
)
def test_an_opinion_whose_facts_do_not_fit_is_refused_by_the_database(batch, facts, name):
    opinion = Opinion.objects.create(target=batch.poll.targets.get(), kind="suggestion", text="很好")

    with violates(name):
        change(Opinion.objects.filter(pk=opinion.pk), **facts)


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


def test_the_same_file_is_not_imported_twice_as_the_same_time(batch):
    facts = {"campaign": batch.poll.campaign, "digest": "0" * 64, "row_count": 3}
    BallotImport.objects.create(**facts)
    BallotImport.objects.create(**facts, ordinal=2)

    with violates("ballot_import_unique|digest"), transaction.atomic():
        BallotImport.objects.create(**facts)


def test_a_counted_target_category_or_unit_cannot_be_deleted(sealed):
    for thing in (sealed, sealed.batches.get(), sealed.targets.get(), sealed.campaign, sealed.organization):
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()


def test_a_ballot_has_nothing_but_its_batch_and_its_marks():
    assert [field.name for field in Ballot._meta.get_fields()] == ["id", "batch", "marks"]
    assert [field.name for field in Code._meta.get_fields()] == ["digest", "batch"]
    assert [field.name for field in Receipt._meta.get_fields()] == ["digest", "poll"]


def test_keys_of_ballots_and_opinions_are_random_integers_of_the_table_itself():
    for model in (Ballot, Opinion):
        key = model._meta.pk
        made = [key.get_default() for _ in range(100)]
        assert (key.column, key.get_internal_type()) == ("id", "BigAutoField")
        assert len(set(made)) == 100
        assert sorted(made) != made
        assert all(0 < value < 2**63 for value in made)


def test_every_constraint_of_the_room_is_named_in_a_test_of_the_room():
    """So that a new promise gets its test."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))

    names = {
        constraint.name
        for model in apps.get_app_config("ballots").get_models()
        for constraint in model._meta.constraints
    }

    assert names
    assert [name for name in sorted(names) if name not in source] == []
