"""Draws the workbook of a campaign's meetings: a row for each poll that is not sealed, with what is known of it."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ..models import Poll
from ..roster.template import style_headings
from ..unit_names import name_with_parent, names_alone
from .listing import COLUMNS, HEADINGS

WIDTHS = (44, 12, 14, 24, 12, 12, 20, 20)


def draw_meeting_facts(polls: Sequence[Poll], roster_counts: dict[int, int], *, is_part: bool = False) -> bytes:
    """The workbook; `roster_counts` fill the people entitled, by unit, where nobody has written how many they are.

    In a part of a longer list each unit goes by the name of its parent as well: it comes back among all of them.
    """
    units = [poll.organization for poll in polls]
    names = {unit.pk: name_with_parent(unit) for unit in units} if is_part else names_alone(units)
    book = Workbook()
    sheet = book.active
    sheet.title = "会议情况"
    sheet.append(HEADINGS)
    style_headings(sheet[1])
    for number, poll in enumerate(polls, start=2):
        row = (names[poll.organization_id], *_facts(poll, roster_counts))
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # even where it begins like a formula
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "B2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _facts(poll: Poll, roster_counts: dict[int, int]) -> tuple:
    facts = {name: getattr(poll, name) for name in COLUMNS.values()}
    if facts["entitled_count"] is None:
        facts["entitled_count"] = roster_counts.get(poll.organization_id) or None
    if facts["meeting_on"]:
        facts["meeting_on"] = facts["meeting_on"].isoformat()
    return tuple(value if value != "" else None for value in facts.values())
