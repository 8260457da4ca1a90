"""The ballot of a poll as it is frozen at opening: sections, cells and what each cell admits. No Django.

A cell is one target × indicator. The cells of all sections in their order are the positions of a ballot's marks:
a grade's digit, `-` for blank, `x` for more than one grade (DESIGN 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

BLANK = "-"
SPOILED = "x"
# The keys of a frozen ballot, where they are not the names of fields.
_KEYS = {"is_in_base": "in_base", "is_positive": "positive", "is_overall": "overall"}


class InvalidMarks(ValueError):
    """Marks that do not fit the ballot; the message is for the user."""


@dataclass(frozen=True)
class FormGrade:
    """An answer; `score` 0–100 or None."""

    label: str
    is_in_base: bool
    is_positive: bool
    score: int | None


@dataclass(frozen=True)
class FormIndicator:
    """A line; `id` is the indicator's key in the database."""

    id: int
    text: str
    is_overall: bool


@dataclass(frozen=True)
class Section:
    """The questions about one target; `id` is the target's key. An open question has no indicators."""

    id: int
    kind: str
    name: str
    questionnaire: str
    title: str
    opinion_prompt: str
    opinion_kind: str
    grades: tuple[FormGrade, ...]
    indicators: tuple[FormIndicator, ...]

    @cached_property
    def digits(self) -> str:
        """The marks that choose a grade, in the scale's order: "123" for three grades."""
        return "".join(str(position) for position in range(1, len(self.grades) + 1))

    @property
    def symbols(self) -> str:
        """The marks that totals count for each cell: the grades, blank, more than one."""
        return self.digits + BLANK + SPOILED

    def mark_of(self, label: str) -> str:
        """The mark for a grade's label; raises KeyError for a label that is not on the scale."""
        for digit, grade in zip(self.digits, self.grades, strict=True):
            if grade.label == label:
                return digit
        raise KeyError(label)


@dataclass(frozen=True)
class SheetLine:
    """A cell as a page shows it: the name of its answers in the page, and the mark it bears."""

    name: str
    indicator: FormIndicator
    # Not shown in tracebacks, which end in logs.
    mark: str = field(repr=False)


@dataclass(frozen=True)
class SheetSection:
    """A section as a page shows it, with the text of its opinion box."""

    section: Section
    lines: tuple[SheetLine, ...]
    opinion: str = field(repr=False)
    opinion_name: str

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Mark and label of each grade, in the scale's order."""
        return [(digit, grade.label) for digit, grade in zip(self.section.digits, self.section.grades, strict=True)]


@dataclass(frozen=True)
class BallotForm:
    """All sections of one poll's ballot, in order.

    `ungraded` are the members who take part without a section of their own, by name: probationary ones (C16).
    """

    sections: tuple[Section, ...]
    ungraded: tuple[str, ...] = ()

    @cached_property
    def cell_count(self) -> int:
        return sum(len(section.indicators) for section in self.sections)

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """For each section, where its marks stand in a ballot's marks."""
        slices, start = [], 0
        for section in self.sections:
            slices.append(slice(start, start + len(section.indicators)))
            start += len(section.indicators)
        return tuple(slices)

    @cached_property
    def _admitted(self) -> tuple[str, ...]:
        return tuple(section.digits + BLANK for section in self.sections for _ in section.indicators)

    def check_marks(self, marks: str, *, allow_spoiled: bool = False) -> None:
        """Raise InvalidMarks unless there is one admitted mark for each cell; `x` comes only from paper."""
        if len(marks) != self.cell_count:
            raise InvalidMarks(f"票面应有{self.cell_count}项，收到{len(marks)}项。")
        for position, (mark, admitted) in enumerate(zip(marks, self._admitted, strict=True), start=1):
            if mark not in admitted and not (allow_spoiled and mark == SPOILED):
                raise InvalidMarks(f"第{position}项的选择不在票面所列等次之内。")

    def section(self, target_id: int) -> Section:
        """The section about a target; raises KeyError."""
        for section in self.sections:
            if section.id == target_id:
                return section
        raise KeyError(target_id)

    def sheet(self, marks: str = "", opinions: Mapping[int, str] | None = None) -> list[SheetSection]:
        """The ballot as a page shows it: blank, or bearing marks and opinions by target that fit it."""
        marks = marks or BLANK * self.cell_count
        return [
            SheetSection(
                section=section,
                lines=tuple(
                    SheetLine(f"m{section.id}-{indicator.id}", indicator, mark)
                    for indicator, mark in zip(section.indicators, marks[cells], strict=True)
                ),
                opinion=(opinions or {}).get(section.id, ""),
                opinion_name=f"o{section.id}",
            )
            for section, cells in zip(self.sections, self.slices, strict=True)
        ]

    def to_json(self) -> dict:
        sections = [asdict(section, dict_factory=_frozen) for section in self.sections]
        return {"sections": sections, "ungraded": list(self.ungraded)}

    @classmethod
    def from_json(cls, value: dict) -> "BallotForm":
        return cls(
            sections=tuple(
                Section(
                    **{
                        **section,
                        "grades": tuple(
                            FormGrade(grade["label"], grade["in_base"], grade["positive"], grade["score"])
                            for grade in section["grades"]
                        ),
                        "indicators": tuple(
                            FormIndicator(indicator["id"], indicator["text"], indicator["overall"])
                            for indicator in section["indicators"]
                        ),
                    }
                )
                for section in value["sections"]
            ),
            ungraded=tuple(value.get("ungraded", ())),
        )


def _frozen(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {_KEYS.get(name, name): value for name, value in fields}
