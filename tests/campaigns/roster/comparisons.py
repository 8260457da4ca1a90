"""Rosters compared with the database and written."""

from campaigns.roster.comparing import compare_roster
from campaigns.roster.reading import read_workbook
from campaigns.roster.writing import write_reading
from tests.workbooks import make_roster


def errors_of(user, *rows):
    return [
        (e.sheet, e.row, e.column, e.message) for e in compare_roster(read_workbook(make_roster(*rows)), user).errors
    ]


def states(comparison):
    return [
        (entry.sheet, entry.label, entry.state, [(c.heading, c.old, c.new) for c in entry.changes])
        for entry in comparison.entries
    ]


def write_rows(user, *rows):
    reading = read_workbook(make_roster(*rows))
    comparison = compare_roster(reading, user)
    assert comparison.errors == []
    return write_reading(reading, user, previewed=comparison.digest)


TREE = [
    ("某局党委", "党委", None),
    # Below a parent that stands further down, and two of one name.
    ("第一党支部", "党支部", "机关党总支"),
    ("机关党总支", "党总支", "某局党委"),
    ("基层党总支", "党总支", "某局党委"),
    ("第一党支部", "党支部", "基层党总支"),
]
