"""The parts of a notice beside its results (seeds S0-5, S1-1): chosen one by one, persons and hidden polls left out."""

from datetime import date

import pytest

from ballots import actions as ballot_actions
from ballots.counting import sealing
from ballots.models import Opinion
from campaigns import actions
from campaigns.models import Questionnaire, Target, TargetKind
from reports.announcements import extra_choices, further_results
from reports.announcements.actions import publish_announcement
from reports.ledger import actions as ledger_actions
from reports.ledger.measures import add_measure
from reports.models import Announcement, Finding, OpinionReading
from reports.opinions.desk import Answers, merge_opinions, read_opinion, send_to_ledger
from reports.report import content_of_announcement
from tests.factories import (
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_branch_poll,
    make_campaign,
    make_closed_problem,
    make_comment,
    make_commitment,
    make_member,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_sealed_poll,
    make_unit_announcement,
)

pytestmark = pytest.mark.django_db
Extra = Announcement.Extra
EVERYTHING = [extra.value for extra in Extra]


def lists(announcement):
    """heading → (subject, text, remark) of each entry."""
    return {
        part.heading: [(entry.subject, entry.text, entry.remark) for entry in part.entries]
        for part in content_of_announcement(announcement).lists
    }


def read(opinion, **columns):
    read_opinion(opinion, by=None, answers=Answers(columns))


@pytest.fixture
def poll():
    return make_sealed_poll({"11": 20})


@pytest.fixture
def branch():
    """A sealed poll about a branch, its secretary and two members."""
    poll = make_branch_poll(member_count=3)
    cells = sum(len(section["indicators"]) for section in poll.form["sections"])
    enter_ballots(make_batch(poll, method="entered", category=poll.campaign.categories.first().name), {"1" * cells: 9})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_nothing_beside_the_results_is_there_unless_it_was_chosen(poll):
    make_commitment(poll.organization)
    make_comment(poll.campaign, poll.organization)
    make_problem(poll.organization, campaign=poll.campaign)
    read(make_opinion(poll))

    assert lists(make_announcement(poll)) == {}
    assert list(lists(make_announcement(poll, extras=["commitments"]))) == ["党组织的公开承诺和实事好事"]


def test_promises_are_told_with_what_became_of_them(poll):
    make_commitment(poll.organization, "修好楼前的路", due_on=date(2026, 12, 31), note="已经招标。")
    make_commitment(poll.organization, "装路灯", status="fulfilled", fulfilled_on=date(2026, 8, 1))
    make_commitment(poll.organization, "每月走访", make_member(poll.organization, "张三"))

    assert lists(make_announcement(poll, extras=["commitments"])) == {
        "党组织的公开承诺和实事好事": [
            ("某局党委", "修好楼前的路", "完成时限：2026年12月31日；践诺中；已经招标。"),
            ("某局党委", "装路灯", "已兑现（2026年8月1日）。"),
        ]
    }
    assert lists(make_announcement(poll, extras=["member-commitments"])) == {
        "党员个人的公开承诺": [("张三", "每月走访", "践诺中。")]
    }


def test_comments_on_the_organization_and_on_members_are_apart(poll):
    make_comment(poll.campaign, poll.organization, leader_post="县委书记", follow_up="开了会。")
    member = make_member(poll.organization, "张三")
    make_comment(poll.campaign, poll.organization, member, content="还要改进。", points={"member-style": "踏实"})

    assert lists(make_announcement(poll, extras=["comments"])) == {
        "领导对党组织的点评": [
            ("某局党委", "工作扎实。", "赵书记（县委书记），2026年11月10日会议集中点评；整改落实情况：开了会。")
        ]
    }
    ((subject, text, _),) = lists(make_announcement(poll, extras=["member-comments"]))["领导对党员个人的点评"]
    assert (subject, text) == ("张三", "工作作风情况：踏实\n还要改进。")


def test_opinions_are_told_as_read_and_masked_with_their_answers(poll):
    make_opinion(poll, "没有人看过的意见")
    masked, sent, alike = (make_opinion(poll, text) for text in ("王科长态度差", "食堂再便宜些", "食堂便宜些"))
    read(masked, masked_text="有的干部态度差", category="工作作风", is_in_place="no")
    read(make_opinion(poll, "无"), is_set_aside=True)
    first = merge_opinions(poll, [sent.pk, alike.pk], by=None)
    problem, _ = send_to_ledger(Opinion.objects.get(pk=first.pk), by=None)

    told = lists(make_announcement(poll, extras=["suggestion"]))["群众的意见建议"]

    assert sorted(told) == sorted(
        [("某局党委", "有的干部态度差", ""), ("某局党委", first.text, "2人提出；办理情况：待定措施。")]
    )
    add_measure(problem.pk, {"content": "降价"}, by=None)
    assert [remark for _, text, remark in told if text == first.text] == ["2人提出；办理情况：待定措施。"]


