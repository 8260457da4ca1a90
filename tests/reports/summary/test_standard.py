"""Sections stand in standard wording until a secretary writes another."""

import pytest

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns.actions import make_polls
from campaigns.models import Campaign, Poll
from reports.models import Summary
from reports.report import summary_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_commitment,
    make_gathered,
    make_member,
    make_open_poll,
    make_organization,
    make_problem,
    make_sealed_poll,
)
from tests.reports.summary.worded import paragraphs_of

pytestmark = pytest.mark.django_db


def test_a_secretary_s_words_replace_the_standard_and_only_the_change_is_kept():
    poll = make_sealed_poll()
    texts = {"shortcomings": "个别同志准备不够充分,下次改进。"}

    save_summary(Scope.of_poll(poll), texts, by=None)

    assert Summary.objects.get().texts == {"shortcomings": "个别同志准备不够充分,下次改进。"}
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "shortcomings") == ["个别同志准备不够充分，下次改进。"]


def test_c7_commitments_have_a_part_of_their_own_where_there_are_any():
    poll = make_sealed_poll({"11": 41})
    without = paragraphs_of(summary_of(Scope.of_poll(poll)), "commitments")
    member = make_member(poll.organization)
    make_commitment(poll.organization, "修路", member, status="fulfilled")
    make_commitment(poll.organization, "装灯", member)

    assert without == []
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "commitments") == [
        "公开承诺2项，党员1名，人均2.00项。",
        "已兑现1项，兑现率50.0%（1/2）。",
    ]


def test_the_leading_group_stands_where_it_was_recorded_and_nothing_where_it_was_not():
    poll = make_sealed_poll(organizer=make_organization("某党委", kind="committee"))
    scopes = (Scope.of_poll(poll), Scope.of(poll.campaign, poll.organization))

    without = ["".join(paragraphs_of(summary_of(scope), "leadership")) for scope in scopes]
    poll.campaign.group_head, poll.campaign.group_office = "王某（党委书记）", "设在组织科，李某任主任。"
    recorded = ["".join(paragraphs_of(summary_of(scope), "leadership")) for scope in scopes]

    sentence = "成立评议工作领导小组，组长：王某（党委书记）；办公室：设在组织科，李某任主任。"
    assert not any("领导小组" in words for words in without)
    assert all(words.startswith(f"本次评议由某党委组织。{sentence}") for words in recorded)


def told(scope):
    """Everything that a 小结 says, by section, without its date."""
    content = summary_of(scope)
    return {section.key: paragraphs_of(content, section.key) for section in content.drawn}


def make_bare_poll():
    """A sealed poll of a campaign in which nobody recorded anything but what opening and sealing need."""
    poll = make_open_poll(basis="", participant_scope="群众代表。")
    Campaign.objects.update(content="", use_of_results="", participant_scope="")
    close_poll(poll)
    sealing.seal(poll, by=None)
    return Poll.objects.select_related("campaign", "organization").get(pk=poll.pk)


NOTHING_BUT_GAPS = {
    "leadership": ["本次评议由某局党委组织。"],
    "scope": ["【待填】"],
    "content": ["【待填】"],
    "opinions": ["未征求到意见建议。"],
    "use": ["【待填】"],
    # Intentions, and no deeds.
    "next_steps": [
        "坚持从群众最需要的地方做起，从群众最不满意的地方改起，抓好整改落实，把群众评议作为经常性工作坚持下去。"
    ],
}
INTRO = "某局党委组织开展了“2026年度群众评议”。现将有关情况小结如下："


def test_of_a_poll_of_which_nothing_was_recorded_nothing_is_stated():
    poll = make_bare_poll()

    day = summary_of(Scope.of_poll(poll)).signed_on[0].text
    assert told(Scope.of_poll(poll)) == {
        "intro": [INTRO],
        **NOTHING_BUT_GAPS,
        "method": [f"没有收回评议表，于{day}封存。"],
        "results": ["共发出评议表0份，收回0份。未收回有效评议表，不计算满意率。"],
    }


