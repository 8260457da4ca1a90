"""Ways to break a promise of the database."""

import pytest
from django.db import IntegrityError, transaction


def violates(name):
    """The name of a constraint, or on SQLite what it says of a unique one: the columns."""
    return pytest.raises(IntegrityError, match=name)


def change(queryset, **facts):
    with transaction.atomic():
        queryset.update(**facts)
