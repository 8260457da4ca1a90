"""Exports: facts that fit each other, and one of a kind at a time."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import (
    Export,
)
from tests.factories import make_export, make_user
from tests.reports.exports.claiming import again
from tests.reports.models.breaking import violates

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "lost"},
        {"format": "docx"},
        {"kind": "letters"},
        {"done_count": 4},
        {"done_count": 1, "failed_count": 2},
        {"state": "done"},
        {"ended_at": timezone.now()},
        {"state": "running", "seen_at": timezone.now()},
        {"state": "running", "worker": "a"},
        {"worker": "a"},
    ],
)
def test_the_database_refuses_an_impossible_export(export, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**columns)

    assert again(export).state == "waiting"


@pytest.fixture
def export(poll):
    return make_export(poll.campaign, by=make_user())


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        # PostgreSQL names the first by the alphabet of those that a state nobody knows breaks.
        ({"state": "lost"}, "export_state_known|export_ended_at_fits_the_state"),
        ({"kind": "count-sheet", "format": "docx"}, "export_format_fits_the_kind"),
        ({"kind": "summary", "format": "xlsx"}, "export_format_fits_the_kind"),
        ({"kind": "gossip"}, "export_format_fits_the_kind"),
        ({"total_count": 3, "done_count": 4}, "export_done_of_total"),
        ({"total_count": 3, "done_count": 1, "failed_count": 2}, "export_failed_of_done"),
        ({"state": "done"}, "export_ended_at_fits_the_state"),
        ({"ended_at": timezone.now()}, "export_ended_at_fits_the_state"),
        ({"state": "running"}, "export_running_has_a_worker"),
        ({"state": "running", "worker": "w"}, "export_running_has_a_worker"),
        ({"state": "running", "seen_at": timezone.now()}, "export_running_has_a_worker"),
        ({"worker": "w"}, "export_running_has_a_worker"),
    ],
)
def test_an_export_refuses(export, facts, name):
    with violates(name), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**facts)


def test_an_export_is_asked_for_once_until_it_has_ended(export):
    again = {"by": export.asked_by, "kind": export.kind, "format": export.format}
    columns = ("asked_by_id", "campaign_id", "organization_id", "kind", "format")

    with (
        violates("export_one_of_a_kind_at_a_time", *(f"reports_export.{column}" for column in columns)),
        transaction.atomic(),
    ):
        make_export(export.campaign, **again)
    Export.objects.filter(pk=export.pk).update(state="cancelled", ended_at=timezone.now())

    assert make_export(export.campaign, **again).state == "waiting"
