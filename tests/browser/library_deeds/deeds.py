"""Days of the campaign, files that were downloaded, and the meeting that decides grades."""

from datetime import timedelta
from urllib.parse import urlsplit

import openpyxl

from tests import factories

START = factories.around_today()["starts_on"]
DAY = START.isoformat()


def day_after(days):
    """A day of the campaign, as a page's field takes it."""
    return (START + timedelta(days=days)).isoformat()


def path_of(visitor):
    return urlsplit(visitor.page.url).path


def sheet_of(workbook, name):
    """The rows of a workbook's sheet."""
    return list(openpyxl.load_workbook(workbook, data_only=True)[name].iter_rows(values_only=True))


# --- 民主评议党员: the votes, and what the meeting decides (S0-5, S1, S2) ---------------------------------------------
GRADED, PROBATIONARY = ("李建国", "王芳", "周明", "吴敏"), "郑洁"
REASONS = {"周明": "抗洪抢险立功", "吴敏": "脱产学习半年"}


def decide(desk, grades, reasons=()):
    """Fill in and send what the meeting decided."""
    desk.fill(held_on=DAY, host="李建国", present_count="4")
    for name, label in grades.items():
        desk.page.get_by_label(f"{name}的评定等次").select_option(label=label)
        if name in reasons:
            desk.page.get_by_label(f"{name}的理由").fill(reasons[name])
    desk.press("登记")
