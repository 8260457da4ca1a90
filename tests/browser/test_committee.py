"""The work of an officer of the committee after the count: watch, decide, compare and take files home."""

import zipfile

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.exports.making import make_export
from reports.exports.queue import claim_export
from tests import factories

from .figures import count, figures_of_line
from .sealed import BRANCH, CAST, CAST_ELSEWHERE, CAST_LAST_YEAR, COMMITTEE, OTHER_BRANCH, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_officer_watches_decides_compares_and_exports(desk, phone, committee, settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    factories.make_closed_problem(committee.children.get(name=BRANCH), content="公开栏不更新", source="opinion")

    watch_from_home(desk, phone)
    confirm_finding(desk)
    compare_units_and_periods(desk)
    names, book = export_all(desk)

    assert names == [f"{name}-评议结果表.xlsx" for name in (BRANCH, OTHER_BRANCH)]
    lines = [row for row in book["评议结果"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert [figures_of_line(line, first=4) for line in lines] == count(CAST)


def watch_from_home(desk, phone):
    """Coverage, rolled-up results, what waits and how the ledger goes, at a desk and on a phone."""
    for visitor in (phone, desk):
        visitor.log_in("officer")
        visitor.says("组织覆盖率100.0%（2/2）")
        visitor.says("1项待认定")
        visitor.says("措施完成率")
        assert visitor.sticking_out() == []


def confirm_finding(desk):
    """Beyond a third dissatisfied: the committee confirms, and makes a problem of it."""
    desk.follow(f"{THIS_YEAR}：{COMMITTEE}的结果认定")
    desk.follow("认定或不予认定")
    desk.page.get_by_label("认定", exact=True).check()
    desk.fill(reason="经核查属实。")
    desk.press("记录认定意见")
    desk.press("转入整改台账")
    desk.says(OTHER_BRANCH)
    desk.follow("首页", within="header")
    desk.page.get_by_text("1项待认定").wait_for(state="detached")


def compare_units_and_periods(desk):
    desk.follow(f"{THIS_YEAR}：{COMMITTEE}各单位排名")
    rows = desk.page.locator("table.ranking tbody tr")
    expect(rows).to_contain_text([BRANCH, OTHER_BRANCH])
    expect(rows.locator(".rate")).to_have_text([f"{count(cast)[1][0][1]}%" for cast in (CAST, CAST_ELSEWHERE)])
    desk.back_to(f"{COMMITTEE}的汇总结果")
    desk.follow("各期对比")
    row = desk.page.locator("table.periods").first.locator("tr", has_text="总体评价")
    sums = [count(casts)[1][0][1] for casts in (CAST_LAST_YEAR * 2, CAST + CAST_ELSEWHERE)]
    expect(row.locator(".count")).to_have_text([f"{share}%" for share in sums])


def export_all(desk):
    """Every unit's results in one archive: its names, and the first one."""
    desk.back_to(f"{COMMITTEE}的汇总结果")
    desk.follow("批量导出")
    desk.page.get_by_label("评议结果表（Excel）").check()
    desk.press("开始导出")
    desk.says("排队中")
    make_export(claim_export(now=timezone.now()))
    desk.page.get_by_role("link", name="下载压缩包（ZIP）").wait_for()
    desk.arrived()
    with zipfile.ZipFile(desk.download_for("归档", "下载压缩包（ZIP）")) as archive:
        names = archive.namelist()
        with archive.open(names[0]) as file:
            return names, openpyxl.load_workbook(file, data_only=True)
