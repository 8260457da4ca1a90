"""The work of a secretary after the count: opinions, ledger, comments, commitments, the filed 小结, its files and 公示.

As in the journey, files and pages are compared with the marks and deeds, counted here anew.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import Announcement
from tests import factories

from .figures import GRADES, UNMARKED, count, figures_of_line, figures_of_page, plain, text_of, text_of_word
from .sealed import BRANCH, CAST, THIS_YEAR

pytestmark = pytest.mark.django_db(transaction=True)

BOARD, BOARD_TOO, MEETINGS, NAMING, NOTHING = (
    "公开栏每月一换",
    "公开栏要勤换，一个月一次",
    "会开得太长",
    "王芳办事拖拉",
    "无",
)
MASKED = "有的同志办事拖拉"
REPLY = "已在党务公开栏答复"
PROMISE = "每月走访联系户一次"
OBJECTION = "票数和会上宣布的不一样"


@pytest.fixture
def branch(committee):
    """The first branch, with what its people wrote and promised."""
    branch = committee.children.get(name=BRANCH)
    poll = branch.polls.get(campaign__title=THIS_YEAR)
    for text in (BOARD, NAMING, BOARD_TOO, NOTHING, MEETINGS):
        factories.make_opinion(poll, text)
    factories.make_commitment(branch, PROMISE, due_on="2026-12-31")
    return branch


def test_from_opinions_to_the_filed_summary_and_its_announcement(desk, phone, branch):
    desk.log_in("secretary")
    matter = read_opinions(desk)
    answer_a_problem(desk, matter)
    register_another_problem(desk)
    record_comment(desk)
    fulfil_commitment(desk)

    write_summary(desk)
    number = file_summary(desk)

    paragraphs = said_by_version(desk, number)
    assert missing_from_files(desk, paragraphs) == []
    compare_workbook(desk)
    address = announce(desk)
    read_as_anybody(phone, address)
    receive_objection(desk)


def open_results(desk):
    desk.follow("评议活动", within="header")
    desk.follow(THIS_YEAR)
    desk.follow("看汇总结果")
    desk.follow(BRANCH)


# --- opinions and the ledger -----------------------------------------------------------------------------------------


def read_opinions(desk):
    """「无」 is set aside, two alike are one matter, a name is masked; the matter goes to the ledger and is returned."""
    desk.follow(BRANCH, within="[aria-labelledby=opinions]")
    desk.press("把这1条设为不作为意见")
    for text in (BOARD, BOARD_TOO):
        desk.page.get_by_role("checkbox", name=text, exact=True).check()
    desk.press("并为一条")
    desk.says("2条意见已并为一条")

    desk.follow(f"阅办：{NAMING}")
    desk.fill(masked_text=MASKED, category="工作作风")
    desk.page.get_by_role("radio", name="不到位").check()
    desk.page.get_by_role("radio", name="合理", exact=True).check()
    desk.page.get_by_role("radio", name="没有效").check()
    desk.press("保存并返回列表")
    desk.says(MASKED)
    assert NAMING not in desk.page.content()

    # Their order is random, and the first one stands for both.
    matter = desk.page.locator(".opinion-rows > li", has_text="共2条").locator(".opinion-text").first.inner_text()
    desk.follow(f"阅办：{matter}")
    desk.fill(category="党务公开")
    desk.press("保存并转入台账")
    desk.says("已转入台账")
    desk.back_to("意见建议")
    # 收到、不作为意见、计入、归并为、已阅、已转台账
    assert numbers(desk, "条数") == [5, 1, 4, 3, 4, 1]
    return matter


def answer_a_problem(desk, matter):
    """A measure, its progress and end; closed only with a reply; then the people's verdict."""
    desk.follow(f"阅办：{matter}")
    desk.follow(matter)
    desk.follow("修改")
    desk.fill(responsible_person="李建国", due_on=days_on(30))
    desk.page.get_by_label("处置类型").select_option("及时整改")
    desk.press("保存")
    desk.follow("新增措施")
    desk.fill(content="每月5日更换公开栏", responsible_person="李建国", due_on=days_on(20))
    desk.press("保存")
    desk.page.get_by_text("登记进展", exact=True).first.click()
    desk.fill(text="已更换一期")
    desk.press("登记进展")
    desk.says("已更换一期")

    desk.follow("措施1已落实")
    desk.press("已落实")
    desk.follow("答复办结")
    desk.press("办结")
    desk.says("填写答复情况后才能办结")
    desk.fill(reply=REPLY, publicity="公布在一楼公开栏")
    desk.press("办结")
    desk.follow("登记群众再评")
    desk.page.get_by_label("满意", exact=True).check()
    desk.press("保存")
    expect(desk.page.locator("dl.ledger-entry")).to_contain_text(REPLY)
    expect(desk.page.locator(".history li")).to_have_count(7)


def register_another_problem(desk):
    """Register a problem that came from no opinion; its measure is under way."""
    desk.follow("整改台账", within="header")
    desk.follow("登记问题")
    units = desk.page.get_by_label("党组织")
    units.select_option(units.locator("option", has_text=BRANCH).get_attribute("value"))
    desk.page.get_by_label("评议活动").select_option(THIS_YEAR)
    desk.fill(content="活动室晚上不开门", due_on=days_on(60))
    desk.press("登记")
    desk.follow("新增措施")
    desk.fill(content="每周开放三晚")
    desk.press("保存")
    desk.follow("整改台账", within="header")
    # 问题、已办结、逾期、措施、已落实、正在落实
    assert numbers(desk, "台账数字") == [2, 1, 0, 2, 1, 1]
    desk.says("措施完成率50.0%（1/2）")
    desk.follow("看板")
    expect(desk.page.locator(".board-column h2")).to_have_text([re.compile("（[01]）")] * 4)


