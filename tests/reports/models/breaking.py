"""Ways to break a promise of the database."""

import pytest
from django.db import IntegrityError, transaction


def violates(name, *columns):
    """The constraint's name; SQLite says of a unique one its columns instead."""
    told = ", ".join(columns)
    return pytest.raises(IntegrityError, match=f"{name}|failed: {told}$" if columns else name)


def create(model, **facts):
    """Write a row past every form and verb."""
    with transaction.atomic():
        return model.objects.create(**facts)
