"""Ballots that were collected elsewhere, out of a table with one row a ballot.

`reading` turns a CSV file or a workbook into rows of text, and `source` drops the columns about who answered; `headings`
knows which columns there may be; `asking` has the questions about a table in other words, `meanings` the answers;
`checking` sets the rows against the campaign's frozen ballots and collects every error; `writing` writes all or none.
"""

from .asking import Asking, asking_about
from .checking import check_table
from .earlier import EarlierBatch, earlier_batches
from .meanings import InvalidMeanings, Meanings, shape_of, translated
from .plan import BallotGroup, InvalidTable, Plan, TableProblem
from .reading import Unreadable, Unseen, read_table, unseen_in
from .source import SourceTable, read_source
from .writing import AlreadyImported, Imported, NotTaken, ShortOfValid, Undecided, previous_import, write_plan

__all__ = [
    "AlreadyImported",
    "Asking",
    "BallotGroup",
    "EarlierBatch",
    "Imported",
    "InvalidMeanings",
    "InvalidTable",
    "Meanings",
    "NotTaken",
    "Plan",
    "ShortOfValid",
    "SourceTable",
    "TableProblem",
    "Undecided",
    "Unreadable",
    "Unseen",
    "asking_about",
    "check_table",
    "earlier_batches",
    "previous_import",
    "read_source",
    "read_table",
    "shape_of",
    "translated",
    "unseen_in",
    "write_plan",
]
