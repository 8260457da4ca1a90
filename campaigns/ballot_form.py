"""The ballot of a poll as it is frozen at opening: sections, cells and what each cell admits. No Django.

A cell is one target × indicator. The cells of all sections in their order are the positions of a ballot's marks:
a grade's digit, `-` for blank, `x` for more than one grade (DESIGN 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar

BLANK = "-"
SPOILED = "x"
# Of an option in a list to choose from: the first grade chooses it, the second does not.
CHOSEN, PASSED_OVER = "1", "2"
# The kinds of target that are a person.
PERSONS = ("secretary", "member", "cadre")
# So many persons of whom the same is asked, by short names and on a short scale, are asked about item by item.
FEWEST_SIDE_BY_SIDE, LONGEST_NAME, MOST_IN_A_ROW = 6, 5, 4
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
    # 「班子成员」 of a person whose post the ballot names, behind the unit of a person from another than the ballot's;
    # forms frozen before these were named have none.
    post: str = ""
    # The title of the report that is read before this section is marked; empty where there is none.
    document: str = ""
    # The target is an option of its questionnaire's list, of which at most so many are chosen.
    most_chosen: int | None = None

    @property
    def named_post(self) -> str:
        """「王某（书记）」: the target as the ballot names it."""
        return f"{self.name}（{self.post}）" if self.post else self.name

    @property
    def opinion_label(self) -> str:
        """The question above the opinion box; about a person, whose box looks like everybody's, the name comes first."""
        return self.opinion_prompt if self.kind not in PERSONS else f"{self.name}：{self.opinion_prompt}"

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(grade.label for grade in self.grades)

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
    # The name of an option in a list to choose from.
    option: str = ""

    @property
    def is_chosen(self) -> bool:
        return self.mark == CHOSEN


@dataclass(frozen=True)
class SheetSection:
    """A section as a page shows it, with the text of its opinion box; the options of a choice list are one section without a box."""

    section: Section
    lines: tuple[SheetLine, ...]
    opinion: str = field(repr=False)
    opinion_name: str

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Mark and label of each grade, in the scale's order."""
        return [(digit, grade.label) for digit, grade in zip(self.section.digits, self.section.grades, strict=True)]

    @property
    def is_choice(self) -> bool:
        return self.section.most_chosen is not None

    @property
    def chosen(self) -> tuple[SheetLine, ...]:
        """The chosen options of a choice list."""
        return tuple(line for line in self.lines if line.is_chosen)


@dataclass(frozen=True)
class SheetMatrix:
    """The sections of several persons as a page shows them item by item, with a row for each person."""

    parts: tuple[SheetSection, ...]
    is_matrix: ClassVar[bool] = True

    @property
    def items(self) -> list[list[tuple[SheetSection, SheetLine]]]:
        """The rows of each item."""
        by_item = zip(*(part.lines for part in self.parts), strict=True)
        return [list(zip(self.parts, lines, strict=True)) for lines in by_item]


def in_matrices(parts: Iterable[SheetSection]) -> list[SheetSection | SheetMatrix]:
    """The sections of a sheet, where many persons are asked about alike as one matrix."""
    blocks: list[SheetSection | SheetMatrix] = []
    for asked, alike in groupby(parts, key=_asked_alike):
        group = tuple(alike)
        blocks += [SheetMatrix(group)] if asked and len(group) >= FEWEST_SIDE_BY_SIDE else group
    return blocks


def _asked_alike(part: SheetSection) -> str:
    """The questionnaire of a section that can be a row; empty for one that stands alone."""
    section = part.section
    is_row = section.kind in PERSONS and section.indicators and not part.is_choice and not section.document
    is_short = len(section.name) <= LONGEST_NAME and len(section.grades) <= MOST_IN_A_ROW
    return section.questionnaire if is_row and is_short else ""


