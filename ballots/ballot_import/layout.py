"""How the columns of one table make the ballot of one poll."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from campaigns.ballot_form import BLANK, SPOILED, BallotForm, Section
from campaigns.models import TargetKind

from .headings import (
    BAR,
    BLANK_WORDS,
    FIXED,
    OPINION,
    SPOILED_LABEL,
    column_letter,
    labels,
    listed,
    normal,
    plain_grade,
)


@dataclass(frozen=True)
class CellColumn:
    """Where a cell of the ballot stands in the table, and the mark for each label."""

    place: int
    marks: Mapping[str, str]

    @property
    def allowed(self) -> str:
        return listed(label for label in self.marks if label and label not in BLANK_WORDS)

    def mark_of(self, text: str) -> str | None:
        """The mark for what a cell says; None for no grade of the scale."""
        mark = self.marks.get(text)
        return mark or self.marks.get(plain_grade(text) or text)


@dataclass
class Layout:
    """The cells in the order of the ballot's marks, and the sections that the opinion columns belong to.

    `places` are the columns that speak of this ballot; `problems` has (place or None, message) of what is wrong with
    the table's heading for it.
    """

    cells: list[CellColumn] = field(default_factory=list)
    opinions: dict[int, Section] = field(default_factory=dict)
    places: set[int] = field(default_factory=set)
    problems: list[tuple[int | None, str]] = field(default_factory=list)
    # A row's cells → its marks: most ballots are alike.
    seen: dict[tuple, str] = field(default_factory=dict, repr=False)


def lay_out(form: BallotForm, columns: Mapping[str, int]) -> Layout:
    """Match the columns of a table, places by heading, with a ballot."""
    layout = Layout()
    matches = _match(form, columns, layout)
    missing = []
    for section in form.sections:
        marks = {normal(grade.label): digit for digit, grade in zip(section.digits, section.grades, strict=True)}
        marks |= {"": BLANK, SPOILED_LABEL: SPOILED}
        # A grade that is called like a word for nothing is a grade.
        marks |= {word: BLANK for word in BLANK_WORDS if word not in marks}
        for indicator in section.indicators:
            place = matches.get((section.id, indicator.id))
            if place is None:
                missing.append(f"{section.name}{BAR}{indicator.text}")
            else:
                layout.cells.append(CellColumn(place, marks))
    if missing:
        layout.problems.append((None, f"有{listed(missing)}，表头缺少这些列"))
    layout.places |= {columns[heading] for heading in FIXED} | set(layout.opinions)
    return layout


def _match(form: BallotForm, columns: Mapping[str, int], layout: Layout) -> dict[tuple[int, int], int]:
    """The column of each cell by section and indicator; opinion columns go into the layout."""
    cells: dict[tuple[int, int], int] = {}
    if OPINION in columns and form.sections:
        # A ballot about several targets has one column for opinions, which go to the organization.
        first = [candidate for candidate in form.sections if candidate.kind == TargetKind.ORGANIZATION] or form.sections
        layout.opinions[columns[OPINION]] = first[0]
    for heading, wanted in headings_of(form).items():
        place = columns.get(heading)
        if place is None:
            continue
        layout.places.add(place)
        if len(wanted) > 1:
            layout.problems.append((place, f"有{len(wanted)}处；请写成“评议表/评议对象{BAR}评议内容”"))
        for section, indicator_id in wanted:
            if indicator_id is None:
                layout.opinions[place] = section
            elif cells.setdefault((section.id, indicator_id), place) != place:
                other = column_letter(cells[section.id, indicator_id])
                layout.problems.append((place, f"它与{other}列是同一项，只能写一列"))
    return cells


def headings_of(form: BallotForm) -> dict[str, list[tuple[Section, int | None]]]:
    """Every heading that a ballot admits with the section and indicator that it means; None for an opinion."""
    headings = defaultdict(list)
    for section in form.sections:
        for label in labels(section, form):
            for suffix, indicator_id in _suffixes(section):
                headings[f"{label}{BAR}{suffix}"].append((section, indicator_id))
    return headings


def _suffixes(section: Section) -> Iterator[tuple[str, int | None]]:
    asked = {normal(indicator.text): indicator.id for indicator in section.indicators}
    # An indicator that is called 意见建议 comes before the opinion.
    yield from ({OPINION: None} | asked).items()
