"""The data of a person on the roster: shown, handed over, corrected, deleted, each with a record."""
