"""Public commitments and what became of them: 承诺、践诺、评诺 (DOMAIN A10; scenario C7)."""

from dataclasses import dataclass

from .scope import Scope


@dataclass(frozen=True)
class CommitmentFigures:
    """Commitments counted; rates in percent without a sign, 「—」 where there is nothing to count."""

    commitments: int = 0
    deeds: int = 0
    members: int = 0
    # 人均, two decimals.
    average: str = ""
    fulfilled: int = 0
    unfulfilled: int = 0
    rate: str = ""


@dataclass(frozen=True)
class CommitmentEntry:
    """One commitment as printed."""

    unit: str
    # Empty for the organization's own.
    member: str
    kind: str
    content: str
    due_on: str
    status: str
    fulfilled_on: str
    note: str
    # The 满意率 of the sealed 评诺 about it, as printed with its %; empty where there was none.
    satisfaction: str


@dataclass(frozen=True)
class CommitmentsContent:
    """The commitments of a report."""

    figures: CommitmentFigures
    entries: tuple[CommitmentEntry, ...]


def commitments_content(scope: Scope) -> CommitmentsContent:
    """The commitments of a scope's units and their members."""
    return CommitmentsContent(CommitmentFigures(), ())
