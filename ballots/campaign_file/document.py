"""The contents of a campaign file, once they are known to hold together. No Django.

`path` is an entry's place in the file, for the errors that only the database can find. While a file is being checked a
word that cannot be read is UNREAD, which no enumeration and no name admits; the file is refused in the end.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.library import LibraryGrade, LibraryThreshold

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
    # None where the file does not say it: then the promise that is there already may have any.
    kind: str | None = None
    fulfilled_on: date | None = None
    note: str | None = None


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
class QuestionnaireFacts:
    """The keys of a questionnaire that may be left out; None where the file does not say it."""

    target_rule: str | None = None
    target_name: str | None = None
    opinion_prompt: str | None = None
    opinion_kind: str | None = None
    most_chosen: int | None = None


@dataclass(frozen=True)
class QuestionnaireEntry:
    """`scale` is the key of a scale of the library, or of one of the file's own."""

    key: str
    title: str
    target_kind: str
    scale: str
    has_unknown: bool
    indicators: tuple[IndicatorEntry, ...]
    facts: QuestionnaireFacts = QuestionnaireFacts()


@dataclass(frozen=True)
class CategoryEntry:
    name: str
    weight: Decimal | None


@dataclass(frozen=True)
class StepEntry:
    """A step of the appraisal with its days, which may be open."""

    kind: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class StageEntry:
    """A stage with the titles of its papers; their files are not in a file."""

    title: str
    due_on: date | None
    artefacts: tuple[str, ...]


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
    thresholds: tuple[LibraryThreshold, ...]
    # The 五明确 by the names of a campaign's fields, as far as the file gives them.
    clarity: dict[str, str] = field(default_factory=dict)
    # 评议工作领导小组 by the names of a campaign's fields.
    leading_group: dict[str, str] = field(default_factory=dict)
    # None where the file leaves them to its batches.
    channels: tuple[str, ...] | None = None
    partner_category: str = ""
    steps: tuple[StepEntry, ...] = ()
    stages: tuple[StageEntry, ...] = ()
    # The 考核指标表 as a file writes it; None where there is none.
    scoring: dict[str, Any] | None = None


@dataclass(frozen=True)
class DocumentEntry:
    """The report that is to be read about a target; its drafts are not in a file."""

    kind: str
    title: str
    speaking_order: int | None


# A commitment by its organization, its member (None for the organization's own) and its words.
CommitmentKey = tuple[str, str | None, str]


@dataclass(frozen=True)
class TargetEntry:
    """`organization` or `member` (the roster's organization and the name) is what it refers to; a document neither."""

    kind: str
    name: str
    questionnaire: str
    organization: str | None = None
    member: tuple[str, str] | None = None
    commitment: CommitmentKey | None = None
    document: DocumentEntry | None = None


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
    # The organization of the poll whose members appraise this one's unit, and the other way round.
    partner: str | None = None
    # The facts of the meeting by the names of a poll's fields, as far as the file gives them.
    meeting: dict[str, Any] = field(default_factory=dict)


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
