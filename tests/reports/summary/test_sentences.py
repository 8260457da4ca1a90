"""Sentences that the system writes from the figures alone."""

from datetime import date

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Campaign
from reports import wording
from reports.findings import crossings_of
from reports.findings.actions import decide_finding
from reports.models import OpinionReading
from reports.report import summary_of
from reports.results.actions import choose_score
from reports.results.poll import results_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_member,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_sealed_poll,
)
from tests.reports.results.weighted import make_poll_by_category
from tests.reports.summary.worded import paragraphs_of

pytestmark = pytest.mark.django_db


DONE = date(2026, 11, 10)


def test_c1_and_c3_and_c4_sentences_stand_in_the_results():
    content = summary_of(Scope.of_poll(make_sealed_poll({"11": 39, "12": 1, "1-": 1})))

    assert paragraphs_of(content, "results") == [
        "参与评议人员41人次，群众满意率达95.1%。",
        "会上共分发测评表41份，收回41份，对某局党委的总体评价满意率为95.1%，基本满意率为2.4%。",
        "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。",
        "对某局党委各项评议内容的满意率，“兑现公开承诺情况”为100.0%，“总体评价”为95.1%。",
    ]


def test_c4_nothing_is_said_of_the_dissatisfied_where_there_are_none():
    content = summary_of(Scope.of_poll(make_sealed_poll({"1": 66}, indicators=("总体评价",))))

    assert not any("不满意的" in paragraph for paragraph in paragraphs_of(content, "results"))


def test_one_dissatisfied_is_enough_to_say_what_is_done_about_it():
    content = summary_of(Scope.of_poll(make_sealed_poll({"1": 65, "3": 1}, indicators=("总体评价",))))

    assert any(paragraph.startswith("对评议不满意的，") for paragraph in paragraphs_of(content, "results"))


def test_paper_is_not_said_to_have_been_taken_at_a_meeting():
    poll = make_open_poll()
    enter_ballots(make_batch(poll, channel="paper", method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)

    assert not any(
        paragraph.startswith("会上") for paragraph in paragraphs_of(summary_of(Scope.of_poll(poll)), "results")
    )


def test_c5_members_together_are_said_by_verdict():
    poll = make_open_poll_about_members()
    enter_ballots(make_batch(poll, method="entered"), {"2": 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "results") == ["应参加评议党员12名，实际参加12名，合格12名。"]


def make_poll_about_persons(count):
    """Sealed: each member by themselves, all with 10 优秀."""
    branch = make_organization("第一党支部", kind="branch")
    for number in range(count):
        make_member(branch, f"党员{number:02d}")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="its_members")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"1" * count: 10})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


@pytest.mark.parametrize("count", [2, 9])
def test_persons_are_told_by_their_number_alone(count):
    content = summary_of(Scope.of_poll(make_poll_about_persons(count)))

    assert paragraphs_of(content, "results") == [
        "共发出评议表10份，收回10份。",
        f"对{count}人逐人进行了评议，各人的票数和占比见结果表。",
    ]


def test_a_person_about_whom_alone_people_were_asked_is_told_in_words():
    content = summary_of(Scope.of_poll(make_poll_about_persons(1)))

    assert paragraphs_of(content, "results") == [
        "共发出评议表10份，收回10份，其中优秀10份，占100.0%；无合格票；无基本合格票；无不合格票。"
    ]


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

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "results") == [
        "共发出评议表30份，收回0份。未收回有效评议表，不计算满意率。"
    ]


