"""Keeps the rows of an upload between preview and confirmation."""

from dataclasses import asdict

from .. import uploads
from ..uploads import MAX_AGE, Gone
from .reading import CellError, Reading, RosterRow

__all__ = ["MAX_AGE", "Gone", "fetch_reading", "keep_reading", "throw_away_reading"]
_KIND = "roster"
_TOLD = ("notices", "hidden", "hidden_columns", "told_apart")


def keep_reading(reading: Reading, user) -> str:
    """Keep the rows and return the token that names them."""
    rows = [asdict(row) for rows in reading.rows.values() for row in rows]
    told = {name: getattr(reading, name) for name in _TOLD}
    errors = [asdict(error) for error in reading.errors]
    return uploads.keep({**told, "errors": errors, "rows": rows}, user, kind=_KIND)


def fetch_reading(token: str, user) -> Reading:
    """The rows kept under a token; raises Gone."""
    content = uploads.fetch(token, user, kind=_KIND)
    told = {name: content[name] for name in _TOLD}
    reading = Reading(errors=[CellError(**error) for error in content["errors"]], **told)
    for cells in content["rows"]:
        row = RosterRow(**cells)
        reading.rows[row.sheet].append(row)
    return reading


def throw_away_reading(token: str) -> None:
    uploads.throw_away(token, kind=_KIND)
