"""Keeps the rows of an upload between preview and confirmation."""

import base64
import io
from dataclasses import asdict
from typing import BinaryIO

from .. import uploads
from ..uploads import MAX_AGE, Gone
from .meanings import RosterMeanings
from .queue import WORKBOOK
from .reading import CellError, Reading, RosterRow

__all__ = [
    "MAX_AGE",
    "Gone",
    "fetch_file",
    "fetch_reading",
    "keep_file",
    "keep_reading",
    "throw_away_file",
    "throw_away_reading",
]
ROSTER = "roster"
_TOLD = ("notices", "hidden", "hidden_columns", "told_apart", "file")


def keep_reading(reading: Reading, user, *, kind: str = ROSTER) -> str:
    """Keep the rows and return the token that names them; of another kind nobody takes them for theirs."""
    rows = [asdict(row) for rows in reading.rows.values() for row in rows]
    told = {name: getattr(reading, name) for name in _TOLD}
    told["meanings"] = reading.meanings.to_json()
    errors = [asdict(error) for error in reading.errors]
    return uploads.keep({**told, "errors": errors, "rows": rows}, user, kind=kind)


def fetch_reading(token: str, user, *, kind: str = ROSTER) -> Reading:
    """The rows kept under a token; raises Gone."""
    content = uploads.fetch(token, user, kind=kind)
    told = {name: content[name] for name in _TOLD}
    told["meanings"] = RosterMeanings.from_json(content["meanings"])
    reading = Reading(errors=[CellError(**error) for error in content["errors"]], **told)
    for cells in content["rows"]:
        row = RosterRow(**cells)
        reading.rows.setdefault(row.sheet, []).append(row)
    return reading


def throw_away_reading(token: str, *, kind: str = ROSTER) -> None:
    uploads.throw_away(token, kind=kind)


def keep_file(file: BinaryIO, user) -> str:
    """Keep a workbook whose columns are to be explained, and return the token that names it."""
    file.seek(0)
    return uploads.keep({"content": base64.b64encode(file.read()).decode()}, user, kind=WORKBOOK)


def fetch_file(token: str, user) -> BinaryIO:
    """The workbook kept under a token; raises Gone."""
    return io.BytesIO(base64.b64decode(uploads.fetch(token, user, kind=WORKBOOK)["content"]))


def throw_away_file(token: str) -> None:
    uploads.throw_away(token, kind=WORKBOOK)
