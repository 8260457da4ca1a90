"""书记双向述职 (S3)."""

from decimal import Decimal

import pytest

from campaigns.library import appraisals
from tests import factories

from ..figures import GRADES, rate, text_of
from ..library_walk import (
    BALLOTS,
    cast_all,
    choose,
    choose_unit,
    close_and_seal,
    count,
    hand_out,
    mend,
    missing,
    open_campaign,
)
from .deeds import DAY, path_of, sheet_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

# --- 书记双向述职 (S3) --------------------------------------------------------------------------------------------------
TOWN, QUESTIONS = "某镇党委", 3

# The secretaries as they stand on the ballot; the second one speaks first.
SPEAKERS = {"李建国": 2, "周明": 1}
VILLAGES = {"李建国": "甲村党支部", "周明": "乙村党支部"}

# The superiors of each with a grade for each question.
SUPERIORS = {
    "李建国": {"镇党委": "满意 基本满意 不满意", "县委组织部": "基本满意 满意 不满意"},
    "周明": {"镇党委": "满意 满意 基本满意"},
}


@pytest.fixture
def town(desk):
    """The secretary of a town, in whose two villages the secretaries report, logged in at a desk."""
    town = factories.make_organization(TOWN)
    for name, village in VILLAGES.items():
        factories.make_member(factories.make_organization(village, parent=town, kind="branch"), name, post="secretary")
    factories.make_user("secretary", kind="secretary", organization=town)
    desk.log_in("secretary")
    return desk


def test_secretaries_are_marked_from_below_and_above(town, phone):
    desk, form = town, appraisals()["secretary-both-ways"]
    choose(desk, form)
    campaign = path_of(desk)
    mend(desk, {"评议单位": lambda desk: choose_unit(desk, TOWN), f"{TOWN}：评议对象": add_secretaries})
    desk.follow(TOWN)
    publish_reports(desk)
    desk.open(campaign)
    open_campaign(desk, TOWN)
    slips = hand_out(desk, form.categories[:1])
    phone.open(slips[0])
    for name, village in VILLAGES.items():
        phone.says(f"{name}（{village}）")
        phone.press(f"先读报告：{name}述职报告")
        phone.says(f"{name}抓党建的情况")
        phone.follow("读完了，去评议")
    lines, cast = cast_all(phone, slips)
    mark_as_superior(desk)
    close_and_seal(desk, len(cast))

    results, by_name = path_of(desk), sides_by_name(lines, cast)
    desk.back_to(TOWN)
    desk.follow("上级评价")
    for name, sides in by_name.items():
        expected = [[figures_of([marks[line] for marks in side]) for side in sides] for line in range(QUESTIONS)]
        assert sides_on(desk, name) == expected
    shares = {name: [share_of(side) for side in sides] for name, sides in by_name.items()}
    desk.open(campaign)
    desk.follow("看汇总结果")
    desk.follow("书记评议排名")
    orders = []
    for place, by in enumerate(("党员群众测评", "上级评价", "合计（各计一票）")):
        desk.page.get_by_label("按什么排名").select_option(label=by)
        desk.press("排名")
        orders.append(desk.page.locator("tbody th").all_inner_texts())
        assert orders[-1] == sorted(SPEAKERS, key=lambda name: -shares[name][place])
    assert orders[0] != orders[1]
    assert ranked_in(desk.download("排名（Excel）")) == shares
    printed = text_of(desk.download("排名（PDF）"))
    for name, (ballots, superiors, together) in shares.items():
        assert f"{VILLAGES[name]}{name}{ballots}%{QUESTIONS * BALLOTS}{superiors}%{together}%" in printed
    desk.open(results)
    summary = desk.download("小结（PDF）")
    assert "评议前印发述职报告2份，其中2份在会上报告。" in text_of(summary)
    assert missing(count(lines, cast, own=False), summary) == []


def add_secretaries(desk):
    """The secretaries of the villages, who stand on the town's ballot."""
    for name in SPEAKERS:
        people = desk.page.locator("[name=new-member]")
        desk.page.locator("[name=new-questionnaire]").select_option(index=1)
        people.select_option(label=next(label for label in people.locator("option").all_inner_texts() if name in label))
        desk.page.get_by_role("button", name="增加", exact=True).click()
        desk.arrived()


def publish_reports(desk):
    """A report of each, to be read before the ballot is marked; they are listed as they are spoken."""
    desk.follow("报告和文稿")
    for name, order in SPEAKERS.items():
        desk.follow("登记一份报告")
        desk.fill(title=f"{name}述职报告", speaking_order=str(order))
        desk.press("保存")
        desk.follow(f"登记文稿：{name}述职报告")
        desk.fill(dated_on=DAY, text=f"{name}抓党建的情况\n第二段")
        desk.press("保存")
    listed = desk.page.locator("main section h2").all_inner_texts()
    assert listed == [f"{name}述职报告" for name in sorted(SPEAKERS, key=SPEAKERS.get)]


def mark_as_superior(desk):
    """Each superior's marks, while ballots still come in."""
    desk.follow("上级评价")
    for name, given in SUPERIORS.items():
        for superior, grades in given.items():
            desk.follow(f"登记上级评价：{name}")
            desk.fill(marked_by=superior, marked_on=DAY)
            for place, grade in enumerate(grades.split()):
                desk.page.get_by_role("group").nth(place).get_by_label(grade, exact=True).check()
            desk.press("登记")
            desk.says(f"{superior}对{name}的评价已经登记。")
    desk.back_to(TOWN)


def sides_by_name(lines, cast):
    """The marks of the ballots about each secretary, those of the superiors, and both together."""
    sides = {}
    for name, given in SUPERIORS.items():
        places = [place for place, line in enumerate(lines) if line.name.startswith(name)]
        below = [[marks[place] for place in places] for marks in cast]
        above = [[GRADES.index(grade) for grade in grades.split()] for grades in given.values()]
        sides[name] = (below, above, below + above)
    return sides


def figures_of(marks):
    """Counts of the grades and of blanks with their rates, and how many marks these are."""
    counts = [marks.count(grade) for grade in (*range(len(GRADES)), None)]
    return [*(f"{number}（{rate(number, len(marks))}%）" for number in counts), str(len(marks))]


def share_of(side):
    """The share of 满意 in all lines together, in per cent."""
    marks = [mark for marks in side for mark in marks]
    return Decimal(rate(marks.count(0), len(marks)))


def sides_on(desk, name):
    """The rows of each line: the ballots, the superiors, and both together."""
    tables = (
        desk.page.locator("section")
        .filter(has=desk.page.get_by_role("heading", name=name, exact=True))
        .locator("table")
    )
    return [[row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()] for table in tables.all()]


def ranked_in(workbook):
    """The three rates of each secretary."""
    lines = {line[2]: (line[3], line[5], line[7]) for line in sheet_of(workbook, "书记评议排名") if line[2] in SPEAKERS}
    return {name: [round(Decimal(str(share)) * 100, 1) for share in shares] for name, shares in lines.items()}
