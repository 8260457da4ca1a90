"""The contents of a campaign file, once they are known to hold together. No Django.

`path` is an entry's place in the file, for the errors that only the database can find. While a file is being checked a
word that cannot be read is UNREAD, which no enumeration and no name admits; the file is refused in the end.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaigns.library import LibraryGrade

UNREAD = ""


@dataclass(frozen=True)
class OrganizationEntry:
    path: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class MemberEntry:
    path: str
    name: str
    organization: str
    status: str
    post: str


@dataclass(frozen=True)
class CommitmentEntry:
    path: str
    organization: str
    member: str | None
    content: str
    due_on: date | None
    status: str


@dataclass(frozen=True)
class IndicatorEntry:
    text: str
    is_overall: bool


@dataclass(frozen=True)
class ScaleEntry:
    """A scale of the file's own, the best grade first."""

    key: str
    title: str
    grades: tuple[LibraryGrade, ...]


@dataclass(frozen=True)
class QuestionnaireEntry:
    """`scale` is the key of a scale of the library, or of one of the file's own."""

    key: str
    title: str
    target_kind: str
    scale: str
    has_unknown: bool
    indicators: tuple[IndicatorEntry, ...]


@dataclass(frozen=True)
class CategoryEntry:
    name: str
    weight: Decimal | None


@dataclass(frozen=True)
class CampaignEntry:
    """`rules` are the counting rules by the names of a campaign's fields, as far as the file gives them."""

    path: str
    title: str
    organizer: str
    period: str
    basis: str
    # None where the file leaves it to the period.
    starts_on: date | None
    ends_on: date | None
    rules: dict
    categories: tuple[CategoryEntry, ...]
    thresholds: tuple[str, ...]


@dataclass(frozen=True)
class TargetEntry:
    """`organization` or `member` (the roster's organization and the name) is what it refers to; a document neither."""

    kind: str
    name: str
    questionnaire: str
    organization: str | None = None
    member: tuple[str, str] | None = None


@dataclass(frozen=True)
class BallotEntry:
    """Equal ballots: `marks` as a ballot stores them, in the order of the targets."""

    count: int
    marks: str


@dataclass(frozen=True)
class BatchEntry:
    """`opinions` are pairs of target name and text."""

    channel: str
    category: str
    issued: int
    returned: int
    void: int
    ballots: tuple[BallotEntry, ...]
    opinions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PollEntry:
    organization: str
    entitled: int | None
    attended: int | None
    targets: tuple[TargetEntry, ...]
    batches: tuple[BatchEntry, ...]


@dataclass(frozen=True)
class Document:
    """A whole campaign file; organizations come after their parents."""

    organizations: tuple[OrganizationEntry, ...]
    members: tuple[MemberEntry, ...]
    commitments: tuple[CommitmentEntry, ...]
    scales: tuple[ScaleEntry, ...]
    questionnaires: tuple[QuestionnaireEntry, ...]
    campaign: CampaignEntry
    polls: tuple[PollEntry, ...]