@pytest.mark.parametrize(("void", "again"), [(0, []), (2, ["共发出评议表26份，收回26份，有效24份，整票无效2份。"])])
def test_the_sheets_of_a_meeting_are_told_once_unless_some_were_void(void, again):
    unit = make_organization()
    campaign = make_campaign(unit, indicators=("兑现承诺", "作风建设"))
    actions.copy_questionnaire(campaign, "rectification-satisfaction", rule="a_document", target_name="整改情况")
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    batch = make_batch(poll, method="entered")
    enter_ballots(batch, {"1" * poll.ballot_form.cell_count: 24})
    close_poll(poll, void={batch.pk: void})
    sealing.seal(poll, by=None)

    sentences = paragraphs_of(summary_of(Scope.of_poll(poll)), "results")
    assert sentences[1].startswith(f"会上共分发测评表{24 + void}份，收回{24 + void}份，")
    assert [text for text in sentences if text.startswith("共发出评议表")] == again
    assert "对某局党委的兑现承诺：满意24份，占100.0%；无基本满意票；无不满意票。" in sentences


WEIGHED = ("兑现承诺", "总体评价")


def score_sentences(poll):
    return [text for text in paragraphs_of(summary_of(Scope.of_poll(poll)), "results") if "满意度得分" in text]


def test_a_hidden_score_is_explained_once_for_all_lines():
    poll = make_poll_by_category({"党员": {"11": 10}, "群众代表": {"11": 1, "33": 1}}, indicators=WEIGHED)

    assert score_sentences(poll) == ["有的类别票数太少，为免推算出个别人的选择，不计算加权的满意度得分。"]


def test_a_score_that_waits_for_an_answer_asks_once_and_tells_once_how_it_came_about():
    poll = make_poll_by_category({"党员": {"11": 10}}, indicators=WEIGHED)
    assert score_sentences(poll) == ["满意度得分【待填：群众代表无有效票，请选择处理办法后再出分。】"]

    choose_score(poll, "spread", by=None)
    assert score_sentences(poll) == [
        "对某局党委的兑现承诺：按参评人员类别权重计算，满意度得分100.0分（不加权合票100.0分）。"
        "群众代表无有效票，满意度得分按其余类别的权重折算。",
        "对某局党委的总体评价：按参评人员类别权重计算，满意度得分100.0分（不加权合票100.0分）。",
    ]


def test_of_a_score_that_one_line_alone_lacks_the_line_is_named():
    poll = make_poll_by_category({"党员": {"11": 10}, "群众代表": {"1-": 6}}, indicators=WEIGHED)

    asked = score_sentences(poll)
    assert len(asked) == 2
    assert asked[0].startswith("对某局党委的兑现承诺：按参评人员类别权重计算，满意度得分100.0分")
    assert asked[1] == "对某局党委的总体评价：满意度得分【待填：群众代表无有效票，请选择处理办法后再出分。】"


def test_c10_a_campaign_is_said_by_its_sums():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    for place, branch in enumerate(branches):
        make_member(branch, f"党员{place}")
    campaign = make_sealed_campaign(root, branches)

    content = summary_of(Scope.of(campaign, campaign.organizer))

    assert paragraphs_of(content, "results")[0] == (
        "共召开评议会议2场次，发放评议问卷20份，收回20份，参与评议人员20人次，"
        "完成了全部2个党支部、2名党员的评议工作，群众满意率达90.0%。"
    )
    assert paragraphs_of(content, "opinions")[0] == "未征求到意见建议。"
    assert content.is_complete


def test_c6_ledger_figures_stand_behind_the_opinions():
    poll = make_sealed_poll({"11": 41})
    for done in [(DONE,)] * 8 + [(DONE, None), (None, None)]:
        make_problem(poll.organization, campaign=poll.campaign, measures=done)

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "opinions")[:2] == [
        "未征求到意见建议。",
        "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。",
    ]


def test_problems_of_another_campaign_are_not_counted():
    poll = make_sealed_poll({"11": 41})
    make_problem(poll.organization, measures=(None,))

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "opinions") == ["未征求到意见建议。"]


