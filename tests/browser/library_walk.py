"""The walk of a secretary from the choice of a form in the library to its downloaded files, step by step.

Marks are counted here anew, and figures read from the page, the 小结 and the workbook.
"""

import os
import re
from collections import Counter
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

import openpyxl

from ballots.voting import casting, codes
from tests import factories

from .figures import addresses, rate, text_of

ROOT, BRANCH = "某局党委", "第一党支部"
BALLOTS = 6
POST = r"（(书记|副书记|班子成员|领导干部)）$"


CHOSEN_OR_NOT = ["勾选", "未勾选"]


class Line(NamedTuple):
    """A line of the ballot with the grades to choose from."""

    name: str
    labels: list[str]
    is_option: bool = False


def make_branch():
    """A branch with a roster, and its secretary's account."""
    branch = factories.make_organization(BRANCH, parent=factories.make_organization(ROOT), kind="branch")
    posts = {"李建国": "secretary", "王芳": "deputy", "周明": "cadre", "吴敏": "member"}
    for name, post in posts.items():
        factories.make_member(branch, name, post=post)
    factories.make_member(branch, "郑洁", status="probationary")
    factories.make_commitment(branch, "每月走访联系户一次")
    factories.make_user("secretary", kind="secretary", organization=branch)
    return branch


# --- before the meeting ----------------------------------------------------------------------------------------------


def choose(desk, form):
    desk.open("/campaigns/add/")
    desk.page.get_by_label(form.title, exact=True).check()
    desk.fill(title=f"2026年度{form.title}", period="2026年度", basis="某发〔2026〕1号")
    desk.fill(**{name: day.isoformat() for name, day in factories.around_today().items()})
    desk.press("创建")


def prepare(desk):
    """Fill in all that 「还缺什么」 names, by its own links."""
    mended = {"评议单位": choose_unit, f"{BRANCH}：评议对象": add_options, "考核指标表": take_ready_made_scheme}
    mend(desk, mended)


def mend(desk, mended):
    """Follow the links of 「还缺什么」 until nothing is missing; `mended` are the deeds by the heading of their page."""
    campaign = urlsplit(desk.page.url).path
    lacking = desk.page.get_by_role("link", name="去填写")
    before = []
    while lacks := desk.page.locator("li:has(a:text('去填写'))").all_inner_texts():
        assert lacks != before
        before = lacks
        lacking.first.click()
        desk.arrived()
        mended[desk.page.locator("h1").inner_text()](desk)
        desk.open(campaign)
    desk.says("不缺什么了")


def take_step(desk, label):
    desk.page.locator("nav[aria-label=筹备步骤] a").filter(has_text=label).click()
    desk.arrived()


def choose_unit(desk, unit=BRANCH):
    desk.page.get_by_label(unit, exact=True).check()
    desk.press("保存评议单位")


def take_ready_made_scheme(desk):
    desk.press("保存")
    desk.says("考核指标表已经保存。")


def add_options(desk):
    """Of each list to choose from."""
    for title in desk.page.locator("[name=new-questionnaire] option:not([value=''])").all_inner_texts():
        for option in ("修好楼前的路", "装好路灯", "办起食堂", "窗口下班太早"):
            desk.page.select_option("[name=new-questionnaire]", label=title)
            desk.page.locator("[name=new-name]").fill(option)
            desk.page.get_by_role("button", name="增加", exact=True).click()
            desk.arrived()


def open_campaign(desk, unit=BRANCH):
    desk.follow("核对并开启")
    desk.press("确认开启")
    desk.follow(unit)


# --- the meeting -----------------------------------------------------------------------------------------------------


def hold_meeting(desk, phone, form):
    """The ballot's lines as the phone shows them, each with its labels, and the marks of each ballot, line by line."""
    categories = form.categories if form.weights else form.categories[:1]
    slips = hand_out(desk, categories)
    phone.open(slips[0])
    return cast_all(phone, slips, own=form.rules.is_self_excluded)


def hand_out(desk, categories):
    """The slips of all categories."""
    return [slip for category in categories for slip in make_slips(desk, category, BALLOTS)]


def cast_all(phone, slips, *, own=False):
    """Cast the first ballot on the phone that shows it, and the others as phones do."""
    lines = lines_of(phone)
    cast = [marks_of(lines, place, own=own) for place in range(len(slips))]
    vote(phone, lines, cast[0])
    for slip, marks in zip(slips[1:], cast[1:], strict=True):
        casting.cast(ticket=codes.exchange(slip.strip("/").split("/")[-1]), key=slip, marks=written(marks))
    return lines, cast


def make_slips(desk, category, number):
    first = desk.page.get_by_role("link", name="发票", exact=True)
    desk.follow("发票" if first.count() else "再加一个票批")
    desk.page.get_by_label("参评人员类别").select_option(category)
    desk.press("建立票批")
    desk.fill(count=str(number))
    slips = addresses(desk.download("制作并下载PDF"))
    desk.follow("下载以后，回到评议点")
    return slips


