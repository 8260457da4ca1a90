"""Ballots that were collected elsewhere, out of a table with one row a ballot.

`reading` turns a CSV file or a workbook into rows of text; `headings` knows which columns there may be; `checking` sets
the rows against the campaign's frozen ballots and collects every error; `writing` writes all of them or none.
"""

from .checking import check_table
from .earlier import EarlierBatch, earlier_batches
from .plan import BallotGroup, InvalidTable, Plan, TableProblem
from .reading import Unreadable, Unseen, read_table, unseen_in
from .writing import AlreadyImported, Imported, NotTaken, Undecided, previous_import, write_plan

__all__ = [
    "AlreadyImported",
    "BallotGroup",
    "EarlierBatch",
    "Imported",
    "InvalidTable",
    "NotTaken",
    "Plan",
    "TableProblem",
    "Undecided",
    "Unreadable",
    "Unseen",
    "check_table",
    "earlier_batches",
    "previous_import",
    "read_table",
    "unseen_in",
    "write_plan",
]
