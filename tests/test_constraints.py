"""Every constraint of the three apps is named by a test that breaks it."""

from pathlib import Path

import pytest
from django.apps import apps

TESTS = Path(__file__).resolve().parent
CONSTRAINTS = sorted(
    constraint.name
    for app in ("campaigns", "ballots", "reports")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
)


def sources_of_tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))


def unnamed(constraints, source):
    """The constraints whose name no quoted word of a source bears whole or begins with."""
    return [name for name in constraints if f'"{name}"' not in source and f'"{name}|' not in source]


def test_each_constraint_is_named_by_a_test_that_breaks_it():
    assert len(CONSTRAINTS) > 60
    assert unnamed(CONSTRAINTS, sources_of_tests()) == []


@pytest.mark.parametrize(("source", "missing"), [('violates("a_b")', ["a_b_c"]), ('violates("a_b_c")', ["a_b"])])
def test_a_name_within_a_longer_one_does_not_count(source, missing):
    assert unnamed(["a_b", "a_b_c"], source) == missing
