"""千分制考核 with 满意度 (S0-2a)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from PIL import Image

from campaigns.library import appraisals

from ..figures import rate, text_of, text_of_word
from ..library_walk import (
    BRANCH,
    cast_all,
    choose,
    close_and_seal,
    hand_out,
    open_campaign,
    prepare,
)
from .deeds import path_of, sheet_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

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
