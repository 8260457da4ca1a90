"""Moves between states in one guarded UPDATE, and the refusal of a move out of turn."""


class StateError(Exception):
    """A verb was asked of a poll in a state that does not allow it; the message is for the user."""
