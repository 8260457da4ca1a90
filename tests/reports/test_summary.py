"""The 小结: which sentences the facts choose, what a secretary may change, and when it may leave."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import F

from ballots import sealing
from ballots.actions import open_campaign
from ballots.models import TallyRow
from campaigns import actions
from campaigns.models import Poll
from reports import summary
from reports.actions.summary import NotReady, Outdated, file_summary, restore_version, save_summary
from reports.models import OpinionReading, Summary, SummaryVersion
from reports.report import report_for_download, report_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_commitment,
    make_member,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
DONE = date(2026, 11, 10)


def said(content, key):
    """The paragraphs of one section as text."""
    (section,) = [section for section in content.sections if section.key == key]
    return ["".join(piece.text for piece in paragraph) for paragraph in section.paragraphs]


def test_c1_and_c3_and_c4_sentences_stand_in_the_results():
    content = summary.poll_summary(make_sealed_poll({"11": 39, "12": 1, "1-": 1}))

    assert said(content, "results") == [
        "参与评议人员41人次，群众满意率达95.1%。",
        "会上共分发测评表41份，收回41份，对某局党委的总体评价满意率为95.1%，基本满意率为2.4%。",
        "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。",
        "对某局党委各项评议内容的满意率，“兑现公开承诺情况”为100.0%，“总体评价”为95.1%。",
    ]


def test_c4_nothing_is_said_of_the_dissatisfied_where_there_are_none():
    content = summary.poll_summary(make_sealed_poll({"1": 66}, indicators=("总体评价",)))

    assert not any("不满意的" in paragraph for paragraph in said(content, "results"))


def test_one_dissatisfied_is_enough_to_say_what_is_done_about_it():
    content = summary.poll_summary(make_sealed_poll({"1": 65, "3": 1}, indicators=("总体评价",)))

    assert any(paragraph.startswith("对评议不满意的，") for paragraph in said(content, "results"))


def test_paper_is_not_said_to_have_been_taken_at_a_meeting():
    poll = make_open_poll()
    enter_ballots(make_batch(poll, channel="paper", method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)

    assert not any(paragraph.startswith("会上") for paragraph in said(summary.poll_summary(poll), "results"))


def test_c5_members_together_are_said_by_verdict():
    poll = make_open_poll_about_members()
    enter_ballots(make_batch(poll, method="entered"), {"2": 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)

    assert said(summary.poll_summary(poll), "results") == ["应参加评议党员12名，实际参加12名，合格12名。"]


def make_open_poll_about_members():
    branch = make_organization(kind="branch")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="members_together", target_name="全体党员")
    actions.make_polls(campaign, [branch])
    campaign.polls.update(entitled_count=12)
    open_campaign(campaign, by=None)
    return campaign.polls.get()


def test_c14_nothing_returned_gives_one_sentence_without_a_rate():
    poll = make_open_poll()
    batch = make_batch(poll, method="entered")
    close_poll(poll, issued={batch.pk: 30})
    sealing.seal(poll, by=None)

    assert said(summary.poll_summary(poll), "results") == [
        "共发出评议表30份，收回0份。未收回有效评议表，不计算满意率。"
    ]


def test_c10_a_campaign_is_said_by_its_sums():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    for place, branch in enumerate(branches):
        make_member(branch, f"党员{place}")
    poll = make_sealed_campaign(root, branches)

    content = summary.campaign_summary(poll.campaign)

    assert said(content, "results")[0] == (
        "共召开评议会议2场次，发放评议问卷20份，收回20份，参与评议人员20人次，"
        "完成了全部2个党支部、2名党员的评议工作，群众满意率达90.0%。"
    )
    assert said(content, "opinions")[0] == "未征求到意见建议。"
    assert content.is_complete


def make_sealed_campaign(root, branches):
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        enter_ballots(make_batch(poll, method="entered"), {"11": 9, "12": 1})
        close_poll(poll)
        sealing.seal(poll, by=None)
    return poll


def test_what_a_secretary_words_replaces_the_standard_and_only_the_change_is_kept():
    poll = make_sealed_poll()
    texts = {"shortcomings": "个别同志准备不够充分,下次改进。"}

    save_summary(Scope.of_poll(poll), texts, by=None)

    assert Summary.objects.get().texts == {"shortcomings": "个别同志准备不够充分,下次改进。"}
    assert said(summary.poll_summary(poll), "shortcomings") == ["个别同志准备不够充分，下次改进。"]


def test_figures_cannot_be_worded():
    poll = make_sealed_poll({"11": 41})

    save_summary(Scope.of_poll(poll), {"results": "满意率为98%。"}, by=None)

    assert Summary.objects.get().texts == {}
    assert "满意率为98%。" not in said(summary.poll_summary(poll), "results")


def test_an_empty_section_is_left_out_and_the_others_are_numbered_on():
    poll = make_sealed_poll()
    save_summary(Scope.of_poll(poll), {"leadership": ""}, by=None)

    headings = [(section.ordinal, section.heading) for section in summary.poll_summary(poll).drawn]

    assert headings[:3] == [("", "导语"), ("一", "合理确定参评范围"), ("二", "明确评议内容")]


def test_c10_what_is_to_be_filled_in_is_highlighted_and_keeps_it_a_draft():
    poll = make_sealed_poll()
    save_summary(Scope.of_poll(poll), {"next_steps": "由【待填：责任人】负责。"}, by=None)

    content = summary.poll_summary(poll)

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
    headings = [section.heading for section in summary.poll_summary(make_sealed_poll()).sections]

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


def test_c6_ledger_figures_stand_behind_the_opinions():
    poll = make_sealed_poll({"11": 41})
    for done in [(DONE,)] * 8 + [(DONE, None), (None, None)]:
        make_problem(poll.organization, campaign=poll.campaign, measures=done)

    assert said(summary.poll_summary(poll), "opinions")[:2] == [
        "未征求到意见建议。",
        "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。",
    ]


def test_problems_of_another_campaign_are_not_counted():
    poll = make_sealed_poll({"11": 41})
    make_problem(poll.organization, measures=(None,))

    assert said(summary.poll_summary(poll), "opinions") == ["未征求到意见建议。"]


def test_c6_leaders_comments_are_said_with_their_coverage():
    root = make_organization()
    branches = [make_organization(f"{place}支部", parent=root, kind="branch") for place in "甲乙丙"]
    campaign = make_sealed_campaign(root, branches).campaign
    for branch in branches[:2]:
        make_comment(campaign, branch)

    content = summary.campaign_summary(campaign)

    assert "领导点评2个支部（共3个），覆盖66.7%（2/3），尚有1个支部未点评。" in said(content, "opinions")
    assert "领导点评尚缺1个支部：丙支部。" in content.hints
    assert content.is_complete


def test_c7_commitments_have_a_part_of_their_own_where_there_are_any():
    poll = make_sealed_poll({"11": 41})
    without = said(summary.poll_summary(poll), "commitments")
    member = make_member(poll.organization)
    make_commitment(poll.organization, "修路", member, status="fulfilled")
    make_commitment(poll.organization, "装灯", member)

    assert without == []
    assert said(summary.poll_summary(poll), "commitments") == [
        "公开承诺2项，党员1名，人均2.00项。",
        "已兑现1项，兑现率50.0%（1/2）。",
    ]


def test_c10_opinions_of_a_campaign_are_counted_to_the_one():
    root = make_organization()
    branch = make_organization("甲支部", parent=root, kind="branch")
    poll = make_sealed_campaign(root, [branch])
    for number in range(37):
        make_opinion(poll, f"第{number}条意见")

    assert said(summary.campaign_summary(poll.campaign), "opinions")[0] == "共征求到意见建议37条。"


def tamper(poll):
    """Add a ballot to rows that the count did not give."""
    TallyRow.objects.filter(poll=poll).update(grade_1_count=F("grade_1_count") + 1, valid_count=F("valid_count") + 1)


def test_broken_identities_keep_a_campaign_a_draft():
    poll = make_sealed_poll()
    tamper(poll)

    content = summary.campaign_summary(poll.campaign)

    assert all(one.startswith("【待填：计票数字不能同时成立") for one in said(content, "results"))
    assert content.missing == ("评议结果",)


# Fields


def word(poll, **texts):
    save_summary(Scope.of_poll(poll), texts, by=None)
    return summary.poll_summary(poll)


def pieces_of(content, key):
    (section,) = [section for section in content.sections if section.key == key]
    return [(piece.text, piece.kind) for piece in section.worded[0]]


def test_a_field_is_stored_by_name_and_printed_as_the_tally_has_it():
    poll = make_sealed_poll({"11": 39, "12": 1, "1-": 1})

    content = word(poll, shortcomings="收回｛收回｝份,满意率{满意率}%。")

    assert Summary.objects.get().texts == {"shortcomings": "收回｛收回｝份,满意率{满意率}%。"}
    assert pieces_of(content, "shortcomings") == [
        ("收回", ""),
        ("41", "figure"),
        ("份，满意率", ""),
        ("95.1%", "figure"),
        ("。", ""),
    ]
    assert content.is_complete


def test_c10_a_field_without_a_value_is_to_be_filled_in():
    content = word(make_sealed_poll(), shortcomings="参评率{参评率}。")

    assert pieces_of(content, "shortcomings")[1] == ("【待填：参评率】", "missing")
    assert content.missing == ("存在的不足",)


def test_braces_in_what_the_system_says_are_no_fields():
    poll = make_sealed_poll({"1": 9}, indicators=("总体评价",))
    poll.targets.update(name="{收回}小组")
    content = summary.poll_summary(poll)

    kinds = {piece.kind for section in content.sections for paragraph in section.said for piece in paragraph}

    assert kinds == {""}


def test_c2_a_rate_says_in_the_text_too_whose_ballots_are_not_in_it():
    poll = make_open_poll()
    enter_ballots(make_batch(poll, method="entered"), {"11": 39, "1-": 2})
    close_poll(poll, attended=78)
    sealing.seal(poll, by=None)

    content = word(poll, shortcomings="满意率{满意率}。")

    assert pieces_of(content, "shortcomings")[1] == ("95.1%（不含书面评议）", "figure")


# Doubts


@pytest.mark.parametrize(
    ("marks", "text", "sentence"),
    [
        (
            {"1": 39, "2": 1, "-": 1},
            "满意率98%。",
            "39/41=95.1%，与98%不符；98%对应满意+基本满意 40/41=97.6%，或以40票为分母 39/40=97.5%。",
        ),
        ({"1": 47, "2": 3}, "群众满意率达96%。", "47/50=94.0%，与96%不符，票数得不出96%，不能按96%填报。"),
        ({"1": 47, "2": 3}, "有百分之88的群众说好。", "评议票和台账都得不出88%，请改用字段，由系统填写，如{满意率}。"),
        ({"1": 47, "2": 3}, "基本满意率7%。", "评议票得不出基本满意率7%，请改用字段，由系统填写，如{满意率}。"),
        (
            {"1": 39, "2": 1, "-": 1},
            "满意39份，占98%。",
            "39/41=95.1%，与98%不符；98%对应满意+基本满意 40/41=97.6%，或以40票为分母 39/40=97.5%。",
        ),
        (
            {"1": 66},
            "共收到意见建议10余条。",
            "“10余条”不是具体数。意见建议共0条，请用字段{意见条数}、{收回}等，数字由系统填写。",
        ),
    ],
    ids=["C1", "C3", "percent in words", "another rate", "N3", "C4"],
)
def test_c1_c3_c4_a_typed_figure_that_nothing_bears_out_is_told_and_keeps_it_a_draft(marks, text, sentence):
    content = word(make_sealed_poll(marks, indicators=("总体评价",)), shortcomings=text)

    assert [(doubt.key, doubt.sentence) for doubt in content.doubts] == [("shortcomings", sentence)]
    assert content.reasons == (f"“存在的不足”：{sentence}",)
    assert not content.is_complete


@pytest.mark.parametrize(
    "text",
    [
        "满意率94%。",
        "满意率为94.0%，基本满意率6.0%，综合满意率100%。",
        "6.0%的群众认为基本满意。",
        "满意率{满意率}，比上期的92.3%有提高。",
        "力争整改完成率达到100%。",
        "会期3天，分4组，走访十余户。",
    ],
)
def test_figures_that_the_ballots_give_or_cannot_know_may_be_typed(text):
    content = word(make_sealed_poll({"1": 47, "2": 3}, indicators=("总体评价",)), shortcomings=text)

    assert content.doubts == ()


def test_c1_another_line_s_rate_is_borne_out_only_where_the_line_is_named():
    poll = make_sealed_poll({"11": 39, "12": 1, "2-": 1})

    of_nothing = word(poll, shortcomings="满意率98%。")
    of_the_line = word(poll, shortcomings="兑现公开承诺情况的满意率98%。")

    (doubt,) = of_nothing.doubts
    assert doubt.sentence.startswith("39/41=95.1%，与98%不符；")
    assert of_the_line.doubts == ()


def test_what_another_period_gave_is_pointed_out():
    content = word(make_sealed_poll(), shortcomings="比上期的92.3%有提高。")

    assert "“92.3%”不是本次评议的数，系统不能核对，请自行核实。" in content.hints


def test_a_typed_count_other_than_the_system_s_is_pointed_out():
    content = word(make_sealed_poll({"11": 41}), shortcomings="发放41份，收回表格40份，收到意见建议3条。")

    assert content.hints == (
        "“收回表格40份”：系统的数是41，请核对；用字段{收回}就不会写错。",
        "“意见建议3条”：系统的数是0，请核对；用字段{意见条数}就不会写错。",
    )
    assert content.is_complete


def test_a_percentage_of_the_organizer_s_own_rules_is_no_doubt():
    poll = make_sealed_poll(participant_scope="群众代表不少于参评人员的60%。")

    content = word(poll, scope="群众代表占参评人员的60%以上，范围广。")

    assert content.doubts == ()


# Versions


def test_each_save_that_changes_something_is_a_version():
    scope = Scope.of_poll(make_sealed_poll())

    first = save_summary(scope, {"use": "甲"}, by=None)
    again = save_summary(scope, {"use": "甲"}, by=None)
    second = save_summary(scope, {"use": "乙"}, by=None)

    assert (first.number, again, second.number) == (1, None, 2)
    assert [(one.number, one.texts, one.is_final) for one in SummaryVersion.objects.of(scope)] == [
        (2, {"use": "乙"}, False),
        (1, {"use": "甲"}, False),
    ]


def test_a_save_from_an_older_page_is_refused_and_changes_nothing():
    scope = Scope.of_poll(make_sealed_poll())
    save_summary(scope, {"use": "甲"}, by=None, seen=0)

    with pytest.raises(Outdated) as refusal:
        save_summary(scope, {"use": "乙"}, by=None, seen=0)

    assert refusal.value.version.number == 1
    assert Summary.objects.get().texts == {"use": "甲"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_saves_at_the_same_moment_one_is_kept_and_the_other_told(seen):
    scope = Scope.of_poll(make_sealed_poll())
    if seen:
        save_summary(scope, {"use": "先前的"}, by=None)
    start = Barrier(2)

    def save(words):
        try:
            start.wait()
            return save_summary(scope, {"use": words}, by=None, seen=seen).texts
        except Outdated as refusal:
            return refusal.version.texts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(save, ("甲", "乙")))

    # The one who is told is told the other's words.
    assert kept == [Summary.objects.get().texts] * 2
    assert SummaryVersion.objects.count() == seen + 1


def test_an_earlier_version_s_words_come_back_as_a_new_one():
    scope = Scope.of_poll(make_sealed_poll())
    first = save_summary(scope, {"use": "甲"}, by=None)
    save_summary(scope, {"use": "乙"}, by=None)

    restored = restore_version(first, by=None)

    assert restored.number == 3
    assert Summary.objects.get().texts == {"use": "甲"}


@pytest.mark.parametrize("text", ["{参评率}", "满意率60%。"])
def test_c10_a_final_copy_is_refused_with_the_reasons(text):
    poll = make_sealed_poll()
    content = word(poll, shortcomings=text)

    with pytest.raises(NotReady) as refusal:
        file_summary(Scope.of_poll(poll), by=None, today=TODAY)

    assert refusal.value.reasons == content.reasons
    assert not SummaryVersion.objects.final().exists()


def test_a_final_copy_of_broken_numbers_is_refused():
    poll = make_sealed_poll()
    tamper(poll)

    with pytest.raises(NotReady, match="评议结果"):
        file_summary(Scope.of_poll(poll), by=None, today=TODAY)


def test_a_filed_copy_stays_as_it_was_whatever_changes_later():
    poll = make_sealed_poll({"11": 41})
    scope = Scope.of_poll(poll)
    filed = report_of(scope, today=TODAY)
    version = file_summary(scope, by=None, today=TODAY)

    make_problem(poll.organization, campaign=poll.campaign, measures=(DONE, None))
    save_summary(scope, {"use": "改了"}, by=None)
    Poll.objects.filter(pk=poll.pk).update(tellers="后来的人")

    assert report_for_download(scope, today=TODAY) == filed
    assert report_for_download(Scope.of_poll(Poll.objects.get(pk=poll.pk)), today=TODAY, is_draft=True) != filed
    again = file_summary(scope, by=None, today=TODAY)
    assert (version.number, again.number) == (1, 3)
    assert report_for_download(scope, today=TODAY).ledger.figures.problems == 1
    assert report_for_download(scope, today=TODAY, version=1) == filed


def test_filing_a_poll_s_report_drops_the_originals_of_masked_opinions():
    poll = make_sealed_poll()
    opinion = make_opinion(poll, "张三态度不好")
    OpinionReading.objects.create(opinion=opinion, masked_text="某工作人员态度不好")

    file_summary(Scope.of_poll(poll), by=None, today=TODAY)

    opinion.refresh_from_db()
    assert opinion.text == "某工作人员态度不好"
    assert "张三" not in str(SummaryVersion.objects.get().snapshot)


def test_filing_a_unit_s_report_leaves_the_originals_to_the_polls():
    root = make_organization()
    poll = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    opinion = make_opinion(poll, "张三态度不好")
    OpinionReading.objects.create(opinion=opinion, masked_text="某工作人员态度不好")

    version = file_summary(Scope(poll.campaign, root), by=None, today=TODAY)

    opinion.refresh_from_db()
    assert opinion.text == "张三态度不好"
    assert "张三" not in str(version.snapshot)


def test_a_unit_s_words_are_its_own():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_sealed_campaign(root, branches).campaign
    save_summary(Scope(campaign, root), {"use": "满意率{满意率}。"}, by=None)

    assert said(summary.campaign_summary(campaign), "use") == ["满意率90.0%。"]
    assert said(summary.campaign_summary(campaign, top=branches[0]), "use") == ["作为考核依据。"]


@pytest.mark.parametrize("broken", [{"snapshot": {"format": 1}}, {"is_final": True}])
def test_a_version_is_final_with_its_figures_and_only_then(broken):
    version = save_summary(Scope.of_poll(make_sealed_poll()), {"use": "甲"}, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        SummaryVersion.objects.filter(pk=version.pk).update(**broken)


def test_two_versions_never_have_one_number():
    version = save_summary(Scope.of_poll(make_sealed_poll()), {"use": "甲"}, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        version.summary.versions.create(number=version.number)


@pytest.mark.parametrize("facts", [{}, {"poll": 1, "campaign": 1, "organization": 1}, {"campaign": 1}])
def test_a_summary_is_of_a_poll_or_of_a_unit(facts):
    poll = make_sealed_poll()
    known = {"poll": poll, "campaign": poll.campaign, "organization": poll.organization}

    with pytest.raises(IntegrityError), transaction.atomic():
        Summary.objects.create(**{name: known[name] for name in facts})
