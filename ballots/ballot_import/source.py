"""A table as it was uploaded, without the columns that say who answered, when and from where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import BinaryIO

from campaigns.plain_text import NotPlain

from .headings import INDICATOR, INDICATOR_WORDS, column_letter, has_totals, listed, normal
from .reading import SourceRow, SourceSheet, Unreadable, Unseen, Unusable, in_sight, read_sheets, read_table, unseen_in

# Columns of survey exports about the answering, by their headings: never kept.
_ABOUT_ANSWERING = re.compile(
    r"序号|编号|答卷编号|作答ID|总分|得分|来源|来源详情|来源渠道"
    r"|(?:提交|开始|结束|答题|填写|作答)(?:答卷|答题|作答)?(?:的)?(?:时间|日期|时长|用时)|时间戳|所用时间|用时"
    r"|(?:来自|提交)?IP(?:地址)?(?:归属地)?|地理位置|定位|省份|城市|设备|浏览器|操作系统"
    r"|(?:微信)?(?:昵称|头像|OpenID|UnionID)|用户(?:ID|名|编号|标识)|(?:联系)?(?:电话|手机|手机号|手机号码)",
    re.IGNORECASE,
)


@dataclass
class SourceTable:
    """The rows of an upload, the headings first."""

    rows: list[SourceRow]
    unseen: Unseen = field(default_factory=Unseen)
    # The headings of columns that were neither read nor kept.
    dropped: list[str] = field(default_factory=list)

    @property
    def heading(self) -> SourceRow:
        return self.rows[0]

    @property
    def names(self) -> list[str]:
        """The name of each column: its heading, told apart by its letter where two are alike."""
        names: list[str] = []
        for place, cell in enumerate(self.heading.cells):
            name = heading_text(cell)
            names.append(f"{name}（{column_letter(place)}列）" if name and name in names else name)
        return names

    @property
    def notices(self) -> list[str]:
        told = [f"没有读取也没有保存{listed(self.dropped)}列。"] if self.dropped else []
        return [*self.unseen.notices, *told]

    def seen(self) -> "SourceTable":
        """The same without what was hidden."""
        return SourceTable(list(in_sight(self.rows, self.unseen)), dropped=self.dropped)

    def words(self, place: int) -> list[str]:
        """The different texts of a column, sorted."""
        cells = {row.cells[place] for row in self.rows[1:] if place < len(row.cells)}
        return sorted({" ".join(cell.split()) for cell in cells if isinstance(cell, str)} - {""})

    def to_json(self) -> dict:
        rows = [[row.number, [_kept(cell) for cell in row.cells], row.sheet] for row in self.rows]
        unseen = {"rows": sorted(self.unseen.rows), "columns": sorted(self.unseen.columns)}
        return {"rows": rows, "unseen": unseen | {"notices": self.unseen.notices}, "dropped": self.dropped}

    @classmethod
    def from_json(cls, value: dict) -> "SourceTable":
        rows = [SourceRow(number, [*map(_cell_of, cells)], sheet) for number, cells, sheet in value["rows"]]
        unseen = value["unseen"]
        return cls(
            rows,
            Unseen(frozenset(unseen["rows"]), frozenset(unseen["columns"]), tuple(unseen["notices"])),
            value["dropped"],
        )


def heading_text(cell: str | Unusable) -> str:
    """A heading in one spelling; what cannot be one stays as it stands, to be told as an error."""
    text = cell.shown if isinstance(cell, Unusable) else cell
    try:
        return normal(text)
    except NotPlain:
        return text


def read_source(file: BinaryIO) -> SourceTable:
    """The table of an upload; raises Unreadable."""
    table = _with_like_sheets(file, SourceTable(list(read_table(file)), unseen_in(file)))
    rows, unseen = table.rows, table.unseen
    places = {place for place, cell in enumerate(rows[0].cells) if _ABOUT_ANSWERING.fullmatch(heading_text(cell))}
    dropped = [heading_text(rows[0].cells[place]) for place in sorted(places)]
    if not places:
        return table
    rows = [SourceRow(row.number, list(_without(row.cells, places)), row.sheet) for row in rows]
    if not any(heading_text(cell) for cell in rows[0].cells):
        raise Unreadable(f"表里只有{listed(dropped)}列，没有评议内容。")
    return SourceTable(rows, replace(unseen, columns=unseen.columns - places), dropped)


def _with_like_sheets(file: BinaryIO, table: SourceTable) -> SourceTable:
    """A table of totals with the sheets that have the same headings: offices fill in a sheet for each indicator.

    The title of a sheet then stands in its rows as the indicator. Raises Unreadable where one has something hidden.
    """
    if not has_totals(table.names) or set(table.names) & set(INDICATOR_WORDS):
        return table
    sheets = read_sheets(file, lambda heading: _headings(heading) == _headings(table.heading))
    alike = [sheet for sheet in sheets if sheet.rows]
    if len(alike) < 2:
        return table
    for sheet in alike:
        if sheet.has_hidden:
            raise Unreadable(
                f"工作表“{sheet.title}”有隐藏的行或列，和别的表合起来读取时不知道算不算；请取消隐藏，或者删除以后再导入。"
            )
    others = [sheet.title for sheet in sheets if sheet not in alike]
    notices = [
        f"工作表{listed(sheet.title for sheet in alike)}表头相同，合起来读取，表名作为评议内容。",
        *([f"没有读取工作表{listed(others)}。"] if others else []),
    ]
    return SourceTable(_stacked(alike), Unseen(notices=tuple(notices)))


def _headings(row: SourceRow) -> list[str]:
    return [heading for cell in row.cells if (heading := heading_text(cell))]


def _stacked(sheets: Sequence[SourceSheet]) -> list[SourceRow]:
    """The rows of sheets with the same headings, each with its sheet's title in a last column."""
    width = max(len(row.cells) for sheet in sheets for row in sheet.rows)

    def widened(row: SourceRow, word: str, title: str = "") -> SourceRow:
        return SourceRow(row.number, [*row.cells, *[""] * (width - len(row.cells)), word], title)

    rows = [widened(row, sheet.title, sheet.title) for sheet in sheets for row in sheet.rows[1:]]
    return [widened(sheets[0].rows[0], INDICATOR), *rows]


def _without(cells: Sequence[str | Unusable], places: set[int]) -> Iterator[str | Unusable]:
    """The cells, empty at some places: the others keep the letters of their columns."""
    return ("" if place in places else cell for place, cell in enumerate(cells))


def _kept(cell: str | Unusable) -> str | dict:
    return cell if isinstance(cell, str) else asdict(cell)


def _cell_of(value: str | dict) -> str | Unusable:
    return value if isinstance(value, str) else Unusable(**value)
