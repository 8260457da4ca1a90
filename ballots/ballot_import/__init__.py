"""Ballots that were collected elsewhere, out of a table with one row a ballot.

`reading` turns a CSV file or a workbook into rows of text; `headings` knows which columns there may be; `checking` sets
the rows against the campaign's frozen ballots and collects every error; `writing` writes all of them or none.
"""

from .checking import check
from .plan import Group, InvalidTable, Plan, Problem
from .reading import Unreadable, read
from .writing import AlreadyImported, Imported, NotTaken, previous_import, write

__all__ = [
    "AlreadyImported",
    "Group",
    "Imported",
    "InvalidTable",
    "NotTaken",
    "Plan",
    "Problem",
    "Unreadable",
    "check",
    "previous_import",
    "read",
    "write",
]
