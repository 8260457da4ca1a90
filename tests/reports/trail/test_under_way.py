"""A deed is written as begun before anything is changed, and its row of the trail takes the place of that."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from campaigns.models import BegunDeed, TrailEntry
from reports.trail import under_way
from reports.trail.chain import faults
from reports.trail.objects import ThingInTrail
from reports.trail.under_way import SILENCE, end_deed, forget_deed, write_interrupted
from tests.factories import make_organization, make_user

from .rows import begin

pytestmark = pytest.mark.django_db


def test_the_row_takes_the_place_of_the_beginning():
    begun = begin(user=make_user("zhang"))

    entry = end_deed(
        begun, role="党务干事", thing=ThingInTrail("评议点", "7", "年度评议"), result="done", reason="归档"
    )

    assert (entry.account, entry.user, entry.address, entry.deed, entry.route, entry.object_name, entry.reason) == (
        "zhang",
        begun.user,
        "10.0.0.1",
        "seal",
        "ballots:poll_seal",
        "年度评议",
        "归档",
    )
    assert not BegunDeed.objects.exists()


def test_where_the_row_cannot_be_written_the_beginning_stays(monkeypatch):
    begun = begin()
    monkeypatch.setattr(under_way, "forget_deed", lambda begun: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        end_deed(begun, role="", thing=ThingInTrail(), result="done")

    assert (BegunDeed.objects.get(), TrailEntry.objects.count()) == (begun, 0)


def test_what_was_not_done_leaves_nothing():
    begun = begin()

    assert (forget_deed(begun), forget_deed(begun)) == (True, False)
    assert not BegunDeed.objects.exists()
    assert not TrailEntry.objects.exists()


def test_after_a_silence_a_deed_is_written_as_interrupted_with_the_time_of_its_beginning():
    unit = make_organization()
    began_at = timezone.now() - SILENCE - timedelta(seconds=1)
    begin("zhang", thing=ThingInTrail("评议点", "7", "年度评议", unit.path, unit.name))
    BegunDeed.objects.update(at=began_at)
    begin("li")

    count = write_interrupted(now=timezone.now())

    entry = TrailEntry.objects.get()
    assert (count, entry.account, entry.result, entry.get_result_display()) == (1, "zhang", "unknown", "中断")
    assert (entry.object_name, entry.unit, entry.place) == ("年度评议", unit.name, unit.path)
    assert entry.at == began_at
    assert [row.account for row in BegunDeed.objects.all()] == ["li"]
    assert list(faults()) == []


def test_a_deed_that_ends_after_all_has_a_row_of_that_too():
    begun = begin()
    write_interrupted(now=timezone.now() + SILENCE * 2)

    end_deed(begun, role="", thing=ThingInTrail(), result="done")

    assert [row.result for row in TrailEntry.objects.order_by("number")] == ["unknown", "done"]
    assert list(faults()) == []


def test_a_silence_is_told_once():
    begun = begin()
    forget_deed(begun)

    # Another worker was first, between the look and the writing.
    assert not under_way._write_interrupted(begun)
    assert not TrailEntry.objects.exists()


def test_texts_that_are_too_long_keep_both_ends():
    begun = begin(thing=ThingInTrail("党组织", "1", f"甲{'长' * 300}乙"))

    assert (len(begun.object_name), begun.object_name[0], begun.object_name[-1]) == (200, "甲", "乙")


def test_a_deed_that_cannot_be_written_as_begun_is_an_error():
    with pytest.raises(DatabaseError):
        begin(deed="nonsense")
