"""A row of the trail is written once: neither the models nor the database change or remove it."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaigns.models import TrailArchive, TrailEntry, TrailIsKept
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def make_entry(number=1, **overrides):
    facts = {"account": "zhang", "deed": "seal", "route": "ballots:poll_seal", "result": "done", "digest": "d"}
    return TrailEntry.objects.create(**{"number": number, **facts, **overrides})


def test_the_models_refuse_to_change_or_remove_a_row():
    entry = make_entry()
    entry.account = "li"

    with pytest.raises(TrailIsKept, match="不能修改"):
        entry.save()
    with pytest.raises(TrailIsKept, match="不能修改"):
        TrailEntry.objects.update(account="li")
    with pytest.raises(TrailIsKept, match="不能修改"):
        TrailEntry.objects.bulk_update([entry], ["account"])
    with pytest.raises(TrailIsKept, match="不能删除"):
        entry.delete()
    with pytest.raises(TrailIsKept, match="不能删除"):
        TrailEntry.objects.all().delete()

    assert TrailEntry.objects.get().account == "zhang"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE campaigns_trailentry SET account = 'li'", "DELETE FROM campaigns_trailentry"],
)
def test_the_database_refuses_the_same_from_whoever_comes_past_the_models(statement):
    make_entry()

    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert TrailEntry.objects.get().account == "zhang"


def test_the_database_lets_go_what_an_archive_covers_and_no_more():
    make_entry(1)
    make_entry(2, before="d")
    TrailArchive.objects.create(last_number=1, last_digest="d", count=1, file_digest="f")

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM campaigns_trailentry WHERE number = 1")
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM campaigns_trailentry WHERE number = 2")

    assert [entry.number for entry in TrailEntry.objects.all()] == [2]


def test_two_rows_do_not_follow_the_same_one():
    make_entry(1)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry(2)


def test_rows_within_a_subtree_and_those_at_no_unit_of_its_accounts():
    unit = make_organization()
    clerk = make_user("clerk", kind="secretary", organization=unit)
    make_entry(1, place=unit.path)
    make_entry(2, before="1", user=clerk)
    make_entry(3, before="2", user=make_user("stranger"))
    make_entry(4, before="3", place=make_organization("外单位党委").path, user=clerk)

    rows = TrailEntry.objects.within([unit.path], [clerk])

    assert [entry.number for entry in rows.order_by("number")] == [1, 2]
