"""An imported file is counted once."""

import pytest
from django.db import transaction

from ballots.models import BallotImport
from tests.ballots.models.breaking import violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_same_file_is_not_imported_twice_as_the_same_time(batch):
    facts = {"campaign": batch.poll.campaign, "digest": "0" * 64, "row_count": 3}
    BallotImport.objects.create(**facts)
    BallotImport.objects.create(**facts, ordinal=2)

    with violates("ballot_import_unique|digest"), transaction.atomic():
        BallotImport.objects.create(**facts)
