"""Moves between states in one guarded UPDATE, and the refusal of a move out of turn."""

from django.db.models import Q

from ..ways import Refusal


class StateError(Refusal):
    """A verb was asked of a poll in a state that does not allow it; the message is for the user."""


def move(row, source: Q, **facts) -> bool:
    """Write the facts on a row that stands at its source, in the database and in memory; False where it does not.

    It is one guarded UPDATE: of two simultaneous moves one is refused, and changes nothing.
    """
    if not type(row)._base_manager.filter(source, pk=row.pk).update(**facts):
        return False
    for name, value in facts.items():
        setattr(row, name, value)
    return True
