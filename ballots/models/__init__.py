"""Casting and counting."""

from .ballot import Ballot, Code, Opinion, Receipt, random_key
from .ballot_import import BallotImport
from .batch import Batch, BatchQuerySet
from .count_sheet_photo import CountSheetPhoto
from .gathered import Consultation, Forum, OpinionOrigin
from .keying import KeyedSheet, Keying, VoidSheets
from .sealed import SealedBox, TallyRow
from .shared_slip import MOST_FORMS, SharedSlip

__all__ = [
    "MOST_FORMS",
    "Ballot",
    "BallotImport",
    "Batch",
    "BatchQuerySet",
    "Code",
    "Consultation",
    "CountSheetPhoto",
    "Forum",
    "KeyedSheet",
    "Keying",
    "Opinion",
    "OpinionOrigin",
    "Receipt",
    "SealedBox",
    "SharedSlip",
    "TallyRow",
    "VoidSheets",
    "random_key",
]
