"""Deeds that only some forms of the library have, from the choice of the form in the library to the downloaded files.

Everything is done by clicks, and each page that is reached is looked at by axe. Scores and counts are reckoned here anew from
what was typed and marked, and compared with the page, the 小结 and the workbook. These are long walks, for `make test-long`:
in `make test` the rooms are walked one by one, in test_scoring.py, test_grading.py, test_documents.py and
test_secretaries.py, and each form's figures are counted in tests/reports/test_library_forms.py.
"""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

import docx
import openpyxl
import pytest
from PIL import Image

from campaigns.library import appraisals
from tests import factories

from .figures import GRADES, rate, text_of, text_of_word
from .library_walk import (
    BALLOTS,
    BRANCH,
    cast_all,
    choose,
    choose_unit,
    close_and_seal,
    count,
    figures_of_page,
    figures_of_workbook,
    hand_out,
    make_branch,
    mend,
    missing,
    open_campaign,
    prepare,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

START = factories.around_today()["starts_on"]
DAY = START.isoformat()


@pytest.fixture
def secretary(desk):
    """The secretary of a branch with a roster, logged in at a desk."""
    make_branch()
    desk.log_in("secretary")
    return desk


def day_after(days):
    """A day of the campaign, as a page's field takes it."""
    return (START + timedelta(days=days)).isoformat()


def path_of(visitor):
    return urlsplit(visitor.page.url).path


def sheet_of(workbook, name):
    """The rows of a workbook's sheet."""
    return list(openpyxl.load_workbook(workbook, data_only=True)[name].iter_rows(values_only=True))


# --- 千分制考核 with 满意度 (S0-2a) ---------------------------------------------------------------------------------

SCHEME = {"组织建设": 300, "兑现公开承诺": 200, "为民办实事": 300, "队伍建设": 200}
WEIGHTS = {"上级考核组": 60, "群众代表": 40}
# The sheets of each group in the order of the scheme: not as many of the one as of the other.
SHEETS = {
    "上级考核组": ["290 190 280 180", "285 200 290 175", "300 170 265 190", "270 185 300 200", "295 160 255 150"],
    "群众代表": [
        "250 200 300 199",
        "240 150 290 160",
        "300 100 280 200",
        "260 170 275 155",
        "0 199 300 140",
        "210 130 299 180",
    ],
}
SCORE_WEIGHT, SATISFACTION_WEIGHT, TOTAL = 70, 30, 1000
ADJUSTMENTS = {"获市级表彰": "7.5", "被通报批评1次": "-2.25"}


def test_a_score_by_points_joins_with_the_satisfaction(secretary, phone, tmp_path):
    desk, form = secretary, appraisals()["thousand-points"]
    choose(desk, form)
    keep_scheme(desk)
    desk.back_to(f"2026年度{form.title}")
    prepare(desk)
    open_campaign(desk)
    poll = path_of(desk)
    key_sheets(desk)
    evidence = adjust(desk, tmp_path)
    desk.open(poll)
    slips = hand_out(desk, form.categories[:1])
    phone.open(slips[0])
    _, cast = cast_all(phone, slips)
    close_and_seal(desk, len(cast))

    figures = score_anew([marks for (marks,) in cast])
    rated, adjusted, score, satisfaction, base, whole = figures
    told = f"{BRANCH}考核得分{score}分，满意率{satisfaction}%，综合得分{whole}分。"
    assert told in text_of(desk.download("小结（PDF）"))
    assert told in text_of_word(desk.download("小结（Word）"))
    assert score_in(desk.download("与小结数字相同的工作簿（Excel）")) == figures
    desk.follow("考核得分")
    assert desk.page.locator(".figures b").all_inner_texts() == [whole, score, rated, adjusted, f"{satisfaction}%"]
    desk.says(f"分母{base}")
    assert desk.download("“获市级表彰”的附件").getvalue() == evidence
    desk.back_to("考核打分")
    desk.follow("考核结果和排名")
    ranking = desk.download("考核结果（Excel）")
    assert score_in(ranking) == figures
    assert means_in(ranking) == means_anew()


def keep_scheme(desk):
    """Write the scheme over the ready-made one, and then change how the score joins with the satisfaction."""
    desk.follow("考核打分")
    desk.follow("建立考核指标表")
    lines, raters = [("党的建设", text, str(points)) for text, points in SCHEME.items()], [*WEIGHTS.items()]
    for place, line in enumerate(lines + [("", "", "")] * 3):
        desk.fill(
            **{f"line-{place}-{name}": text for name, text in zip(("group", "text", "maximum"), line, strict=True)}
        )
    for place, (name, weight) in enumerate([raters[0], (raters[1][0], raters[1][1] - 5), ("", "")]):
        desk.fill(**{f"rater-{place}-name": name, f"rater-{place}-weight": str(weight)})
    desk.press("保存")
    desk.says("各考核组权重之和为95%，应为100%。")
    desk.fill(**{"rater-1-weight": str(raters[1][1])})
    desk.press("保存")
    desk.follow("修改考核指标表")
    desk.fill(score_weight=str(SCORE_WEIGHT), satisfaction_weight=str(SATISFACTION_WEIGHT))
    desk.press("保存")
    desk.says(f"综合得分（满分100分）＝考核得分÷{TOTAL}×{SCORE_WEIGHT}＋满意率×{SATISFACTION_WEIGHT}")


def key_sheets(desk):
    """Each sheet on its own page: what cannot be on it is refused, a group that was keyed wrongly is keyed again."""
    desk.follow("考核打分表：录入和份数")
    (wrong, *_), (group, *_) = SHEETS.values(), WEIGHTS
    desk.follow(f"录入{group}的打分表")
    key_sheet(desk, wrong[0].replace("290", "301"))
    desk.says("“组织建设”应填0至300的整数，您填的是“301”。")
    key_sheet(desk, wrong[0], total="941")
    desk.says("各项之和为940分，与填的合计“941”不符，请核对。")
    key_sheet(desk, wrong[1], total="950")
    desk.follow("录完了，返回")
    desk.page.get_by_text("清空重录").click()
    desk.press(f"清空这1份：{group}")
    for group, sheets in SHEETS.items():
        desk.follow(f"录入{group}的打分表")
        for place, sheet in enumerate(sheets):
            desk.says(f"下面录第{place + 1}份")
            key_sheet(desk, sheet)
        desk.follow("录完了，返回")
    desk.follow("全部录完，核对份数")
    counts = desk.page.locator("[name^=count-]")
    for short in (1, 0):
        for place, sheets in enumerate(SHEETS.values()):
            counts.nth(place).fill(str(len(sheets) - short))
        desk.press("份数一致，录入完毕")
        desk.says("清点4份，录入了5份，请核对。" if short else "打分表已经录入完毕")
    desk.says("已经录入了打分表，考核指标、考核组和权重不能再改。")


def key_sheet(desk, sheet, *, total=""):
    for place, mark in enumerate(sheet.split()):
        desk.page.locator("td.mark input").nth(place).fill(mark)
    desk.fill(sheet_total=total)
    desk.press("保存，录下一份")


def adjust(desk, folder):
    """Record a bonus with its evidence, a deduction, and one that is withdrawn; returns the bytes of the evidence."""
    Image.new("RGB", (40, 30), "red").save(folder / "表彰决定.png")
    desk.follow(f"{BRANCH}的加分和扣分")
    for reason, points in {**ADJUSTMENTS, "登记错的": "50"}.items():
        desk.follow("登记加分、扣分")
        desk.fill(points=points, reason=reason, evidence="某市发〔2026〕3号")
        if reason == "获市级表彰":
            desk.page.set_input_files("[name=file]", folder / "表彰决定.png")
        desk.press("登记")
    desk.follow("撤销“登记错的”")
    desk.fill(reason="是别的支部的")
    desk.press("撤销")
    desk.says("撤销：是别的支部的")
    return (folder / "表彰决定.png").read_bytes()


def score_anew(marks):
    """The raters' points, bonus and deductions, the score, the satisfaction and its base, and the two together."""
    means = [mean * weight / 100 for group, weight in WEIGHTS.items() for mean in exact_means(SHEETS[group])]
    rated, adjusted = sum(means), sum(map(Decimal, ADJUSTMENTS.values()))
    share = Decimal(marks.count(0)) / len(marks)
    whole = (rated + adjusted) / TOTAL * SCORE_WEIGHT + share * SATISFACTION_WEIGHT
    return [
        hundredths(rated),
        f"+{adjusted}",
        hundredths(rated + adjusted),
        rate(marks.count(0), len(marks)),
        str(len(marks)),
        hundredths(whole),
    ]


def exact_means(sheets):
    return [
        Decimal(sum(column)) / len(sheets)
        for column in zip(*(map(int, sheet.split()) for sheet in sheets), strict=True)
    ]


def hundredths(number):
    return str(Decimal(str(number)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def score_in(workbook):
    """The same of the branch's line."""
    (line,) = [line for line in sheet_of(workbook, "考核结果") if line[1] == BRANCH]
    rated, adjusted, score, share, base, whole = line[2:8]
    return [
        hundredths(rated),
        adjusted,
        hundredths(score),
        f"{Decimal(str(share)) * 100:.1f}",
        str(base),
        hundredths(whole),
    ]


def means_anew():
    """By group and indicator."""
    return {
        (group, text): hundredths(mean)
        for group, sheets in SHEETS.items()
        for text, mean in zip(SCHEME, exact_means(sheets), strict=True)
    }


def means_in(workbook):
    lines = [line for line in sheet_of(workbook, "各指标平均分") if line[0] == BRANCH and line[1] in WEIGHTS]
    return {(group, text): hundredths(mean) for _, group, _, _, text, _, mean in lines}


# --- 民主评议党员: the votes, and what the meeting decides (S0-5, S1, S2) ---------------------------------------------

GRADED, PROBATIONARY = ("李建国", "王芳", "周明", "吴敏"), "郑洁"
LABELS = ("优秀", "合格", "基本合格", "不合格")
OWN_WORDS, COMMENT = "一年来带头值夜班，理论学习还不够", "群众基础好，要多带年轻同志"
# Of the four 王芳 has most votes for 优秀 as decided; 周明 and 吴敏 are decided otherwise than the votes.
DECIDED = dict(zip(GRADED, ("合格", "优秀", "优秀", "合格"), strict=True))
REASONS = {"周明": "抗洪抢险立功", "吴敏": "脱产学习半年"}


def test_a_meeting_decides_the_grades_of_members_beside_the_votes(secretary, phone):
    desk, form = secretary, appraisals()["members-yearly"]
    choose(desk, form)
    prepare(desk)
    open_campaign(desk)
    poll = path_of(desk)
    write_of_oneself(desk, phone, "吴敏")
    desk.open(poll)
    slips = hand_out(desk, form.categories)
    phone.open(slips[0])
    lines, cast = cast_all(phone, slips, own=True)
    close_and_seal(desk, len(cast))
    results = path_of(desk)
    comment_on(desk, "吴敏")
    desk.open(results)

    votes = {line.name.partition("：")[0]: marks for line, marks in zip(lines, zip(*cast, strict=True), strict=True)}
    desk.follow("登记评定的等次")
    decide(desk, DECIDED)
    for name in REASONS:
        most = "、".join(most_voted(votes[name]))
        desk.says(f"{name}得票最多的是“{most}”，评定为“{DECIDED[name]}”请写明理由。")
    assert [name for name in GRADED if DECIDED[name] not in most_voted(votes[name])] == list(REASONS)
    decide(desk, DECIDED, REASONS)
    over = "优秀2名，超过上限1名（党员总数5名的三分之一）。"
    desk.says(f"{over}确需超过的，请填写理由。")
    desk.fill(excellent_reason="两名同志立功受奖")
    desk.press("登记")

    sentence = "应参加评议党员5名，实际参加5名，优秀2名，合格2名。"
    desk.says(sentence)
    assert_registered(text_of(desk.download("吴敏的登记表（PDF）")), votes["吴敏"])
    assert "不评定等次" in text_of(desk.download(f"{PROBATIONARY}的登记表（PDF）"))
    desk.open(results)
    summary = text_of(desk.download("小结（PDF）"))
    assert f"预备党员{PROBATIONARY}参加评议，不评定等次。{sentence}{over}理由：两名同志立功受奖。" in summary
    assert "党员评定等次应参加实际参加优秀合格基本合格不合格不评定等次5522001" in summary
    people = sheet_of(desk.download("与小结数字相同的工作簿（Excel）"), "党员汇总")
    grades = {line[1]: line[-2:] for line in people if line[1] in (*GRADED, PROBATIONARY)}
    assert grades == {
        **{name: (label, f"评定理由：{REASONS[name]}" if name in REASONS else "") for name, label in DECIDED.items()},
        PROBATIONARY: ("不评定等次", "参加评议"),
    }


def write_of_oneself(desk, phone, name):
    """A member writes with their own link on a phone."""
    desk.follow("党员自评")
    desk.press(f"生成链接：{name}")
    desk.says(f"{name}的链接只显示这一次")
    phone.open(urlsplit(desk.page.locator("[role=status]").inner_text().split("：")[-1]).path)
    phone.fill(text=OWN_WORDS)
    phone.press("提交自评")
    desk.page.reload()
    desk.says("本人提交")


def comment_on(desk, name):
    """Record the secretary's words about a member."""
    desk.follow("领导点评")
    desk.follow("登记点评")
    desk.follow(f"点评党员：{BRANCH}")
    desk.follow(name)
    desk.fill(leader="李建国", leader_post="党支部书记", commented_on=DAY, content=COMMENT)
    desk.press("保存")


def decide(desk, grades, reasons=()):
    """Fill in and send what the meeting decided."""
    desk.fill(held_on=DAY, host="李建国", present_count="4")
    for name, label in grades.items():
        desk.page.get_by_label(f"{name}的评定等次").select_option(label=label)
        if name in reasons:
            desk.page.get_by_label(f"{name}的理由").fill(reasons[name])
    desk.press("登记")


def most_voted(marks):
    counts = Counter(mark for mark in marks if mark is not None)
    return [label for place, label in enumerate(LABELS) if counts[place] == max(counts.values())]


def divided(marks, *, own=0):
    """The votes in words; the blank that a member left beside their own name is no vote of anybody."""
    counts = Counter(marks)
    counts[None] -= own
    base = sum(counts.values())
    given = [
        f"{label}{counts[place]}份，占{rate(counts[place], base)}%" if counts[place] else f"无{label}票"
        for place, label in enumerate(LABELS)
    ]
    blank = [f"弃权{counts[None]}份"] if counts[None] else []
    return "；".join(given + blank)


def assert_registered(printed, marks):
    """The page of a member has what each step gave."""
    for words in (
        OWN_WORDS,
        f"党员互评有效票{BALLOTS}张，其中{divided(marks[:BALLOTS])}。",
        f"群众评议（群众代表）有效票{BALLOTS}张，其中{divided(marks[BALLOTS:])}。",
        f"合计有效票{len(marks)}张（本人的空白票1张不计，分组时无法区分，仍列在内），其中{divided(marks, own=1)}。",
        f"{COMMENT}（李建国党支部书记，",
        "合格",
        "会议评定，主持人李建国，到会党员4名。理由：脱产学习半年",
    ):
        assert words in printed


# --- 五步评议工作法 (S2) -----------------------------------------------------------------------------------------------


def test_each_of_the_five_steps_is_marked_and_the_work_report_is_filed(secretary, tmp_path, phone):
    desk, form = secretary, appraisals()["members-five-steps"]
    choose(desk, form)
    prepare(desk)
    set_days(desk)
    open_campaign(desk)
    poll = path_of(desk)
    assert steps_on(desk) == [
        ("done", ""),
        ("current", "0/5名已交自评"),
        ("current", "评议点评议中，支部工作报告未交"),
        ("done", ""),
        ("current", "尚未评定"),
    ]
    desk.follow("党员自评")
    for name in (*GRADED, PROBATIONARY):
        desk.follow(f"代为录入：{name}")
        desk.fill(text=f"{name}的书面自评")
        desk.press("保存")
    desk.open(poll)
    report = hand_in_report(desk, tmp_path)
    desk.back_to(BRANCH)
    assert steps_on(desk)[1] == ("done", "5/5名已交自评")
    slips = hand_out(desk, form.categories[:1])
    phone.open(slips[0])
    _, cast = cast_all(phone, slips, own=True)
    close_and_seal(desk, len(cast))
    results = path_of(desk)
    desk.follow("登记评定的等次")
    decide(desk, dict(zip(GRADED, ("合格", "优秀", "不合格", "合格"), strict=True)), {"吴敏": REASONS["吴敏"]})
    desk.press("转入整改台账")
    desk.says("周明")

    desk.open(poll)
    steps = steps_on(desk)
    assert [place for place, _ in steps] == ["done"] * len(steps)
    handed_in = re.fullmatch(r"评议点已封存，支部工作报告(\d+年\d+月\d+日)已交", steps[2][1])[1]
    desk.follow("支部工作报告")
    assert desk.download("下载（Word文档）支部工作报告").getvalue() == report
    desk.open(results)
    summary = text_of(desk.download("小结（PDF）"))
    assert f"形成了支部工作报告（{handed_in}提交）。" in summary
    assert "应参加评议党员5名，实际参加5名，优秀1名，合格2名，不合格1名。" in summary
    assert "共梳理发现问题1个" in summary


def set_days(desk):
    """Of each step: the first and the fourth are over, the others go on."""
    desk.follow("评议步骤和日期")
    for place, (first, last) in enumerate([(0, 2), (3, 40), (5, 40), (20, 21), (22, 40)]):
        days = {f"form-{place}-starts_on": day_after(first), f"form-{place}-ends_on": day_after(last)}
        desk.fill(**days)
    desk.press("保存")
    desk.says("各步的日期已经保存。")


def steps_on(desk):
    """How far each step has come, and what is told about it."""
    steps = desk.page.evaluate(
        """() => [...document.querySelectorAll("[aria-label=评议步骤的进展] li")].map(step =>
            [step.className.split("-").at(-1), step.querySelectorAll("small")[1]?.textContent ?? ""])"""
    )
    return [(place, note) for place, note in steps]


def hand_in_report(desk, folder):
    """The branch's work report is filed; returns its bytes."""
    paper = docx.Document()
    paper.add_paragraph("第一党支部半年工作报告")
    paper.save(folder / "工作报告.docx")
    desk.follow("支部工作报告")
    desk.page.set_input_files("[name=file]", folder / "工作报告.docx")
    desk.press("上传")
    desk.says("下载")
    return (folder / "工作报告.docx").read_bytes()


# --- 分析检查报告 in its drafts (S0-1) -----------------------------------------------------------------------------------

REPORT = "领导班子分析检查报告"


class Asked(NamedTuple):
    """A draft: days after the beginning, to whom it went in which words, and what was said on it by kind."""

    days: int
    sent_to: str
    words: str
    opinions: dict[str, list[str]]


DRAFTS = {
    "征求意见稿": Asked(
        0,
        "党组成员、机关各科室",
        "《{report}》（征求意见稿）{approved}，印发至{to}征求意见。",
        {"修改意见": ["写明时限", "分清主次", "删去第三段"], "其他意见": ["抓落实", "多下基层"]},
    ),
    "讨论稿": Asked(7, "党组扩大会", "修改形成讨论稿，{approved}，提交{to}讨论。", {"修改意见": ["措施要具体"]}),
    "评议稿": Asked(14, "每位参评人员", "修改形成评议稿，{approved}，印发至{to}，供参评人员评议。", {}),
}
ADOPTED = {"写明时限": "讨论稿", "分清主次": "讨论稿", "抓落实": "评议稿", "措施要具体": "评议稿"}
REJECTED, LATER = "删去第三段", "多下基层"


def test_a_report_goes_through_its_drafts_and_the_summary_tells_the_way(secretary, phone):
    desk, form = secretary, appraisals()["report-draft"]
    choose(desk, form)
    campaign = path_of(desk)
    prepare(desk)
    desk.follow(BRANCH)
    desk.follow("报告和文稿")
    documents = path_of(desk)
    register_report(desk, documents, campaign)
    desk.open(campaign)
    open_campaign(desk)
    slips = hand_out(desk, form.categories[:1])
    phone.open(slips[0])
    phone.press(f"先读报告：{REPORT}")
    phone.says("评议稿的正文")
    phone.follow("读完了，去评议")
    lines, cast = cast_all(phone, slips)
    close_and_seal(desk, len(cast))

    results, expected = path_of(desk), count(lines, cast, own=False)
    assert len(lines) == 6 and figures_of_page(desk) == Counter(figures for _, figures in expected)
    assert figures_of_workbook(desk, form.key) == Counter(expected)
    undecided = "【待填：对征求意见稿的意见还有1条没有写明是否采纳】"
    desk.follow("小结（PDF）")
    desk.says("补齐后才能导出正式稿，草稿在“写小结”里下载。")
    desk.follow("写小结")
    assert way_in_words(ADOPTED, after_first=undecided) in text_of(desk.download("下载草稿（PDF）"))
    desk.open(documents)
    desk.follow(f"征求到的意见：{REPORT}")
    adopt(desk, LATER, "讨论稿")
    desk.open(results)
    summary = desk.download("小结（PDF）")
    assert missing(expected, summary) == []
    assert way_in_words({*ADOPTED, LATER}) in text_of(summary)


def register_report(desk, documents, campaign):
    """Each draft with the opinions on it, and which later draft took them in."""
    desk.follow("登记一份报告")
    desk.fill(title=REPORT)
    desk.press("保存")
    for stage, asked in DRAFTS.items():
        desk.open(documents)
        desk.follow(f"登记文稿：{REPORT}")
        desk.page.select_option("[name=stage]", label=stage)
        facts = {"dated_on": day_after(asked.days), "sent_to": asked.sent_to, "approved_by": "指导检查组"}
        desk.fill(**facts, text=f"{stage}的正文")
        desk.press("保存")
        desk.follow(f"征求到的意见：{REPORT}")
        for kind, texts in asked.opinions.items():
            desk.page.get_by_label(kind, exact=True).check()
            desk.fill(given_by="机关各科室", received_on=day_after(asked.days + 2), opinions="\n".join(texts))
            desk.press("登记")
        if stage == "讨论稿":
            desk.open(campaign)
            desk.says("最后一稿是讨论稿，还没有评议稿")
    for text, stage in ADOPTED.items():
        adopt(desk, text, stage)
    desk.follow(f"写明是否采纳：{REJECTED}")
    desk.page.get_by_label("不采纳", exact=True).check()
    desk.press("保存")
    desk.says("不采纳的，请写明理由。")
    desk.fill(reason="第三段写的是事实")
    desk.press("保存")


def adopt(desk, text, stage):
    desk.follow(f"写明是否采纳：{text}")
    desk.page.get_by_label(f"采纳到{stage}").check()
    desk.press("保存")


def way_in_words(decided, *, after_first=""):
    """The way of the report with the numbers of opinions of each kind, taken in and not."""
    paragraphs = []
    for stage, asked in DRAFTS.items():
        day = date.fromisoformat(day_after(asked.days))
        words = asked.words.format(report=REPORT, approved="经指导检查组审核同意", to=asked.sent_to)
        given = [text for texts in asked.opinions.values() for text in texts]
        adopted = sum(text in decided for text in given)
        counts = [f"{kind}、建议{len(texts)}条" for kind, texts in asked.opinions.items()]
        counts += [f"采纳{adopted}条"] + ["未采纳1条，未采纳的逐条写明了理由"] * (REJECTED in given)
        told = f"对{stage}提出{'，'.join(counts)}。" if given else ""
        paragraphs.append(f"{day.year}年{day.month}月{day.day}日，{words}{told}")
    return paragraphs[0] + after_first + "".join(paragraphs[1:])


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
