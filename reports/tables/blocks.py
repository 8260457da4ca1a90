"""The figures about one target, and the targets that stand in one table: members × grades, or members × indicators."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from ..results.scores import LineScore
from .rows import Row, heads_beside
from .shades import Shades


@dataclass(frozen=True)
class Table:
    """A target's rows: an indicator each, with its splits below."""

    unit: str

    target: str
    kind: str
    title: str
    is_person: bool
    base_name: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    splits: tuple[tuple[str, tuple[Row, ...]], ...]
    rate_name: str
    positive_name: str
    # The denominator of this poll in full: 「全体组成人员35人（缺席6人计入）」.
    base_text: str
    scores: tuple[LineScore, ...]
    # Sentences of the judgement by the campaign's rule: (indicator, sentence).
    verdicts: tuple[tuple[str, str], ...]
    # The grade that the branch decided for a member; empty for anybody else, and before it was decided.
    grade: str = ""
    target_id: int | None = None
    # Of an option in a list to choose from.
    most_chosen: int | None = None
    rank: int | None = None

    @property
    def beside(self) -> tuple[str, ...]:
        """The grades outside the base, a column each beside the figures; none where nobody chose any."""
        return heads_beside(self.rows)

    @property
    def heads(self) -> tuple[str, ...]:
        """The labels of every figure in a row, 弃权 and the like among them."""
        return tuple(figure.label for figure in self.rows[0].figures)

    def of_line(self, place: int) -> "Table":
        """The table of one indicator alone, with its figures and its groups."""
        has_splits = len(self.splits) == len(self.rows)
        return replace(
            self,
            rows=self.rows[place : place + 1],
            splits=self.splits[place : place + 1] if has_splits else (),
            scores=(),
            verdicts=(),
            grade="",
        )

    @property
    def width(self) -> int:
        """Columns of a table that shows a count and a rate for each head."""
        return 1 + 2 * len(self.heads) + len(self.beside) + 4


@dataclass(frozen=True)
class Block:
    """Tables that are printed as one: the targets of a questionnaire, or the options of a list, a row each; any other alone.

    Targets that were asked about in several lines stand in a matrix of rates, a column an indicator, and then line by line
    in one of counts, a column a grade.
    """

    tables: tuple[Table, ...]
    # The notes on scores that stand below an earlier block of the same page.
    told: tuple[str, ...] = ()

    @property
    def first(self) -> Table:
        return self.tables[0]

    @property
    def is_matrix(self) -> bool:
        return len(self.tables) > 1 or self.is_ranked

    @property
    def is_ranked(self) -> bool:
        """Whether it is a list to choose from, whose options stand in the order of how many chose them."""
        return self.first.rank is not None

    @property
    def name(self) -> str:
        """The questionnaire where several stand together, else the target."""
        return self.first.title if self.is_matrix else self.first.target

    @property
    def has_many_lines(self) -> bool:
        return self.is_matrix and not self.is_ranked and len(self.first.rows) > 1

    @property
    def line_head(self) -> str:
        """The head over the names of the rows."""
        return "姓名" if self.first.is_person else "评议对象"

    @property
    def extent(self) -> str:
        """「12人，总体评价」, 「12人，5项」, 「4项，每张票至多选2项，按得票排列」."""
        if self.is_ranked:
            return f"{len(self.tables)}项，每张票至多选{self.first.most_chosen}项，按得票排列"
        count = f"{len(self.tables)}{'人' if self.first.is_person else '个'}"
        return f"{count}，{f'{len(self.first.rows)}项' if self.has_many_lines else self.first.rows[0].label}"

    @property
    def cell_text(self) -> str:
        """The meaning of a cell of the matrix of rates."""
        table = self.first
        return cell_text(table.rate_name, table.heads[0], table.base_text or table.base_name)

    @cached_property
    def by_line(self) -> tuple["Block", ...]:
        """The same targets line by line: members × grades for each indicator."""
        return tuple(
            Block(tuple(table.of_line(place) for table in self.tables)) for place in range(len(self.first.rows))
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for table in self.tables for row in table.rows)

    @cached_property
    def shades(self) -> Shades:
        """The shades of the matrix of rates."""
        return Shades.of(row.satisfaction for row in self.rows)

    @property
    def has_grades(self) -> bool:
        return any(table.grade for table in self.tables)

    @property
    def beside(self) -> tuple[str, ...]:
        """The grades outside the base, a column each, where somebody chose one of them about anybody."""
        return heads_beside(self.rows)

    @property
    def has_splits(self) -> bool:
        return any(table.splits for table in self.tables)

    @property
    def scores(self) -> tuple[tuple[str, LineScore], ...]:
        """Each score with its target."""
        return tuple((table.target, score) for table in self.tables for score in table.scores)

    @property
    def score_parts(self):
        """The weighted categories as heads of the scores' table."""
        return self.scores[0][1].parts if self.scores else ()

    @property
    def asks_for_empty_categories(self) -> bool:
        return any(score.asks for _, score in self.scores)

    @property
    def score_notes(self) -> tuple[str, ...]:
        """The reasons why scores are missing, or how they came about: each once on a page."""
        return tuple(
            dict.fromkeys(score.note for _, score in self.scores if score.note and score.note not in self.told)
        )

    @property
    def verdicts(self) -> tuple[tuple[str, str, str], ...]:
        """The sentences of the judgement: (target, indicator, sentence)."""
        return tuple((table.target, indicator, text) for table in self.tables for indicator, text in table.verdicts)


def cell_text(rate_name: str, first_label: str, base: str) -> str:
    """The sentence beside a matrix of rates on what stands in each cell."""
    return f"每格上为{rate_name}，下为“{first_label}”票数/分母；分母为{base}。"


def blocks_among(tables: Iterable[Table]) -> tuple[Block, ...]:
    """The tables in their order, neighbours put together that were asked the same."""
    blocks: list[Block] = []
    told: tuple[str, ...] = ()
    for _, alike in groupby(tables, key=_likeness):
        block = Block(tuple(alike), told)
        blocks.append(block)
        told += block.score_notes
    return tuple(blocks)


def _likeness(table: Table) -> tuple:
    """The properties that tables must share to be one; the line of an option is its rank."""
    lines = () if table.rank is not None else tuple(row.label for row in table.rows)
    return table.title, table.is_person, table.rank is None, lines, table.heads, table.rate_name, table.base_text
