"""The main job from an empty roster to the draft of the 小结, as a new secretary at a desk and participants with phones do it.

The page, the count sheet, the workbook and the 小结 are compared with the marks, counted here anew.
"""

import re
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Error, expect

from tests.factories import around_today, make_organization, make_user

from .figures import (
    DISSATISFIED,
    FAIRLY,
    SATISFIED,
    UNMARKED,
    addresses,
    count,
    figures_of_line,
    figures_of_page,
    plain,
    text_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

BRANCH, OTHER_BRANCH = "第一党支部", "第二党支部"
ROSTER = {
    "组织": [(BRANCH, "党支部", "某局党委"), (OTHER_BRANCH, "党支部", "某局党委")],
    "党员": [
        ("李建国", BRANCH, "正式党员", "书记"),
        ("王芳", BRANCH, "正式党员", "普通党员"),
        ("赵䶮", BRANCH, "正式党员", "普通党员"),  # not in every font
        ("周明", OTHER_BRANCH, "正式党员", "书记"),
        ("吴敏", OTHER_BRANCH, "正式党员", "普通党员"),
    ],
    "承诺": [(BRANCH, "王芳", "公开承诺", "每月走访联系户一次", "2026-12-31", "践诺中")],
}
OPINION = "公开栏每月一换"
FORM = "application/x-www-form-urlencoded"
SLIPS, ADMITTED = 6, 4


@pytest.fixture
def desk(desk):
    """A new secretary of a committee that has nothing yet, logged in on a desktop."""
    make_user("secretary", kind="secretary", organization=make_organization())
    desk.log_in("secretary")
    desk.says("没有进行中的评议活动")
    return desk


def test_from_an_empty_roster_to_the_summary(desk, phone, tmp_path):
    import_roster(desk, tmp_path)
    prepare_campaign(desk)
    rehearse(desk, phone)
    open_campaign(desk)
    slips = make_slips(desk)
    screen = admit_to_screen(desk)

    cast = hold_meeting(desk, phone, slips, screen)

    close_and_seal(desk, cast)
    come_too_late(phone, screen)
    expected = count(cast)
    assert figures_of_page(desk.page) == expected
    assert figures_of_workbook(desk) == expected
    assert missing_from_count_sheet(desk, expected) == []
    write_summary(desk, expected)
    roll_up(desk, expected)


# --- before the meeting ----------------------------------------------------------------------------------------------


def import_roster(desk, folder):
    desk.follow("党组织和党员", within="header")
    desk.follow("从 Excel 导入")
    book = openpyxl.load_workbook(desk.download("下载模板"))
    for name, rows in ROSTER.items():
        for row in rows:
            book[name].append(row)
    book.save(folder / "名册.xlsx")

    desk.page.set_input_files("[name=file]", folder / "名册.xlsx")
    desk.press("上传并预览")
    desk.says("还没有写入")
    expect(desk.page.locator(".counts tbody tr")).to_have_text(
        [re.compile(rf"{name}\s*{len(rows)}\s*0\s*0") for name, rows in ROSTER.items()]
    )
    desk.press("确认导入")
    desk.follow(BRANCH)
    desk.says("赵䶮")
    desk.says("每月走访联系户一次")


def prepare_campaign(desk):
    """From the library; then whatever 「还缺什么」 names, by its own links."""
    desk.follow("评议活动", within="header")
    desk.follow("新建评议活动")
    desk.page.get_by_label("支部群众评议（组织、书记、党员）").check()
    desk.fill(title="2026年度党支部群众评议", period="2026年度", basis="某发〔2026〕1号")
    desk.press("创建")

    campaign = urlsplit(desk.page.url).path
    mended = {"基本情况": fill_days, "评议单位": choose_units}
    missing = desk.page.get_by_role("link", name="去填写")
    while missing.count():
        before = missing.count()
        missing.first.click()
        desk.arrived()
        mended[desk.page.locator("h1").inner_text()](desk)
        desk.open(campaign)
        assert missing.count() < before
    desk.says("不缺什么了")

    desk.follow(f"预览选票：{BRANCH}")
    expect(desk.page.locator(".phone h2")).to_have_count(4)  # the branch, its secretary, two members
    desk.follow("进入评议点")


def fill_days(desk):
    desk.fill(**{name: day.isoformat() for name, day in around_today().items()})
    desk.press("保存")


def choose_units(desk):
    desk.press("加选全部党支部")
    desk.press("保存评议单位")


def rehearse(desk, phone):
    """Try a ballot out on a phone; afterwards nothing of it is left."""
    desk.press("先演练一次")
    desk.follow("发演练票")
    desk.press("建立票批")
    desk.fill(count="2")
    slip = addresses(desk.download("制作并下载PDF"))[0]
    phone.open(slip)
    phone.says("这是试投")
    mark(phone, all_alike(phone, SATISFIED))
    phone.press("下一步")
    phone.press("确认提交")
    phone.says("已收到您的票")

    desk.follow("下载以后，回到评议点")
    desk.press("结束演练")
    desk.says("开启或演练时才能发票")
    forget(phone)
    phone.open(slip)
    phone.says("选票码不能用")


def open_campaign(desk):
    desk.follow("去开启评议")
    desk.says("全部固定，不能再改")
    desk.press("确认开启")
    desk.follow(BRANCH)


def make_slips(desk):
    """The addresses on one-time slips for party members, as a camera reads them."""
    desk.follow("发票")
    desk.page.get_by_label("参评人员类别").select_option("党员")
    desk.press("建立票批")
    desk.fill(count=str(SLIPS))
    note, button = desk.page.get_by_text("文件会自己下载"), desk.page.get_by_role("button", name="制作并下载PDF")
    expect(note).to_be_hidden()
    paths = addresses(desk.download("制作并下载PDF"))
    assert len(set(paths)) == SLIPS
    # The page stays behind the file: it says which way goes on, and makes no second lot by a second click.
    expect(note).to_be_visible()
    expect(button).to_be_disabled()
    return paths


def admit_to_screen(desk):
    """The address of the code that is on the wall for the others."""
    desk.follow("下载以后，回到评议点")
    desk.follow("再加一个票批")
    desk.page.get_by_label("参评人员类别").select_option("群众代表")
    desk.page.get_by_label("会场屏幕码").check()
    desk.press("建立票批")
    desk.fill(count=str(ADMITTED))
    desk.press("放行")
    desk.open(desk.page.get_by_role("link", name="打开大屏幕").get_attribute("href"))
    return on_the_wall(desk)


def on_the_wall(desk):
    """The address of the code that the wall shows now: it changes, and the wall may be fetching the next by itself."""
    try:
        desk.page.reload()
    except Error:
        desk.page.wait_for_load_state()
    code = desk.page.locator(".code").inner_text().replace("-", "")
    return f"/v/{code}/"


# --- the meeting -----------------------------------------------------------------------------------------------------


def hold_meeting(desk, phone, slips, screen):
    """Everybody votes; returns what was marked, one list of grades a ballot."""
    phone.open(slips[0])
    lines = phone.page.locator("fieldset").count()
    fairly = [FAIRLY] + [SATISFIED] * (lines - 1)
    sparing = [SATISFIED, UNMARKED, DISSATISFIED] + [SATISFIED] * (lines - 4) + [UNMARKED]
    content = [SATISFIED] * lines
    cast = [vote_and_repeat(phone, sparing)]
    desk.says("不足5票", within="footer")
    refuse_second_vote(phone, slips[0])
    for address, marks in ((slips[1], content), (slips[2], fairly), (screen, content)):
        cast.append(vote(phone, address, marks))
    cast.append(vote(phone, on_the_wall(desk), fairly))
    desk.page.reload()
    desk.says("5票以上", within="footer")
    cast.append(vote(phone, on_the_wall(desk), content))
    desk.page.reload()
    desk.says("5票以上", within="footer")  # six are in: steps, not counts
    return cast


def vote_and_repeat(phone, marks):
    """The first participant writes an opinion, is told what is unmarked, and sends the same ballot twice."""
    mark(phone, marks)
    phone.page.get_by_label("您对该党组织的工作有什么意见和建议").fill(OPINION)
    phone.press("下一步")
    expect(phone.page.get_by_role("alert")).to_contain_text(f"还有{marks.count(UNMARKED)}项没有选")
    expect(phone.page.locator(".unmarked")).to_have_count(marks.count(UNMARKED))
    with phone.page.expect_request("**/ballot/cast/") as submission:
        phone.press("确认提交")
    number = phone.page.locator(".receipt-number").inner_text()

    again = phone.page.request.post(
        submission.value.url, data=submission.value.post_data, headers={"content-type": FORM, "origin": phone.site}
    )
    assert again.ok and number in again.text()
    return marks


def refuse_second_vote(phone, used):
    """On another phone the used code is worth nothing."""
    forget(phone)
    phone.open(used)
    phone.says("选票码不能用")


def vote(phone, address, marks):
    forget(phone)
    phone.open(address)
    mark(phone, marks)
    phone.press("下一步")
    phone.press("确认提交")
    phone.says("已收到您的票")
    return marks


def forget(phone):
    """From now on it is somebody else's phone."""
    phone.page.context.clear_cookies()


def mark(phone, marks):
    for line, grade in enumerate(marks):
        if grade != UNMARKED:
            phone.page.locator("fieldset").nth(line).get_by_text(grade, exact=True).click()


def all_alike(phone, grade):
    return [grade] * phone.page.locator("fieldset").count()


# --- after the meeting -----------------------------------------------------------------------------------------------


def close_and_seal(desk, cast):
    """A number that cannot be is explained and changes nothing; the right ones close the poll."""
    desk.page.go_back()
    desk.follow("回到评议点")
    desk.follow("填写评议会情况")
    desk.fill(entitled_count="10", meeting_on="2026-11-20", place="三楼会议室", host="李建国")
    desk.press("保存")
    desk.follow("截止收票")
    issued = desk.page.get_by_label("发出")
    desk.page.get_by_label("实际参评人数").fill(str(len(cast)))
    issued.first.fill("2")
    desk.press("下一步：核对")
    desk.press("确认截止")
    desk.says("收回的测评票多于发出的测评票")
    issued.first.fill("4")
    desk.press("下一步：核对")
    desk.press("确认截止")
    totals = [4 + ADMITTED, len(cast), len(cast), 0, SLIPS + ADMITTED - len(cast)]
    expect(desk.page.locator(".reconciliation tfoot .number")).to_have_text(list(map(str, totals)))
    desk.follow("去封存")
    desk.press("确认封存")
    desk.follow("看结果")


def come_too_late(phone, screen):
    forget(phone)
    phone.open(screen)
    phone.says("现在不能投票")


def figures_of_workbook(desk):
    book = openpyxl.load_workbook(desk.download_for("归档", "结果表（Excel）"), data_only=True)
    lines = [row for row in book["评议结果"].iter_rows(min_row=5, values_only=True) if row[0]]
    return [figures_of_line(line, first=4) for line in lines]


def missing_from_count_sheet(desk, expected):
    """Lines that the printed count sheet does not give."""
    printed = text_of(desk.download("计票结果报告单（PDF）"))
    lines = ["".join(f"{number}{share}" for number, share in line) for line in expected]
    return [line for line in lines if line not in printed]


def write_summary(desk, expected):
    """The prose is the secretary's; the sentences with figures are not in a text box."""
    desk.follow("写小结")
    locked = desk.page.locator(".locked").all_inner_texts()
    assert "满意率" in "".join(locked) and OPINION not in "".join(locked)
    desk.fill(shortcomings="会前通知还不够早。")
    desk.press("保存")
    printed = text_of(desk.download("下载正式稿（PDF）"))
    assert "会前通知还不够早。" in printed
    assert [sentence for sentence in locked if plain(sentence) not in printed] == []
    assert f"{expected[0][0][1]}%" in printed


def roll_up(desk, expected):
    """The committee sees one of its two branches sealed, and of that one the same sums."""
    desk.back_to(f"{BRANCH}的评议结果")
    desk.says(OPINION)
    desk.back_to("汇总结果")
    desk.says("50.0%（1/2）")
    lines = figures_of_page(desk.page)
    assert lines[0] == expected[0]