def lines_of(phone):
    """The lines of the ballot as the phone shows them."""
    rows = phone.page.evaluate(
        """() => [...document.querySelectorAll("section.ballot-section fieldset")].flatMap(part => {
            const words = element => element.innerText.trim()
            const head = part.closest("section").querySelector("h2")
            const named = words(head).slice(head.querySelector("small")?.innerText.length ?? 0)
            const target = named.replace(/已选\\d+\\/\\d+$/, "").trim()
            const labels = [...part.querySelectorAll("label")].map(words)
            if (part.querySelector("[type=checkbox]")) return labels.map(option => [option, "", []])
            return [[target, words(part.querySelector("legend")), labels]]
        })"""
    )
    return [
        Line(f"{re.sub(POST, '', target)}：{indicator}", labels)
        if labels
        else Line(target, CHOSEN_OR_NOT, is_option=True)
        for target, indicator, labels in rows
    ]


def marks_of(lines, place, *, own):
    """The marks of one ballot: the place of each line's grade from 0, None where it is left blank.

    The first ballot is the phone's, which marks a few lines. Of a list of four the others choose two, and the second ballot
    none. Where members leave themselves out, each of the first ballots is that of a member.
    """
    marks = []
    for number, line in enumerate(lines):
        labels = line.labels
        if line.is_option:
            marks.append((number + number // 4 + place // 3) % 4 >= 2 if place != 1 else None)
        elif not place and 2 <= number < len(lines) - 1:
            marks.append(None)
        elif own:
            marks.append(None if number == place else (number * place + place) % len(labels))
        else:
            marks.append(
                [0, *range(len(labels)), None, number % len(labels), 0][(number + 1) * place % (len(labels) + 4)]
            )
    return marks


def vote(phone, lines, marks):
    """Touch the grades as somebody does, one line after the other."""
    place = 0
    for fieldset in phone.page.locator("section.ballot-section fieldset").all():
        if options := fieldset.locator("[type=checkbox]").count():
            for option in range(options):
                if marks[place + option] == 0:
                    fieldset.locator("label").nth(option).click()
            place += options
            continue
        if marks[place] is not None:
            fieldset.locator("label").nth(marks[place]).click()
        place += 1
    if (boxes := phone.page.locator("textarea")).count():
        boxes.first.fill("公开栏每月一换")
    phone.press("下一步")
    phone.press("确认提交")
    phone.says("已收到您的票")


def written(marks):
    """A ballot as it is kept."""
    return "".join("-" if mark is None else str(int(mark) + 1) for mark in marks)


# --- after the meeting -----------------------------------------------------------------------------------------------


def close_and_seal(desk, returned):
    desk.follow("填写评议会情况")
    desk.fill(
        entitled_count="20",
        meeting_on=factories.around_today()["starts_on"].isoformat(),
        place="三楼会议室",
        host="李建国",
    )
    desk.press("保存")
    desk.follow("截止收票")
    # Each category's slips were all handed out.
    for issued in desk.page.get_by_label("发出").all():
        issued.fill(str(BALLOTS))
    desk.page.get_by_label("实际参评人数").fill(str(returned))
    desk.press("下一步：核对")
    desk.press("确认截止")
    desk.follow("去封存")
    desk.press("确认封存")
    desk.follow("看结果")


def count(lines, cast, *, own):
    """For each line its name and the (count, rate) of every grade and of blanks; nobody's own blank is one of them."""
    counted = []
    for line, marks in zip(lines, zip(*cast, strict=True), strict=True):
        counts = Counter(marks)
        counts[None] -= own
        shown = [counts[place] for place in [*range(len(line.labels)), None]]
        counted.append((line.name, tuple((number, rate(number, sum(shown))) for number in shown)))
    return counted


def figures_of_page(desk):
    """How often each row of figures with a bar is there."""
    rows = desk.page.evaluate(
        """() => [...document.querySelectorAll("main table.results:not(.rates) tbody tr:not(.group):has(svg.stack)")].map(row =>
            [...row.querySelectorAll("td:has(.count)")].map(cell => ["count", "share"].map(part =>
                cell.querySelector("." + part).textContent.trim().replace("%", ""))))"""
    )
    return Counter(tuple((int(number), share) for number, share in row) for row in rows)


def figures_of_workbook(desk, key):
    """How often each named row of figures is in the workbook that is downloaded."""
    return figures_in_workbook(keep(desk.download("结果表（Excel）"), f"{key}.xlsx"))


def figures_in_workbook(file):
    """How often each named row of figures is there."""
    book = openpyxl.load_workbook(file, data_only=True)
    printed = Counter()
    pairs = 0
    for unit, _, target, indicator, *figures in book["评议结果"].iter_rows(min_row=3, values_only=True):
        if target == "评议对象":
            pairs = figures.index("分母：有效票") // 2 - 1
        elif unit == BRANCH:
            shares = zip(figures[: 2 * pairs : 2], figures[1 : 2 * pairs : 2], strict=True)
            name = target if indicator.startswith("第") and "名" in indicator else f"{target}：{indicator}"
            printed[name, tuple((number, f"{Decimal(str(share)) * 100:.1f}") for number, share in shares)] += 1
    return printed


def missing(expected, pdf):
    """The rows of figures that the PDF gives less often than it must."""
    printed = text_of(pdf)
    wanted = Counter("".join(f"{number}{share}" for number, share in figures) for _, figures in expected)
    return [figures for figures, times in wanted.items() if printed.count(figures) < times]


def shot(desk, name):
    if folder := os.environ.get("SHOTS"):
        for width in (390, 1366):
            desk.page.set_viewport_size({"width": width, "height": 800})
            desk.page.wait_for_load_state()
            desk.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def keep(file, name):
    if folder := os.environ.get("SHOTS"):
        with open(f"{folder}/{name}", "wb") as kept:
            kept.write(file.getvalue())
    return file
