"""How a 小结 lies on the paper of GB/T 9704, for PDF and Word alike: title lines, tables and 附件, signature (DOMAIN B6).

Only places what `summary` and `content` say; no figure is made here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from ballots.counting import tally

from ..grading.sums import GradesTable
from ..summary import Piece, SummaryContent
from ..tables.axis import axis_of, axis_text
from ..tables.blocks import Table, cell_text
from ..tables.campaign import RollupTable
from ..tables.instant import InstantContent
from ..tables.rows import Figure, Row, heads_beside

# 22 pt characters on a line of 156 mm.
TITLE_WIDTH = 20
# Longer results leave the text for a 附件.
ROWS_IN_TEXT = 8
# More bars than this nobody compares by eye.
ROWS_IN_CHART = 12
# Endings after which a title is best cut.
_TITLE_BREAKS = re.compile(r"年度|季度|半年|年(?![度终中上下])|关于|活动|工作|党委|党组|总支|支部|(?=群众评议)")
_SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]{1,3}）")

Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` is its heading of the second level, 「（一）…。」, set in 楷体."""

    lead: Pieces
    rest: Pieces


@dataclass(frozen=True)
class PaperSection:
    """A section as it is set; without an ordinal it stands without a heading."""

    key: str
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class TableRow:
    """A line of a results table: its target, and the row."""

    target: str
    row: Row
    # The grade that was decided for a member.
    grade: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        return self.row.figures

    @property
    def label(self) -> str:
        """The name of a bar."""
        return f"{self.target}·{self.row.label}" if self.target else self.row.label


@dataclass(frozen=True)
class ResultsTable:
    """All results of one questionnaire; with more than one target each line names its own."""

    title: str
    # The one target of the table, or empty.
    target: str
    is_person: bool
    base_text: str
    heads: tuple[str, ...]
    rate_name: str
    has_targets: bool
    has_spoiled: bool
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...]
    # Whether its lines are the options of a list, by how many chose them.
    is_ranked: bool = False

    @property
    def indicators(self) -> tuple[str, ...]:
        """The heads of the matrix of rates: the lines that several targets were each asked about, where they are several."""
        asked = {tuple(line.row.label for line in lines) for _, lines in self.by_target}
        is_matrix = self.has_targets and not self.is_ranked and len(self.by_target) > 1 and len(asked) == 1
        lines = next(iter(asked)) if is_matrix else ()
        return lines if len(lines) > 1 else ()

    @property
    def by_target(self) -> tuple[tuple[str, tuple[TableRow, ...]], ...]:
        """The rows of each target."""
        return tuple((target, tuple(lines)) for target, lines in groupby(self.rows, key=attrgetter("target")))

    @property
    def cell_text(self) -> str:
        """The meaning of a cell of the matrix of rates."""
        return cell_text(self.rate_name, self.heads[0], self.base_text)

    @property
    def target_head(self) -> str:
        return "姓名" if self.is_person else "评议对象"

    @property
    def line_head(self) -> str:
        """The head over the names of the lines."""
        return "名次" if self.is_ranked else "评议内容"

    @property
    def beside(self) -> tuple[str, ...]:
        """The grades outside the base, a column each; none where nobody chose any."""
        return heads_beside(line.row for line in self.rows)

    @property
    def has_grades(self) -> bool:
        return any(line.grade for line in self.rows)

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """(tone, label) of each part of the bars."""
        return tuple((figure.tone, figure.label) for figure in self.rows[0].figures)

    @property
    def bars(self) -> tuple[TableRow, ...]:
        """The rows that are drawn as stacked bars: those with ballots, where they are few enough to compare."""
        return tuple(row for row in self.rows if row.row.bar) if len(self.rows) <= ROWS_IN_CHART else ()

    @property
    def axis(self) -> Fraction:
        """The share at which the bars begin."""
        return axis_of(line.row for line in self.bars)

    @property
    def axis_text(self) -> str:
        return axis_text(self.axis)

    @property
    def caption(self) -> str:
        return f"{self.target}（{self.title}）" if self.target else self.title


@dataclass(frozen=True)
class Attachment:
    """A 附件: `label` heads its page, `number` stands in the list below the text (empty for an only one)."""

    label: str
    number: str
    title: str
    table: ResultsTable


@dataclass(frozen=True)
class Signature:
    """Unit and date below a text, without a seal: the date begins two characters after the unit (GB/T 9704, 7.3.5.2)."""

    unit: str
    date: Pieces

    @property
    def is_date_longer(self) -> bool:
        """Then the date keeps two characters from the right edge, else the unit does."""
        return self._date_width > _width(self.unit)

    @property
    def blanks(self) -> tuple[int, int]:
        """Half characters to the right of the unit and of the date."""
        unit, date = _width(self.unit), self._date_width
        return (8 + date - unit, 4) if date > unit else (4, max(unit - date, 0))

    @property
    def _date_width(self) -> int:
        return sum(_width(piece.text) for piece in self.date)


