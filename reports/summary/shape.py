"""The parts of a 小结 (DOMAIN A13)."""

from dataclasses import dataclass

from ..grading.sums import GradesTable
from ..tables.blocks import Table
from ..tables.campaign import RollupTable
from ..tables.instant import InstantContent
from ..year.comparison import YearContent

ORDINALS = "一二三四五六七八九十"
MAX_SECTION_LENGTH = 3000
# The skeleton in its order: (key, heading); the first and the last stand without a heading.
HEADINGS = {
    "intro": "导语",
    "leadership": "加强组织领导",
    "scope": "合理确定参评范围",
    "content": "明确评议内容",
    "method": "规范方法步骤",
    "drafting": "报告的形成和征求意见",
    "results": "评议结果",
    "scoring": "考核打分情况",
    "year": "本年度各期对比",
    "opinions": "意见建议与整改",
    "use": "结果通报与运用",
    "commitments": "公开承诺与典型经验",
    "shortcomings": "存在的不足",
    "next_steps": "下一步打算",
    "signed_on": "落款日期",
}
LOCKED_ONLY = ("drafting", "results", "scoring", "year")
# Not in a 小结 that has nothing to say there.
OPTIONAL = ("drafting", "scoring", "year")
EDITABLE = tuple(key for key in HEADINGS if key not in LOCKED_ONLY)


def ordinal_text(number: int) -> str:
    """「三」, 「十二」: the number before a heading, up to nineteen."""
    return ORDINALS[number - 1] if number <= len(ORDINALS) else f"十{ORDINALS[number - len(ORDINALS) - 1]}"


@dataclass(frozen=True)
class Piece:
    """A run of text of one kind.

    Plain, `missing` to be highlighted, a person's `name` (set in one face), or a `figure` that stands for a field.
    """

    text: str
    kind: str = ""


@dataclass(frozen=True)
class SummarySection:
    """A section: the system's sentences in it cannot be edited; `text` is the secretary's, or the standard wording.

    In `text` fields stand by their names, 「{满意率}」; in `paragraphs` by their values.
    """

    key: str
    heading: str
    ordinal: str
    locked: tuple[str, ...]
    text: str
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def has_missing(self) -> bool:
        return any(piece.kind == "missing" for paragraph in self.paragraphs for piece in paragraph)

    @property
    def locked_paragraphs(self) -> tuple[tuple[Piece, ...], ...]:
        """The locked paragraphs."""
        return self.paragraphs[: len(self.locked)]

    @property
    def worded(self) -> tuple[tuple[Piece, ...], ...]:
        """The secretary's paragraphs, after the locked ones."""
        return self.paragraphs[len(self.locked) :]

    @property
    def differs_in_print(self) -> bool:
        """Whether the text is printed otherwise than it stands: with figures, or with gaps to be filled in."""
        return any(piece.kind in ("figure", "missing") for paragraph in self.worded for piece in paragraph)


@dataclass(frozen=True)
class Doubt:
    """Words in one section that nothing bears out; they keep a 小结 from being filed."""

    key: str
    heading: str
    sentence: str


@dataclass(frozen=True)
class SummaryContent:
    """A 小结 as it is printed."""

    title: str
    unit: str
    signed_on: tuple[Piece, ...]
    sections: tuple[SummarySection, ...]
    tables: tuple[Table | RollupTable, ...]
    missing: tuple[str, ...]
    # The fields that the secretary can place in the text: (name, value as printed); None where there is no value yet.
    fields: tuple[tuple[str, str | None], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    # Hints for the secretary, which keep nothing from being filed.
    hints: tuple[str, ...] = ()
    # The grades that branches decided for their members; None before any has.
    grades: GradesTable | None = None
    # 窗口即时评议, apart from the ballots; None where nothing was taken.
    instant: InstantContent | None = None
    # The periods of the plan that the campaign belongs to; None where it belongs to none, or is the first.
    year: YearContent | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it may leave as a final copy (scenario C10)."""
        return not self.missing and not self.doubts

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it may not, one sentence each."""
        gaps = (f"小结还有【待填】：{'、'.join(self.missing)}。",) if self.missing else ()
        return (*gaps, *(f"“{doubt.heading}”：{doubt.sentence}" for doubt in self.doubts))

    @property
    def drawn(self) -> tuple[SummarySection, ...]:
        """The sections that have something to say, the date apart."""
        return tuple(section for section in self.sections if section.paragraphs and section.key != "signed_on")
