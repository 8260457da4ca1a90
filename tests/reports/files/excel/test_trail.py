"""The trail in a workbook: a row a deed."""

from datetime import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from reports.files.excel import draw_trail_workbook
from reports.files.excel.trail import HEADS
from reports.trail.objects import ThingInTrail
from tests.reports.trail.rows import leave

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 3, 1, 9, 30))


def sheet_of(entries):
    return load_workbook(BytesIO(draw_trail_workbook(entries, now=NOW))).active


def test_each_row_says_all_that_the_trail_has():
    entry = leave("=zhang", thing=ThingInTrail("评议点", "7", "年度评议", "00001", "某局党委"), reason="归档")

    rows = list(sheet_of([entry]).iter_rows(values_only=True))

    assert rows[1][0] == "2026-03-01 09:30导出"
    assert rows[2] == HEADS
    assert (rows[3][0], rows[3][2:7]) == ("00000001", ("=zhang", "党务干事", "10.0.0.1", "封存", "ballots:poll_seal"))
    assert rows[3][7:] == ("评议点", "年度评议", "某局党委", "已办", "归档")


def test_a_trail_without_rows_says_so():
    assert "没有这样的审计记录。" in [cell for row in sheet_of([]).iter_rows(values_only=True) for cell in row]
