"""Writes the workbook in which accounts are listed: a row for each unit that has no secretary yet, and the units to choose from."""

from collections.abc import Iterable
from io import BytesIO

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..models import Organization, Role
from ..permissions import organizations_of_accounts
from ..roster.template import style_headings
from ..unit_names import name_with_parent, names_alone
from .listing import HEADINGS, MOST_LINES

LISTED = "单位"
MOST_LISTED = 5000
WIDTHS = (14, 20, 44, 16)


def draw_account_template(by: User) -> bytes:
    """The workbook for an administrator's units; what was left without a name and a user name is not read.

    Of more units than anybody chooses from, those alone are listed that have a row, by the name of their parent as well.
    """
    in_use = organizations_of_accounts(by).filter(is_active=True).select_related("parent").order_by("path")
    secretaries = Role.objects.filter(kind=Role.Kind.SECRETARY, organization=OuterRef("pk"))
    unserved = list(in_use.exclude(Exists(secretaries))[:MOST_LINES])
    is_part = in_use.count() > MOST_LISTED
    units = unserved if is_part else list(in_use)
    written = {unit.pk: name_with_parent(unit) for unit in units} if is_part else names_alone(units)
    book = Workbook()
    _write_rows(book.active, [written[unit.pk] for unit in unserved], len(units))
    _write_units(book.create_sheet(LISTED), units, written)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_rows(sheet: Worksheet, units: list[str], unit_count: int) -> None:
    sheet.title = "账号"
    sheet.append(HEADINGS)
    style_headings(sheet[1])
    for number, unit in enumerate(units, start=2):
        _write(sheet, number, 3, unit)
        _write(sheet, number, 4, Role.Kind.SECRETARY.label)
    for number, width in enumerate(WIDTHS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
    choices = {"C": f"{LISTED}!$A$2:$A${unit_count + 1}", "D": '"' + ",".join(Role.Kind.labels) + '"'}
    for letter, formula in choices.items():
        validation = DataValidation(type="list", formula1=formula, allow_blank=True)
        validation.add(f"{letter}2:{letter}{MOST_LINES + 1}")
        sheet.add_data_validation(validation)
    sheet.freeze_panes = "A2"


def _write_units(sheet: Worksheet, units: Iterable[Organization], written: dict[int, str]) -> None:
    sheet.append(("单位", "类别"))
    style_headings(sheet[1])
    for number, unit in enumerate(units, start=2):
        _write(sheet, number, 1, written[unit.pk])
        _write(sheet, number, 2, unit.get_kind_display())
    sheet.column_dimensions["A"].width = 44
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text, even where it begins like a formula."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"