def test_c6_leaders_comments_are_said_with_their_coverage():
    root = make_organization()
    branches = [make_organization(f"{place}支部", parent=root, kind="branch") for place in "甲乙丙"]
    campaign = make_sealed_campaign(root, branches)
    for branch in branches[:2]:
        make_comment(campaign, branch)

    content = summary_of(Scope.of(campaign, campaign.organizer))

    assert "领导点评2个支部（共3个），覆盖66.7%（2/3），尚有1个支部未点评。" in paragraphs_of(content, "opinions")
    assert "领导点评尚缺1个支部：丙支部。" in content.hints
    assert content.is_complete


def test_c10_opinions_of_a_campaign_are_counted_to_the_one():
    root = make_organization()
    branch = make_organization("甲支部", parent=root, kind="branch")
    campaign = make_sealed_campaign(root, [branch])
    for number in range(37):
        make_opinion(campaign.polls.get(), f"第{number}条意见")

    assert paragraphs_of(summary_of(Scope.of(campaign, campaign.organizer)), "opinions")[0] == "共征求到意见建议37条。"


def make_two_channels(online, **overrides):
    """A sealed poll: 41 at the meeting, and others by another channel; 78 people were there."""
    poll = make_open_poll(indicators=("总体评价",), **overrides)
    enter_ballots(make_batch(poll, method="entered"), {"1": 39, "2": 1, "-": 1})
    batch = make_batch(poll, channel="paper", method="entered")
    enter_ballots(batch, online)
    close_poll(poll, attended=78, issued={batch.pk: 37})
    sealing.seal(poll, by=None)
    return poll


def test_c2_meeting_and_paper_are_told_apart_and_who_handed_in_nothing():
    content = summary_of(Scope.of_poll(make_two_channels({"1": 33, "2": 2})))

    sentences = paragraphs_of(content, "results")
    assert sentences[0] == "实际参评78人，收回评议表76份，2人没有交回评议表。"
    assert sentences[-1] == (
        "分渠道看，集中评议发出41份，收回41份，有效41份，满意率95.1%；书面评议发出37份，收回35份，有效35份，满意率94.3%。"
    )
    fields = dict(content.fields)
    assert [fields[f"集中评议{name}"] for name in ("发出", "收回", "有效", "满意率")] == ["41", "41", "41", "95.1%"]
    assert [fields[f"书面评议{name}"] for name in ("发出", "收回", "有效", "满意率")] == ["37", "35", "35", "94.3%"]
    assert fields["评议渠道"] == "集中评议、书面评议"


def test_a_channel_of_few_has_no_rate_of_its_own():
    content = summary_of(Scope.of_poll(make_two_channels({"1": 2, "2": 2})))

    sentence, reason = paragraphs_of(content, "results")[-2:]
    assert sentence == "分渠道看，集中评议发出41份，收回41份，有效41份；书面评议发出37份，收回4份，有效4份。"
    assert reason == "各渠道的满意率：书面评议有效票少于5张，单列任何一组都能推算出来，不单列。"
    assert (dict(content.fields)["集中评议满意率"], dict(content.fields)["书面评议满意率"]) == (None, None)


