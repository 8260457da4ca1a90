"""The 小结: which sentences the facts choose, what a secretary may change, and when it may leave."""

from datetime import date

import pytest

from reports import summary
from reports.models import Summary
from reports.report import summary_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    make_sealed_poll,
    tamper,
)
from tests.reports.summary.worded import paragraphs_of

pytestmark = pytest.mark.django_db


TODAY = date(2026, 11, 20)


def test_figures_cannot_be_worded():
    poll = make_sealed_poll({"11": 41})

    save_summary(Scope.of_poll(poll), {"results": "满意率为98%。"}, by=None)

    assert Summary.objects.get().texts == {}
    assert "满意率为98%。" not in paragraphs_of(summary_of(Scope.of_poll(poll)), "results")


def test_an_empty_section_is_left_out_and_the_others_are_numbered_on():
    poll = make_sealed_poll()
    save_summary(Scope.of_poll(poll), {"leadership": ""}, by=None)

    headings = [(section.ordinal, section.heading) for section in summary_of(Scope.of_poll(poll)).drawn]

    assert headings[:3] == [("", "导语"), ("一", "合理确定参评范围"), ("二", "明确评议内容")]


def test_c10_a_blank_is_highlighted_and_keeps_the_summary_a_draft():
    poll = make_sealed_poll()
    save_summary(Scope.of_poll(poll), {"next_steps": "由【待填：责任人】负责。"}, by=None)

    content = summary_of(Scope.of_poll(poll))

    assert content.missing == ("下一步打算",)
    assert not content.is_complete
    (section,) = [section for section in content.sections if section.key == "next_steps"]
    assert [(piece.text, piece.kind) for piece in section.paragraphs[0]] == [
        ("由", ""),
        ("【待填：责任人】", "missing"),
        ("负责。", ""),
    ]


def test_half_width_punctuation_beside_chinese_is_mended_and_figures_are_left():
    assert summary.full_width("满意,一般;比例1:2，见v1.0;好") == "满意，一般；比例1:2，见v1.0；好"


def test_the_skeleton_has_its_parts_in_order():
    headings = [section.heading for section in summary_of(Scope.of_poll(make_sealed_poll())).sections]

    assert headings == [
        "导语",
        "加强组织领导",
        "合理确定参评范围",
        "明确评议内容",
        "规范方法步骤",
        "评议结果",
        "意见建议与整改",
        "结果通报与运用",
        "公开承诺与典型经验",
        "存在的不足",
        "下一步打算",
        "落款日期",
    ]


def test_broken_identities_keep_a_campaign_a_draft():
    poll = make_sealed_poll()
    tamper(poll)

    content = summary_of(Scope.of(poll.campaign, poll.campaign.organizer))

    assert all(sentence.startswith("【待填：计票数字不能同时成立") for sentence in paragraphs_of(content, "results"))
    assert content.missing == ("评议结果",)
