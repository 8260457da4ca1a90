"""Columns of models as other modules ask about them: label, choices, length."""

from django.db import models


def column(model: type[models.Model] | models.Model, name: str) -> models.Field:
    """A column of a model; raises TypeError for a relation that another table holds."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model._meta.label}")
    return field


def max_length(model: type[models.Model], name: str) -> int:
    """How many characters a text column takes; raises TypeError for a column without a limit."""
    length = column(model, name).max_length
    if length is None:
        raise TypeError(f"{name} of {model._meta.label} has no limit")
    return length
