"""五步评议工作法 (S2)."""

import re

import docx
import pytest

from campaigns.library import appraisals

from ..figures import text_of
from ..library_walk import (
    BRANCH,
    cast_all,
    choose,
    close_and_seal,
    hand_out,
    open_campaign,
    prepare,
)
from .deeds import GRADED, PROBATIONARY, REASONS, day_after, decide, path_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


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
