"""Records of the library: plain, frozen, and without Django or JSON."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class LibraryGrade:
    """An answer of a scale. `score` is None where no source gives a value."""

    label: str
    is_positive: bool
    score: int | None
    is_in_base: bool = True


OWN_THRESHOLD_PREFIX = "own-"
# The most that a list may let people choose.
MOST_CHOSEN = 50
# The bounds of a 考核指标表: its points, its lines, its kinds of raters.
MOST_POINTS, MOST_SCORE_LINES, MOST_RATERS = 10_000, 100, 12
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
    # Its targets are the options of one list, of which a ballot chooses at most so many.
    most_chosen: int | None = None

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
    a_document           one draft, which bears `name` until the secretary renames it; none where it is a list to choose from
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
    # Nobody marks themselves (C16).
    is_self_excluded: bool = False


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
    # Of the categories, in percent, where the appraisal weighs them (scenario C15).
    weights: tuple[int, ...] = ()
    # Kinds of CampaignStep in their order; none where the ballots are all there is.
    steps: tuple[str, ...] = ()
    # Units are scored by a 考核指标表 as well, without which it does not open.
    is_scored: bool = False

    @property
    def questionnaires(self) -> tuple[str, ...]:
        """The keys of what is asked, in ballot order, each once."""
        return tuple(dict.fromkeys(target.questionnaire for target in self.targets))


@dataclass(frozen=True, kw_only=True)
class LibraryThreshold:
    """A limit: crossed when the share of `labels` is strictly more than numerator/denominator.

    `is_at_least`: the share itself crosses too. `needs_review`: no consequence may be shown before an organization has
    confirmed the finding.
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
    is_at_least: bool = False

    @property
    def is_own(self) -> bool:
        """Whether an office made it, and not the library."""
        return self.key.startswith(OWN_THRESHOLD_PREFIX)

    @property
    def sense(self) -> str:
        return "达到" if self.is_at_least else "超过"

    @property
    def share_text(self) -> str:
        """「1/3」, or 「40%」 of a share that was given as a percentage."""
        if self.denominator in (100, 1000, 10_000):
            return f"{Decimal(self.numerator * 100) / self.denominator}%"
        return f"{self.numerator}/{self.denominator}"

    @property
    def limit_text(self) -> str:
        """「超过1/3」."""
        return self.sense + self.share_text

    @property
    def sentence(self) -> str:
        """「不满意率超过三分之一的党组织：不得作为表彰或评先推荐对象。」, and that a review comes first."""
        review = f"（先复核，复核以前是“{self.review_state}”）" if self.needs_review else ""
        return f"{self.title}：{'；'.join(self.consequences)}{review}。"