def test_of_a_unit_of_which_nothing_was_recorded_nothing_is_stated():
    poll = make_bare_poll()

    assert told(Scope.of(poll.campaign, poll.organization)) == {
        "intro": [INTRO],
        **NOTHING_BUT_GAPS,
        "results": ["未收回有效评议表，不计算满意率。"],
    }


@pytest.mark.parametrize("of_scope", [Scope.of_poll, lambda poll: Scope.of(poll.campaign, poll.organization)])
def test_a_unit_that_its_campaign_s_title_names_is_named_once(of_scope):
    poll = make_bare_poll()
    Campaign.objects.update(title="某局党委2026年度群众评议")
    poll = Poll.objects.select_related("campaign", "organization").get(pk=poll.pk)

    assert told(of_scope(poll))["intro"] == ["某局党委组织开展了2026年度群众评议。现将有关情况小结如下："]


RECORDED = {
    "评议会由王甲主持。": lambda poll: Poll.objects.update(host="王甲"),
    "上级党组织派李乙到会指导。": lambda poll: Poll.objects.update(supervisor="李乙"),
    "监票人：赵丙。": lambda poll: Poll.objects.update(scrutineers="赵丙"),
    "计票人：钱丁。": lambda poll: Poll.objects.update(tellers="钱丁"),
    "在二楼会议室组织开展": lambda poll: Poll.objects.update(place="二楼会议室"),
    "于2026年11月8日组织开展": lambda poll: Poll.objects.update(meeting_on="2026-11-08"),
    "按照某发〔2026〕1号要求，": lambda poll: Campaign.objects.update(basis="某发〔2026〕1号"),
    "成立评议工作领导小组，组长：王某。": lambda poll: Campaign.objects.update(group_head="王某"),
    "参评人员范围：": lambda poll: Campaign.objects.update(participant_scope="全体党员。"),
    "上级领导对本单位作了点评。": lambda poll: make_comment(poll.campaign, poll.organization),
    "共梳理发现问题1个，尚未登记整改措施。": lambda poll: make_problem(poll.organization, campaign=poll.campaign),
    "共征求到评议意见和建议1条": lambda poll: make_gathered(poll),
    "公开承诺1项": lambda poll: make_commitment(poll.organization),
    "应参评": lambda poll: Poll.objects.update(entitled_count=9, attended_count=0),
}


@pytest.mark.parametrize("sentence", RECORDED)
def test_each_sentence_about_a_fact_stands_once_the_fact_is_recorded_and_not_before(sentence):
    poll = make_bare_poll()
    before = str(told(Scope.of_poll(poll)))

    RECORDED[sentence](poll)

    assert sentence not in before
    fresh = Poll.objects.select_related("campaign", "organization").get(pk=poll.pk)
    assert sentence in str(told(Scope.of_poll(fresh)))


def test_a_channel_from_which_nothing_came_is_no_way_that_was_taken_and_no_meeting():
    root = make_organization()
    branches = [
        make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部", "第三党支部")
    ]
    campaign = make_campaign(root)
    make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    first, second, _ = campaign.polls.order_by("path")
    enter_ballots(make_batch(first, method="entered"), {"11": 5})
    make_batch(first, channel="paper")
    make_batch(second)
    for poll in (first, second):
        close_poll(poll)
        sealing.seal(poll, by=None)
        poll.refresh_from_db()

    of_unit = told(Scope.of(Campaign.objects.get(), root))
    of_poll = told(Scope.of_poll(first))

    assert of_unit["method"] == [
        "采取集中评议的方式，无记名填写评议表。已封存的2个单位收回的评议表经清点，分别封存、统计，逐级汇总。"
    ]
    assert "共召开评议会议1场次" in "".join(of_unit["results"])
    assert of_poll["method"][0].startswith("采取集中评议的方式，无记名填写评议表。收回的评议表经清点，于")