def test_an_opinion_s_answer_is_the_reply_of_its_closed_problem(poll):
    opinion = make_opinion(poll)
    closed = make_closed_problem(poll.organization, campaign=poll.campaign, reply="已加开窗口。")
    OpinionReading.objects.create(opinion=opinion, problem=closed)

    ((_, _, remark),) = lists(make_announcement(poll, extras=["suggestion"]))["群众的意见建议"]

    assert remark == "答复：已加开窗口。"


def ask_openly(poll, kind, title):
    """An open question on the poll's ballot."""
    questionnaire = Questionnaire.objects.create(
        campaign=poll.campaign,
        key=kind,
        title=title,
        target_kind="open",
        target_rule="open_question",
        scale=poll.campaign.questionnaires.first().scale,
        opinion_kind=kind,
    )
    return Target.objects.create(poll=poll, kind=TargetKind.OPEN, name=title, questionnaire=questionnaire)


def test_what_most_people_named_comes_first_in_the_lists_of_the_best_and_the_worst(poll):
    """S1-1: 「都要对群众最满意的实事和群众最不满意的事项进行评议,并公之于众」."""
    best = ask_openly(poll, "satisfied_deed", "群众最满意的实事")
    worst = ask_openly(poll, "dissatisfied_matter", "群众最不满意的事项")
    read(make_opinion(poll, "停车难", target=worst))
    deeds = [make_opinion(poll, text, target=best) for text in ("装电梯", "修路", "修了路")]
    read(deeds[0])
    first = merge_opinions(poll, [deed.pk for deed in deeds[1:]], by=None)

    told = lists(make_announcement(poll, extras=["dissatisfied_matter", "satisfied_deed"]))

    assert told == {
        "群众最满意的实事": [("", first.text, "2人提出。"), ("", "装电梯", "")],
        "群众最不满意的事项": [("", "停车难", "")],
    }


def test_opinions_about_a_person_who_is_not_in_the_notice_are_left_out(branch):
    unit, person = branch.targets.get(member=None), branch.targets.filter(member__post="member").first()
    for target, text in ((unit, "多开会"), (person, "少迟到")):
        read(make_opinion(branch, text, target=target))
    kinds = list({Extra.SUGGESTION.value, unit.questionnaire.opinion_kind, person.questionnaire.opinion_kind})

    without = str(lists(make_announcement(branch, target_ids=[unit.pk], extras=kinds)))
    beside = str(lists(make_announcement(branch, target_ids=[unit.pk, person.pk], extras=kinds)))
    alone = str(lists(make_announcement(branch, target=person, target_ids=[person.pk], extras=kinds)))

    assert [("多开会" in text, "少迟到" in text) for text in (without, beside, alone)] == [
        (True, False),
        (True, True),
        (False, True),
    ]


def test_the_open_part_of_the_ledger_is_told_without_findings_and_persons(branch):
    unit, person = branch.targets.get(member=None), branch.targets.filter(member__post="member").first()
    facts = {"campaign": branch.campaign}
    make_problem(
        branch.organization,
        content="排队久",
        measures=[None],
        responsible_unit="办公室",
        due_on=date(2026, 12, 1),
        target=unit,
        **facts,
    )
    make_problem(branch.organization, content="说人的", target=person, **facts)
    finding = Finding.objects.create(rule="org-dissatisfied-third", target=unit)
    make_problem(branch.organization, content="认定来的", finding=finding, **facts)
    make_closed_problem(branch.organization, content="办完了的", **facts)

    told = lists(make_announcement(branch, extras=["problems"]))

    assert told == {
        "还没有办结的问题": [
            (
                "",
                "排队久",
                "整改措施：措施1（正在落实）；责任单位：办公室；完成时限：2026年12月1日；办理情况：正在整改。",
            )
        ]
    }
    about = make_announcement(branch, target=person, target_ids=[person.pk], extras=["problems"], has_problems=True)
    assert [text for _, text, _ in lists(about)["还没有办结的问题"]] == ["说人的"]
    assert content_of_announcement(about).problems.startswith("列入整改台账的问题1个")


def test_a_notice_about_one_member_has_that_member_s_promises_and_comments_alone(branch):
    person = branch.targets.filter(member__post="member").first()
    other = branch.organization.members.exclude(pk=person.member_id).filter(post="member").first()
    for member in (person.member, other):
        make_commitment(branch.organization, f"{member.name}的承诺", member)
        make_comment(branch.campaign, branch.organization, member, content=f"说{member.name}")
    notice = make_announcement(
        branch, target=person, target_ids=[person.pk], extras=["member-commitments", "member-comments"]
    )

    told = lists(notice)

    assert [text for _, text, _ in told["党员个人的公开承诺"]] == [f"{person.name}的承诺"]
    assert [text for _, text, _ in told["领导对党员个人的点评"]] == [f"说{person.name}"]
    assert other.name not in str(content_of_announcement(notice).as_json())