def numbers(desk, label):
    texts = desk.page.locator(f"[aria-label={label}] b").all_inner_texts()
    return [int(text) for text in texts]


def days_on(count):
    return str(timezone.localdate() + timedelta(days=count))


# --- comments and commitments ----------------------------------------------------------------------------------------


def record_comment(desk):
    open_results(desk)
    desk.follow("领导点评")
    desk.follow("登记点评")
    desk.follow(f"点评党组织：{BRANCH}")
    desk.fill(leader="赵书记", commented_on=days_on(-1))
    desk.page.get_by_label("公开承诺事项的兑现情况").fill("承诺事项逐月兑现。")
    desk.press("保存")
    desk.says("承诺事项逐月兑现。")


def fulfil_commitment(desk):
    open_results(desk)
    desk.follow("公开承诺")
    desk.follow(f"登记兑现情况：{PROMISE}")
    desk.page.get_by_label("已兑现").check()
    desk.fill(fulfilled_on=days_on(-1), note="全年走访十二次。")
    desk.press("保存")
    desk.says("全年走访十二次。")
    desk.says("100.0%")


# --- the 小结 --------------------------------------------------------------------------------------------------------


def write_summary(desk):
    """A field without a figure keeps the 小结 a draft; one with a figure is printed as the system counts it."""
    open_results(desk)
    desk.follow("写小结")
    desk.fill(shortcomings="参评率{参评率}，会前通知不够早。")
    desk.press("保存")
    desk.says("还有【待填】")
    desk.says("现在还不能定稿")
    expect(desk.page.get_by_role("link", name="下载正式稿（PDF）")).to_have_count(0)

    desk.fill(shortcomings="收到意见{意见条数}条，会前通知不够早。")
    desk.press("保存")
    desk.says("收到意见4条，会前通知不够早。")


def file_summary(desk):
    """File the 小结, and return which version it is."""
    desk.page.get_by_role("button", name="定稿", exact=True).click()
    desk.arrived()
    return re.search("已定稿，为第([0-9]+)稿", desk.page.locator("main").inner_text())[1]


def said_by_version(desk, number):
    """The paragraphs of the filed copy as its page shows them."""
    desk.follow(f"第{number}稿")
    paragraphs = desk.page.locator(".paper p:not(.paper-sign)").all_inner_texts()
    assert NAMING not in "".join(paragraphs)
    return paragraphs


def missing_from_files(desk, paragraphs):
    """Paragraphs that the PDF or the Word file of the filed copy does not give."""
    open_results(desk)
    printed = text_of(desk.download("小结（PDF）"))
    written = text_of_word(desk.download("小结（Word）"))
    return [paragraph for paragraph in paragraphs if plain(paragraph) not in printed or plain(paragraph) not in written]


def compare_workbook(desk):
    """The workbook that goes with the 小结 has the page's figures, which are those of what was marked."""
    expected = count(CAST)
    assert figures_of_page(desk.page) == expected
    book = openpyxl.load_workbook(desk.download_for("归档", "与小结数字相同的工作簿（Excel）"), data_only=True)
    rows = [row for row in book["总览"].iter_rows(values_only=True) if row[0] == BRANCH]
    assert [figures_of_line(row, first=2) for row in rows] == expected
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert MASKED in cells and NAMING not in "".join(cells)
    assert any("措施2条，已落实1条，正在落实1条，完成率50.0%。" in cell for cell in cells)


# --- 公示 ------------------------------------------------------------------------------------------------------------


def announce(desk):
    """A draft, its preview, and the page that anybody may read."""
    desk.follow("公示")
    desk.follow("新建公示")
    desk.fill(starts_on=days_on(0), ends_on=days_on(13), office="党委组织部", phone="010-12345678")
    desk.page.locator("[name=has_problems]").check()
    desk.page.locator("[name=audience][value=public]").check()
    desk.press("保存草稿，看预览")
    desk.page.get_by_role("button", name="发布", exact=True).click()
    desk.arrived()
    desk.says("公示已经发布")
    return urlsplit(desk.page.locator(".address a").get_attribute("href")).path


def read_as_anybody(phone, address):
    """Without an account, on a phone: the results, what was done, where to object; nobody's opinion."""
    phone.open(address)
    phone.says("党委组织部")
    phone.says("措施完成率50.0%")
    folded = phone.page.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    tables = phone.page.locator("table.grades").all()
    shown = [[plain(row) for row in table.locator("tbody tr").all_inner_texts()] for table in tables]
    lines = [
        [f"{label}{number}{share}%" for label, (number, share) in zip((*GRADES, UNMARKED), line, strict=True)]
        for line in count(CAST)
    ]
    assert sorted(shown) == sorted(lines)
    assert MASKED not in phone.page.content() and BOARD not in phone.page.content()
    assert phone.sticking_out() == []


def receive_objection(desk):
    desk.follow("登记异议")
    desk.fill(received_on=days_on(0), objector="刘师傅", text=OBJECTION)
    desk.press("保存")
    desk.follow("首页", within="header")
    desk.says("待答复的公示异议（1）")
    desk.follow(Announcement.objects.get().title, within="[aria-labelledby=objections]")
    desk.follow(f"登记答复：{OBJECTION}")
    desk.fill(answer="当面核对计票结果报告单，反映人无异议。", answered_on=days_on(0))
    desk.press("保存")
    expect(desk.page.locator(".objection .state")).to_have_text("已答复")