def test_channels_of_few_are_told_together_with_the_reason():
    poll = make_open_poll(indicators=("总体评价",), channels=["meeting", "paper", "online"])
    for channel, marks in (("meeting", {"1": 41}), ("paper", {"1": 6}), ("online", {"1": 1, "3": 2})):
        enter_ballots(make_batch(poll, channel=channel, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)

    sentence, joined = paragraphs_of(summary_of(Scope.of_poll(poll)), "results")[-3:-1]
    assert sentence == (
        "分渠道看，集中评议发出41份，收回41份，有效41份，满意率100.0%；书面评议发出6份，收回6份，有效6份；"
        "网络评议发出3份，收回3份，有效3份。"
    )
    assert joined == "书面评议、网络评议合计满意率77.8%（网络评议有效票少于5张，与书面评议合并列示）。"


def test_the_sheets_of_a_campaign_are_told_by_channel():
    poll = make_two_channels({"1": 35})

    content = summary_of(Scope.of(poll.campaign, poll.campaign.organizer))

    assert "分渠道看，集中评议发出41份，收回41份，有效41份；书面评议发出37份，收回35份，有效35份。" in paragraphs_of(
        content, "results"
    )


def test_nothing_is_told_that_nobody_recorded():
    """The steps of a plan were perhaps not taken; who was named at the meeting was there."""
    procedure = "支部回顾总结，党员自我评价，党员互评；上级党组织派人到会点评。"
    poll = make_sealed_poll({"11": 9}, procedure=procedure)
    Campaign.objects.update(method="召开大会。")

    content = summary_of(Scope.of_poll(poll))

    told = "".join(piece.text for section in content.drawn for paragraph in section.paragraphs for piece in paragraph)
    for deed in ("自我评价", "互评", "点评", "召开大会", "专人负责", "逐条梳理", "到会"):
        assert deed not in told
    assert paragraphs_of(content, "leadership") == ["本次评议由某局党委组织。"]

    poll.host, poll.supervisor, poll.scrutineers, poll.tellers = "王甲", "李乙", "赵丙", "钱丁、孙戊"
    poll.save()
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "leadership") == [
        "本次评议由某局党委组织。评议会由王甲主持。上级党组织派李乙到会指导。监票人：赵丙。计票人：钱丁、孙戊。"
    ]


def test_the_ways_and_the_seal_are_told_as_they_were():
    poll = make_two_channels({"1": 35})

    day = summary_of(Scope.of_poll(poll)).signed_on[0].text
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "method") == [
        f"采取集中评议、书面评议的方式，无记名填写评议表。收回的评议表经清点，于{day}封存、统计。"
    ]
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "scope") == [
        "按照活动方案，参评人员范围：全体党员和群众代表。"
    ]


def test_opinions_are_said_to_be_read_when_all_are():
    poll = make_sealed_poll({"11": 9})
    opinion = make_opinion(poll)
    assert len(paragraphs_of(summary_of(Scope.of_poll(poll)), "opinions")) == 1

    OpinionReading.objects.create(opinion=opinion)

    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "opinions")[1:] == ["收到的意见建议已逐条阅办。"]


def make_cadres(count):
    """A sealed poll about some cadres on four indicators; all but the first are over the limit."""
    unit = make_organization("某局机关")
    for number in range(count):
        make_member(unit, f"干部{number}", post="cadre")
    campaign = make_campaign(
        unit, indicators=("甲", "乙", "丙", "丁"), scale="fair-4", thresholds=["cadre-fair-or-worse-half"]
    )
    campaign.questionnaires.update(target_kind="cadre", target_rule="its_cadres", title="干部评议表")
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"1111" + "4444" * (count - 1): 31, "1" * 4 * count: 29})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_persons_are_named_after_the_decision_alone_and_in_one_sentence():
    poll = make_cadres(5)
    before = summary_of(Scope.of_poll(poll))

    assert paragraphs_of(before, "results") == [
        "共发出评议表60份，收回60份。",
        "对5人逐人进行了评议，各人的票数和占比见结果表。",
        wording.DISSATISFIED,
    ]
    assert "有4项评议结果超过阈值，尚未认定；小结中不写其后果。" in before.hints
    first, second, third, _ = crossings_of([results_of(poll)])
    for crossing, state in ((first, "confirmed"), (second, "dismissed"), (third, "confirmed")):
        decide_finding(crossing, state=state, by=None, reason="组织研究")

    after = summary_of(Scope.of_poll(poll))

    assert paragraphs_of(after, "use")[0] == (
        "经组织认定，干部1、干部3的“一般”“不满意”票超过1/2：在年度考核定等中不能定为称职及以上等次；按年度考核办法的相关规定进行处理。"
    )
    told = [text for section in after.drawn for text in paragraphs_of(after, section.key)]
    assert sum("干部1" in text for text in told) == 1
    assert not any(name in text for text in told for name in ("干部0", "干部2", "干部4"))
