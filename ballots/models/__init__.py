"""Casting and counting."""

from .ballot import Ballot, Code, Opinion, Receipt, random_key
from .ballot_import import BallotImport
from .batch import Batch, BatchQuerySet
from .sealed import SealedBox, TallyRow

__all__ = [
    "Ballot",
    "BallotImport",
    "Batch",
    "BatchQuerySet",
    "Code",
    "Opinion",
    "Receipt",
    "SealedBox",
    "TallyRow",
    "random_key",
]
