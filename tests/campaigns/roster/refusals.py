"""The words with which a file is refused."""

from campaigns.roster.reading import read_workbook

BRANCH = ("第一党支部", "党支部", "某局党委")


def errors_of(file):
    return [(error.sheet, error.row, error.column, error.message) for error in read_workbook(file).errors]