@dataclass(frozen=True)
class Paper:
    """A 小结 as it is set."""

    title_lines: tuple[str, ...]
    sections: tuple[PaperSection, ...]
    # Tables that stand in the text, after the section on the results.
    tables: tuple[ResultsTable, ...]
    attachments: tuple[Attachment, ...]
    signature: Signature
    # The decided grades of members, below the other tables in the text.
    grades: GradesTable | None = None
    instant: InstantContent | None = None

    @property
    def title(self) -> str:
        return "".join(self.title_lines)


def paper_of(content: SummaryContent) -> Paper:
    """The layout of a 小结."""
    tables = results_tables(content.tables)
    has_attachments = sum(len(table.rows) for table in tables) > ROWS_IN_TEXT
    return Paper(
        title_lines=title_lines(content.title, unit=content.unit),
        sections=tuple(
            PaperSection(
                key=section.key,
                heading=f"{section.ordinal}、{section.heading}" if section.ordinal else "",
                paragraphs=tuple(paragraph_of(pieces) for pieces in section.paragraphs),
            )
            for section in content.drawn
        ),
        tables=() if has_attachments else tables,
        attachments=_attachments(tables) if has_attachments else (),
        signature=Signature(content.unit, content.signed_on),
        grades=content.grades,
        instant=content.instant,
    )


def _attachments(tables: Sequence[ResultsTable]) -> tuple[Attachment, ...]:
    numbers = range(1, len(tables) + 1) if len(tables) > 1 else ("",)
    return tuple(
        Attachment(label=f"附件{number}", number=str(number), title=f"{table.title}统计结果", table=table)
        for number, table in zip(numbers, tables, strict=True)
    )


def results_tables(tables: Iterable[Table | RollupTable]) -> tuple[ResultsTable, ...]:
    """A table for each questionnaire: neighbours that were asked the same are put together."""
    return tuple(_joined(list(alike)) for _, alike in groupby(tables, key=_questionnaire))


def _questionnaire(table: Table | RollupTable) -> tuple:
    return table.title, table.heads, _base_text(table), getattr(table, "is_person", False)


def _base_text(table: Table | RollupTable) -> str:
    return getattr(table, "base_text", "") or table.base_name


def _joined(tables: list[Table | RollupTable]) -> ResultsTable:
    first, is_ranked = tables[0], getattr(tables[0], "rank", None) is not None
    is_one = len(tables) == 1 and not is_ranked
    rows = [
        TableRow("" if is_one else getattr(table, "target", ""), row, getattr(table, "grade", ""))
        for table in tables
        for row in table.rows
    ]
    return ResultsTable(
        title=first.title,
        target=getattr(first, "target", "") if is_one else "",
        is_person=getattr(first, "is_person", False),
        base_text=_base_text(first),
        heads=first.heads,
        rate_name=first.rate_name,
        has_targets=not is_one,
        has_spoiled=any(line.row.spoiled for line in rows),
        rows=tuple(rows),
        notes=_notes(rows, _base_text(first)),
        is_ranked=is_ranked,
    )


def _notes(rows: Iterable[TableRow], base: str) -> tuple[str, ...]:
    notes = [f"各率的分母为{base}，逐行列出。"]
    notes += [f"{note}。" for note in (tally.SUM_NOTE, tally.HELD_NOTE) if any(note in line.row.note for line in rows)]
    return tuple(notes)


def paragraph_of(pieces: Pieces) -> Paragraph:
    """「（一）加强领导。…」 leads with its first sentence; any other paragraph has no lead."""
    if not pieces or not _SECOND_LEVEL.match(pieces[0].text):
        return Paragraph((), pieces)
    for place, piece in enumerate(pieces):
        before, stop, after = piece.text.partition("。")
        if stop:
            rest = (Piece(after, piece.kind),) if after else ()
            return Paragraph((*pieces[:place], Piece(before + stop, piece.kind)), rest + pieces[place + 1 :])
    return Paragraph(pieces, ())


def title_lines(title: str, *, unit: str = "") -> tuple[str, ...]:
    """A title cut where its words end, into lines as even as they get."""
    if _width(title) <= 2 * TITLE_WIDTH:
        return (title,)
    places = {cut.end() for cut in _TITLE_BREAKS.finditer(title)} | {len(unit) if title.startswith(unit) else 0}
    fitting = [
        place
        for place in places
        if 0 < place < len(title) and max(_width(title[:place]), _width(title[place:])) <= 2 * TITLE_WIDTH
    ]
    if fitting:
        place = min(fitting, key=lambda place: (abs(_width(title[:place]) - _width(title[place:])), place))
        return (title[:place], title[place:])
    count = -(-len(title) // TITLE_WIDTH)
    size = -(-len(title) // count)
    return tuple(title[start : start + size] for start in range(0, len(title), size))


def _width(text: str) -> int:
    """In half characters: figures and Latin letters take one, all others two."""
    return sum(1 if character.isascii() else 2 for character in text)
