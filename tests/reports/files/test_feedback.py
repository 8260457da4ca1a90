"""The letter to one target: its own results and opinions, and nothing of anybody else's."""

import re
from datetime import date

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from ballots.models import Opinion
from campaigns import actions
from reports.files import pdf
from reports.files.feedback import feedback_content
from reports.findings import crossings_of
from reports.findings.actions import decide_finding
from reports.models import OpinionReading
from reports.results.poll import results_of
from reports.views.fetching.feedback import material_of_letter
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_member,
    make_opinion,
    make_organization,
)
from tests.reports.files.test_layout import text_of
from tests.reports.grading.members import decide, make_graded_poll

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def poll():
    """Two members: Zhang 15 优秀 of 15, Li 4 优秀 11 合格, by two categories of which one has three ballots."""
    committee = make_organization()
    branch = make_organization("第一党支部", kind="branch", parent=committee)
    for name in ("张甲", "李乙"):
        make_member(branch, name)
    campaign = make_campaign(committee, indicators=("评定",), scale="member-4", min_group=5)
    campaign.questionnaires.update(target_kind="member", target_rule="its_members", title="党员评议表")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"11": 4, "12": 8})
    enter_ballots(make_batch(poll, method="entered", category="群众代表"), {"12": 3})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def target(poll, name):
    return poll.targets.get(name=name)


def read(opinion):
    OpinionReading.objects.create(opinion=opinion)


def letter(poll, name):
    return text_of(pdf.feedback(letter_about(target(poll, name))))


def letter_about(target):
    return feedback_content(target, material_of_letter(target), issued_on=TODAY)


def test_a_letter_has_its_target_s_figures_issuer_date_and_a_line_to_sign(poll):
    printed = letter(poll, "张甲")

    assert printed.startswith("评议结果反馈函张甲同志：“2026年度群众评议”已经结束。现将对您的评议结果反馈如下：")
    assert "共发出评议表15份，收回15份。评定：优秀15份，占100.0%；" in printed
    assert "评定15100.000.000.000.000.015100.0%" in printed
    assert "第一党支部2026年11月20日收到人签字：日期：" in printed


def test_a_letter_says_nothing_about_any_other_target(poll):
    read(make_opinion(poll, "李乙办事拖拉，要改", target=target(poll, "李乙")))
    read(make_opinion(poll, "多下基层", target=target(poll, "张甲")))
    assert "占26.7%" in letter(poll, "李乙")

    printed = letter(poll, "张甲")

    for other in ("李乙", "26.7", "73.3", "拖拉"):
        assert other not in printed
    assert "多下基层" in printed
    assert "名次" not in printed


def test_who_stands_on_two_questionnaires_under_one_name_gets_each_one_s_opinions(poll):
    mine, other = target(poll, "张甲"), target(poll, "李乙")
    sheet = poll.campaign.questionnaires.get()
    sheet.pk, sheet.key, sheet.title = None, "other", "另一张评议表"
    sheet.save()
    poll.targets.filter(pk=other.pk).update(name="张甲", questionnaire=sheet)
    read(make_opinion(poll, "对甲说的", target=mine))
    read(make_opinion(poll, "对乙说的", target=other))

    content = letter_about(mine)

    assert [[entry.text for entry in entries] for _, entries in content.opinions] == [["对甲说的"]]


def test_opinions_are_shown_as_masked_and_set_aside_ones_not_at_all(poll):
    mine = target(poll, "张甲")
    spoken, empty = make_opinion(poll, "窗口的老王说的", target=mine), make_opinion(poll, "无", target=mine)
    OpinionReading.objects.create(opinion=spoken, masked_text="窗口有人说的")
    OpinionReading.objects.create(opinion=empty, is_set_aside=True)

    content = letter_about(mine)

    assert [[entry.text for entry in entries] for _, entries in content.opinions] == [["窗口有人说的"]]
    assert content.opinion_count == 1
    assert Opinion.objects.count() == 2


def test_a_small_group_is_not_shown_in_a_letter_either(poll):
    printed = letter(poll, "张甲")

    assert "有效票少于5张" in printed
    assert "12100.0" not in printed


def make_judged_poll():
    """A sealed poll about one cadre with 31 不满意 of 60."""
    unit = make_organization("某局机关")
    make_member(unit, "张甲", post="cadre")
    campaign = make_campaign(unit, indicators=("总体评价",), scale="fair-4", thresholds=["cadre-fair-or-worse-half"])
    campaign.questionnaires.update(target_kind="cadre", target_rule="its_cadres", title="干部评议表")
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"1": 29, "4": 31})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


@pytest.mark.parametrize(("state", "words"), [(None, None), ("confirmed", "已认定"), ("dismissed", "不予认定")])
def test_a_finding_is_told_only_when_it_is_decided(state, words):
    poll = make_judged_poll()
    (crossing,) = crossings_of([results_of(poll)])
    if state:
        decide_finding(crossing, state=state, reason="组织研究", by=make_cast(poll.organization).officer)

    sentences = letter_about(target(poll, "张甲")).findings

    assert [bool(words) and words in sentence for sentence in sentences] == ([True] if state else [])


def test_a_unit_is_written_to_by_the_organizer(poll):
    campaign = make_campaign(poll.campaign.organizer, title="2026年下半年群众评议")
    actions.make_polls(campaign, [poll.organization])
    open_campaign(campaign, by=None)
    other = campaign.polls.get()
    enter_ballots(make_batch(other, method="entered"), {"11": 9})
    close_poll(other)
    sealing.seal(other, by=None)

    content = letter_about(other.targets.get())

    assert ("".join(piece.text for piece in content.addressee), content.issuer) == ("第一党支部：", "某局党委")


def test_a_target_of_another_poll_is_not_there(client, poll):
    other = make_judged_poll()
    client.force_login(make_cast(poll.organization).secretary)

    response = client.get(reverse("reports:feedback_pdf", args=[poll.pk, other.targets.get().pk]))

    assert response.status_code == 404


def test_the_letter_is_downloaded_under_its_target_s_name(client, poll):
    client.force_login(make_cast(poll.organization).secretary)

    response = client.get(reverse("reports:feedback_pdf", args=[poll.pk, target(poll, "张甲").pk]))

    assert response.status_code == 200
    assert re.search(r"filename\*=UTF-8''.*%E5%BC%A0%E7%94%B2\.pdf", response["Content-Disposition"])


def test_unread_opinions_are_counted_and_not_printed(poll):
    mine = target(poll, "张甲")
    read(make_opinion(poll, "多下基层", target=mine))
    make_opinion(poll, "我是隔壁科室的，他骂过我", target=mine)

    content = letter_about(mine)

    assert [[entry.text for entry in entries] for _, entries in content.opinions] == [["多下基层"]]
    assert content.unread_count == 1
    assert "有1条意见建议尚未阅办，未列入本函" in text_of(pdf.feedback(content))


def test_the_letter_names_the_grade_that_the_meeting_decided():
    poll = make_graded_poll({"222": 5})
    target = poll.targets.get(name="党员甲")
    before = feedback_content(target, material_of_letter(target), issued_on=date(2026, 11, 22)).decided
    decide(poll, ["基本合格", "合格", "合格"], reasons={0: "无故缺席"})

    content = feedback_content(target, material_of_letter(target), issued_on=date(2026, 11, 22))

    assert before == ""
    assert content.decided == (
        "经第一支部2026年11月20日会议评定，您的等次为基本合格。评定的等次与得票最多的等次不同，理由：无故缺席。"
    )
    assert "党员乙" not in content.decided
