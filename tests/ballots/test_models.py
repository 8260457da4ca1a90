"""Every promise that the database keeps about ballots is broken by a test of this room."""

from pathlib import Path

import pytest
from django.apps import apps

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