def test_each_place_has_its_own_parts_to_choose_from(branch):
    person, unit = branch.targets.filter(member__post="member").first(), branch.targets.get(member=None)
    of_unit = Announcement(campaign=branch.campaign, organization=branch.organization)

    def kinds(announcement):
        return {kind for kind, _ in extra_choices(announcement)}

    # Where no window was taken there are no taps to announce, and without a scheme no scores.
    assert kinds(of_unit) == set(EVERYTHING) - {"instant", "scores"}
    assert kinds(Announcement(poll=branch)) == set(EVERYTHING) - {"units", "instant", "scores"}
    assert "commitments" not in kinds(Announcement(poll=branch, target=person))
    assert "member-commitments" not in kinds(Announcement(poll=branch, target=unit))


def test_a_place_has_no_further_results_without_windows_and_a_scheme_and_those_that_are_known_are_not_asked_for(
    branch, django_assert_num_queries
):
    notice = Announcement(poll=branch)

    assert further_results(notice.scope) == ()
    with django_assert_num_queries(0):
        kinds = {kind for kind, _ in extra_choices(notice, ("scores",))}
    assert kinds == set(EVERYTHING) - {"units", "instant"}


def test_a_unit_s_notice_lists_what_is_below_it_with_its_unit():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_sealed_campaign(root, branches)
    for branch in branches:
        make_commitment(branch, f"{branch}的承诺")
        make_problem(branch, campaign=campaign, content=f"{branch}的问题")
        read(make_opinion(campaign.polls.get(organization=branch), f"给{branch}的意见"))
    elsewhere = make_sealed_poll(organizer=make_organization("外单位"))
    make_commitment(elsewhere.organization, "外单位的承诺")
    read(make_opinion(elsewhere, "给外单位的意见"))

    told = lists(make_unit_announcement(campaign, root, extras=["problems", "suggestion", "commitments"]))

    assert {heading: [entry[:2] for entry in entries] for heading, entries in told.items()} == {
        "还没有办结的问题": [("甲支部", "甲支部的问题"), ("乙支部", "乙支部的问题")],
        "群众的意见建议": [("甲支部", "给甲支部的意见"), ("乙支部", "给乙支部的意见")],
        "党组织的公开承诺和实事好事": [("甲支部", "甲支部的承诺"), ("乙支部", "乙支部的承诺")],
    }
    own = lists(make_unit_announcement(campaign, branches[0], extras=["commitments"]))
    assert [text for _, text, _ in own["党组织的公开承诺和实事好事"]] == ["甲支部的承诺"]


def test_opinions_and_problems_of_a_poll_that_is_not_shown_are_left_out_of_the_sum():
    root = make_organization()
    campaign = make_campaign(root)
    sizes = {"甲支部": 1, "乙支部": 20, "丙支部": 30, "丁支部": 40}
    actions.make_polls(campaign, [make_organization(name, parent=root, kind="branch") for name in sizes])
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.select_related("organization"):
        enter_ballots(make_batch(poll, method="entered"), {"11": sizes[poll.organization.name]})
        close_poll(poll)
        sealing.seal(poll, by=None)
        read(make_opinion(poll, f"{poll.organization}的意见"))
        make_problem(
            poll.organization, campaign=campaign, content=f"{poll.organization}的问题", target=poll.targets.get()
        )

    told = str(lists(make_unit_announcement(campaign, root, extras=["problems", "suggestion"])))

    assert ("甲支部" in told, "丁支部的意见" in told, "丁支部的问题" in told) == (False, True, True)


def test_words_that_are_masked_later_go_from_what_was_published(poll):
    opinion = make_opinion(poll, "王科长态度差")
    problem, _ = send_to_ledger(opinion, by=None)
    notice = make_announcement(poll, extras=["suggestion", "problems"])
    above = make_unit_announcement(poll.campaign, poll.organization, extras=["suggestion"])
    for announcement in (notice, above):
        publish_announcement(announcement, by=None, today=date(2026, 9, 28))
    reading = OpinionReading.objects.get(opinion=opinion)

    read_opinion(opinion, by=None, answers=Answers({"masked_text": "有的干部态度差"}, seen=reading.revision))

    problem.refresh_from_db()
    assert problem.content == "有的干部态度差"
    for announcement in (notice, above):
        published = str(Announcement.objects.get(pk=announcement.pk).content)
        assert ("王科长" in published, "有的干部态度差" in published) == (False, True)


def test_a_published_notice_keeps_its_lists_when_the_ledger_moves_on(poll):
    problem = make_problem(poll.organization, campaign=poll.campaign, measures=[date(2026, 9, 1)])
    notice = publish_announcement(make_announcement(poll, extras=["problems"]), by=None, today=date(2026, 9, 28))
    before = lists(notice)

    end = {"reply": "已答复", "publicity": "", "done_on": date(2026, 9, 2)}
    ledger_actions.close_problem(problem.pk, seen=problem.revision, by=None, **end)

    assert before and lists(Announcement.objects.get(pk=notice.pk)) == before
    assert lists(make_announcement(poll, extras=["problems"])) == {}
