"""分析检查报告 in its drafts (S0-1)."""

from collections import Counter
from datetime import date
from typing import NamedTuple

import pytest

from campaigns.library import appraisals

from ..figures import text_of
from ..library_walk import (
    BRANCH,
    cast_all,
    choose,
    close_and_seal,
    count,
    figures_of_page,
    figures_of_workbook,
    hand_out,
    missing,
    open_campaign,
    prepare,
)
from .deeds import day_after, path_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

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
