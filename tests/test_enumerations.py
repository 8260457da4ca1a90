"""The database takes each enumeration's values and no other: `choices` alone hold only a form.

A constraint refuses a value when its condition cannot be true, whatever the other columns of the row hold.
`makemigrations --check` sees to it that the database has the constraints of the models.
"""

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, F, Q

ENUMERATIONS = sorted(
    str(field)
    for app in ("campaigns", "ballots", "reports")
    for model in apps.get_app_config(app).get_models()
    for field in model._meta.fields
    if field.choices
)
STRANGERS = ("", "zzz", -1)


def outcomes(condition, name, value):
    """The truth values a condition may take when one column holds a value and the others hold anything."""
    parts = [
        outcomes(part, name, value) if isinstance(part, Q) else compared(part, name, value)
        for part in condition.children
    ]
    decisive = condition.connector == Q.OR
    possible = {decisive} if any(decisive in part for part in parts) else set()
    if all((not decisive) in part for part in parts):
        possible.add(not decisive)
    return {not outcome for outcome in possible} if condition.negated else possible


def compared(lookup, name, value):
    """The truth values of one comparison; of another column, or of one beyond values, both."""
    key, operand = lookup if isinstance(lookup, tuple) else ("", None)
    if key in (name, f"{name}__exact") and not isinstance(operand, F):
        return {value == operand}
    if key == f"{name}__in":
        return {value in operand}
    return {True, False}


def values_taken(conditions, name, values):
    return {value for value in values if all(True in outcomes(condition, name, value) for condition in conditions)}


@pytest.mark.parametrize("label", ENUMERATIONS)
def test_the_database_takes_the_values_of_an_enumeration_and_no_other(label):
    app, model, name = label.split(".")
    model = apps.get_model(app, model)
    field = model._meta.get_field(name)
    conditions = [rule.condition for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]
    meant = {value for value, _ in field.flatchoices} | ({""} if field.blank else set())

    assert values_taken(conditions, name, [*meant, *STRANGERS]) == meant


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        (Q(state__in=["open", "closed"]), {"open", "closed"}),
        (Q(state="open") | Q(state="closed", closed_at__isnull=False), {"open", "closed"}),
        (Q(state="open") | Q(closed_at=None), {"open", "closed", "zzz"}),
        (Q(state="open") & Q(closed_at=None), {"open"}),
        (~Q(state="open"), {"closed", "zzz"}),
        (~Q(state="open", closed_at=None), {"open", "closed", "zzz"}),
        (Q(state=F("former_state")), {"open", "closed", "zzz"}),
    ],
)
def test_a_value_is_taken_if_some_row_could_hold_it(condition, taken):
    assert values_taken([condition], "state", ["open", "closed", "zzz"]) == taken


def test_the_models_have_enumerations():
    assert len(ENUMERATIONS) > 35
