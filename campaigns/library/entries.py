"""Records of the library: plain, frozen, and without Django or JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LibraryGrade:
    """An answer of a scale. `score` is None where no source gives a value."""

    label: str
    is_positive: bool
    score: int | None
    is_in_base: bool = True


UNKNOWN_GRADE = LibraryGrade(label="不了解", is_positive=False, score=None, is_in_base=False)


@dataclass(frozen=True, kw_only=True)
class LibraryScale:
    """The grades of an appraisal, best first: the first alone makes the 满意率, the positive ones the 综合满意率."""

    key: str
    name: str
    grades: tuple[LibraryGrade, ...]
    note: str

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(grade.label for grade in self.grades)


@dataclass(frozen=True, kw_only=True)
class LibraryIndicator:
    """A question. `is_editable` marks wording that is common knowledge, not the source's: check it before use."""

    text: str
    is_overall: bool = False
    is_editable: bool = False


@dataclass(frozen=True, kw_only=True)
class LibraryQuestionnaire:
    """A section of a ballot. An open question has no indicators, only its box for free text."""

    key: str
    title: str
    short_name: str
    target_kind: str
    scale: str
    has_unknown: bool
    indicators: tuple[LibraryIndicator, ...]
    opinion_kind: str
    opinion_prompt: str
    source: str
    note: str

    @property
    def overall(self) -> LibraryIndicator | None:
        return next((indicator for indicator in self.indicators if indicator.is_overall), None)


@dataclass(frozen=True, kw_only=True)
class LibraryTarget:
    """A rule by which each poll of a campaign gets its targets, and what is asked about them.

    organization_itself  the poll's organization
    its_secretary        the member whose post is secretary
    its_members          each full and probationary member, one target a person; on member-4 full members alone
    members_together     all members as one body: one target that bears `name`
    its_cadres           each member whose post is secretary, deputy or cadre, one target a person
    a_document           one draft, which bears `name` until the secretary renames it
    open_question        the questionnaire's own title
    """

    rule: str
    questionnaire: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class LibraryRules:
    """How the ballots are counted, unless the secretary chooses otherwise; named as the fields of a campaign."""

    base: str
    blank: str
    decimals: int
    sum_to_100: str
    min_group: int


@dataclass(frozen=True, kw_only=True)
class LibraryClarity:
    """The 五明确, ready to be edited; named as the fields of a campaign."""

    participant_scope: str
    procedure: str
    method: str
    content: str
    use_of_results: str


@dataclass(frozen=True, kw_only=True)
class LibraryAppraisal:
    """A ready-made campaign to start from."""

    key: str
    title: str
    description: str
    source: str
    targets: tuple[LibraryTarget, ...]
    categories: tuple[str, ...]
    channels: tuple[str, ...]
    thresholds: tuple[str, ...]
    rules: LibraryRules
    clarity: LibraryClarity

    @property
    def questionnaires(self) -> tuple[str, ...]:
        """The keys of what is asked, in ballot order, each once."""
        return tuple(dict.fromkeys(target.questionnaire for target in self.targets))


@dataclass(frozen=True, kw_only=True)
class LibraryThreshold:
    """A limit: crossed when the share of `labels` is strictly more than numerator/denominator.

    `needs_review`: no consequence may be shown before an organization has confirmed the finding.
    """

    key: str
    title: str
    target_kinds: tuple[str, ...]
    labels: tuple[str, ...]
    numerator: int
    denominator: int
    consequences: tuple[str, ...]
    needs_review: bool
    review_state: str
    source: str
