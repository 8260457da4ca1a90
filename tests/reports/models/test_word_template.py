"""A unit has one template, which stays while the unit has it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from reports.models import WordTemplate
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def test_a_unit_has_one_template_and_stays_while_it_has_it():
    unit = make_organization()
    template = WordTemplate.objects.create(organization=unit, file_name="a", size=1, sha256="0" * 64)

    with pytest.raises(IntegrityError), transaction.atomic():
        WordTemplate.objects.create(organization=unit, file_name="b", size=1, sha256="0" * 64)

    with pytest.raises(ProtectedError):
        unit.delete()
    assert str(template) == "某局党委的Word模板"
