"""A workbook with its formats.

Rates and sums are live formulas that carry their printed value, for readers that do not compute; a user's text never
becomes a formula.
"""

import io

import xlsxwriter

from ballots.counting.tally import Rate

from .cells import Cell, clean, percentage, rate_formula, width_of
from .sheet import WIDEST, Sheet

SHORT = 40


class Book:
    """A workbook with its formats; `decimals` are those of a campaign's rates, `mark` says who took it out and when."""

    def __init__(self, *, decimals: int = 1, mark: str = ""):
        self.decimals, self.mark = decimals, mark
        self._buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(self._buffer, options)
        if mark:
            self.file.set_properties({"author": mark, "comments": mark})
        self.styles = self._styles()
        self._sheets: list[Sheet] = []
        # Short texts come again and again: names of units, grades, states.
        self._measured: dict[str, tuple[str, int]] = {}

    def measured(self, text: str) -> tuple[str, int]:
        """A text as a cell can hold it, and how wide its longest line is."""
        if kept_and_width := self._measured.get(text):
            return kept_and_width
        kept = clean(text)
        kept_and_width = kept, max(map(width_of, kept.split("\n")))
        if len(text) <= SHORT:
            self._measured[text] = kept_and_width
        return kept_and_width

    def _styles(self) -> dict:
        font = {"font_name": "宋体", "font_size": 10}
        border = {**font, "border": 1, "valign": "vcenter"}
        number = {**border, "align": "right"}
        whole = "0" if not self.decimals else f"0.{'0' * self.decimals}"
        styles = {
            "title": {**font, "bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
            "subtitle": {**font, "align": "center"},
            "head": {**border, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#EDEDED"},
            "text": {**border, "text_wrap": True},
            # Stays text when somebody edits it in Excel.
            "quoted": {**border, "text_wrap": True, "quote_prefix": True},
            "alarm": {**border, "text_wrap": True, "bold": True, "font_color": "#B3261E"},
            "note": {**font, "text_wrap": True, "valign": "top"},
            "signature": {**font, "font_size": 12, "valign": "vcenter"},
            "number": {**number, "num_format": "0"},
            "index": {**border, "align": "center", "num_format": "0"},
            "rate": {**number, "num_format": f"{whole}%"},
            # Coverage and completion have one decimal in every campaign.
            "progress": {**number, "num_format": "0.0%"},
            "score": {**number, "num_format": whole},
            "mean": {**number, "num_format": "0.00"},
            "date": {**border, "align": "center", "num_format": 'yyyy"年"m"月"d"日"'},
            "dash": number,
        }
        return {name: self.file.add_format(properties) for name, properties in styles.items()}

    def sheet(self, name: str, *, title: str, subtitle: str, columns: int, widest: int = WIDEST) -> Sheet:
        sheet = Sheet(self, name, title=title, subtitle=subtitle, columns=columns, widest=widest)
        self._sheets.append(sheet)
        return sheet

    def quotient(self, rate: Rate, count: str, base: str) -> Cell:
        """A rate that is printed as count ÷ base, from the addresses of the two."""
        return percentage(rate, formula=rate_formula(count, base, decimals=self.decimals))

    def to_bytes(self) -> bytes:
        for sheet in self._sheets:
            sheet.finish()
        self.file.close()
        return self._buffer.getvalue()
