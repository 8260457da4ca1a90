"""Survey exports as 问卷星 writes them, and a campaign whose units they speak of."""

import io

from openpyxl import Workbook

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.models import Campaign
from tests.factories import make_campaign, make_organization
from tests.workbooks import saved

HEADINGS = [
    *("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"),
    *("1、您所在的单位是", "2、您的身份是", "3、请对党支部作出评价—兑现公开承诺情况", "3、总体评价"),
    *("4、您的意见和建议", "总分"),
]
UNIT, WHO, DEEDS, OVERALL, OPINION = HEADINGS[6:11]


def make_units(**overrides) -> Campaign:
    """An open campaign of one committee about 一支部 and 二支部."""
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("一支部", "二支部")]
    campaign = make_campaign(root, **{"channels": ["meeting", "online"], **overrides})
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign


def survey(*answers, headings=HEADINGS) -> io.BytesIO:
    """A workbook with the answers in place of the five questions."""
    book = Workbook()
    book.active.append(headings)
    for number, answer in enumerate(answers, start=1):
        about = [number, f"2026/11/20 9:0{number}:11", "75秒", "微信", "N/A", f"36.0.0.{number}(山东济南)"]
        book.active.append([*about, *answer, 98])
    return saved(book, "问卷.xlsx")


def text_survey() -> io.BytesIO:
    return survey(*[("一支部", "党员", "满意", "基本满意", "(空)")] * 3)


def number_survey() -> io.BytesIO:
    return survey(*[(1, 1, 1, 2, None)] * 3)