@dataclass(frozen=True)
class ChoiceList:
    """The options of one questionnaire, of which a ballot may choose so many; `cells` are their places among the marks."""

    title: str
    most: int
    cells: tuple[int, ...]

    def chosen_count(self, marks: str) -> int:
        return sum(marks[cell] == CHOSEN for cell in self.cells)


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
    def labels(self) -> frozenset[str]:
        """Every grade that can be chosen somewhere."""
        return frozenset(grade.label for section in self.sections for grade in section.grades)

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

    @cached_property
    def choice_lists(self) -> tuple[ChoiceList, ...]:
        """The lists to choose from, by questionnaire; most ballots have none."""
        options: dict[str, list[tuple[Section, slice]]] = {}
        for section, cells in zip(self.sections, self.slices, strict=True):
            if section.most_chosen is not None:
                options.setdefault(section.questionnaire, []).append((section, cells))
        return tuple(
            ChoiceList(
                title=listed[0][0].title,
                most=listed[0][0].most_chosen or 0,
                cells=tuple(cell for _, cells in listed for cell in range(cells.start, cells.stop)),
            )
            for listed in options.values()
        )

    def overchosen(self, marks: str) -> tuple[str, ...]:
        """A sentence for each list of which the marks choose more than they may."""
        return tuple(
            f"“{choices.title}”至多选{choices.most}项，现在选了{count}项，请去掉{count - choices.most}项。"
            for choices in self.choice_lists
            if (count := choices.chosen_count(marks)) > choices.most
        )

    def settled(self, marks: str) -> str:
        """The marks as they are counted: in a list where something is chosen, an option left blank is passed over.

        A list in which nothing is chosen is blank as a whole (弃权), and one in which too many are is spoiled as a whole.
        """
        if not self.choice_lists:
            return marks
        cells = list(marks)
        for choices in self.choice_lists:
            count = choices.chosen_count(marks)
            for cell in choices.cells:
                if count > choices.most:
                    cells[cell] = SPOILED
                elif count and cells[cell] == BLANK:
                    cells[cell] = PASSED_OVER
                elif not count and cells[cell] == PASSED_OVER:
                    cells[cell] = BLANK
        return "".join(cells)

    @cached_property
    def question_count(self) -> int:
        """The questions that a participant answers: a cell each, and a choice list as a whole."""
        return self.cell_count - sum(len(choices.cells) - 1 for choices in self.choice_lists)

    def unanswered(self, marks: str) -> int:
        """How many questions are left blank."""
        blank = marks.count(BLANK)
        for choices in self.choice_lists:
            blanks = sum(marks[cell] == BLANK for cell in choices.cells)
            blank -= blanks - (not choices.chosen_count(marks))
        return blank

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
        marks, opinions = marks or BLANK * self.cell_count, opinions or {}
        parts: list[SheetSection] = []
        for section, cells in zip(self.sections, self.slices, strict=True):
            lines = tuple(
                SheetLine(
                    f"m{section.id}-{indicator.id}",
                    indicator,
                    mark,
                    option="" if section.most_chosen is None else section.named_post,
                )
                for indicator, mark in zip(section.indicators, marks[cells], strict=True)
            )
            if section.most_chosen is None:
                parts.append(SheetSection(section, lines, opinions.get(section.id, ""), f"o{section.id}"))
            elif parts and parts[-1].is_choice and parts[-1].section.questionnaire == section.questionnaire:
                parts[-1] = replace(parts[-1], lines=parts[-1].lines + lines)
            else:
                parts.append(SheetSection(section, lines, opinion="", opinion_name=""))
        return parts

    def blocks(self, marks: str = "", opinions: Mapping[int, str] | None = None) -> list[SheetSection | SheetMatrix]:
        """The ballot as it is filled in: its sections, those of many persons item by item."""
        return in_matrices(self.sheet(marks, opinions))

    def to_json(self) -> dict:
        sections = [
            _frozen(section)
            | {
                "grades": tuple(map(_frozen, section.grades)),
                "indicators": tuple(map(_frozen, section.indicators)),
            }
            for section in self.sections
        ]
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


# The names of their fields and of the keys in JSON, in their order.
_KEYS_OF = {
    kind: [(column.name, _KEYS.get(column.name, column.name)) for column in fields(kind)]
    for kind in (Section, FormGrade, FormIndicator)
}


def _frozen(part: Section | FormGrade | FormIndicator) -> dict[str, Any]:
    """A part of a ballot by its keys in JSON; a province has a million of them to freeze."""
    return {key: getattr(part, name) for name, key in _KEYS_OF[type(part)]}
