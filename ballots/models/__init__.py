"""Casting and counting."""

from .ballot import Ballot, Code, Opinion, Receipt, random_key
from .ballot_import import BallotImport
from .batch import Batch, BatchQuerySet
from .count_sheet_photo import CountSheetPhoto
from .keying import KeyedSheet, Keying, VoidSheets
from .sealed import SealedBox, TallyRow

__all__ = [
    "Ballot",
    "BallotImport",
    "Batch",
    "BatchQuerySet",
    "Code",
    "CountSheetPhoto",
    "KeyedSheet",
    "Keying",
    "Opinion",
    "Receipt",
    "SealedBox",
    "TallyRow",
    "VoidSheets",
    "random_key",
]
