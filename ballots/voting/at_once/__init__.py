"""A ballot taken in one statement: whole or not at all (DESIGN 7).

Where anything stands in the way nothing is written and nobody is told why: `casting` then takes or refuses the ballot step
by step.
"""

from django.db import DEFAULT_DB_ALIAS, connections

from campaigns.ballot_form import BallotForm

from .postgresql import write_on_postgresql
from .sqlite import write_on_sqlite
from .submission import OFF_DAYS, Submission

__all__ = ["OFF_DAYS", "Submission", "know_form", "known_form", "take"]

MOST_FORMS_KNOWN = 1000

# By poll: the version of its row, and the form in it.
_forms: dict[int, tuple[str, BallotForm]] = {}


def know_form(poll_id: int, *, version: str, form: BallotForm) -> None:
    """Keep the form of a poll for the ballots to come; reading it anew takes longer than taking a ballot."""
    if len(_forms) >= MOST_FORMS_KNOWN:
        _forms.clear()
    _forms[poll_id] = (version, form)


def known_form(poll_id: int) -> tuple[str, BallotForm] | None:
    """The version of a poll's row and the form in it, as they were seen last; the statement takes no ballot of another."""
    return _forms.get(poll_id)


def take(sent: Submission) -> bool:
    """Whether the ballot was taken; nothing is written where it was not."""
    own = connections[DEFAULT_DB_ALIAS]
    return write_on_postgresql(own, sent) if own.vendor == "postgresql" else write_on_sqlite(own, sent)
