"""Members who appraise each other, and the limit of 优秀 (C16, C17)."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Target
from reports.models import ExcellentCount
from reports.report import content_of_poll, summary_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_member,
    make_organization,
)
from tests.words import words

from .printed import page_of, paragraphs_of, rows_of

pytestmark = pytest.mark.django_db

# C16


def make_member_poll(ballots, *, full=9, probationary=("刘某",), attended=None, **overrides):
    """A sealed poll in which the members of a branch grade one another: marks → how many."""
    branch = make_organization("第一支部", kind="branch")
    for place in range(full):
        make_member(branch, "张某" if place == 0 else "李某" if place == 1 else f"党员{place}")
    for name in probationary:
        make_member(branch, name, status="probationary")
    campaign = make_campaign(branch, indicators=("评定",), scale="member-4", **overrides)
    campaign.questionnaires.update(target_kind="member", target_rule="its_members", title="党员评议表")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), ballots)
    close_poll(poll, attended=attended)
    sealing.seal(poll, by=None)
    return poll


def cells(poll):
    """Each target's base, counts and rates as printed."""
    return {
        table.target: (
            table.rows[0].printed_base,
            [(figure.label, figure.count, figure.rate.text) for figure in table.rows[0].figures],
        )
        for table in content_of_poll(poll).tables
    }


# Zhang: 优秀6 合格3 空1. Li: 优秀4 合格5 and one with two grades. The others: 合格 throughout.
C16 = {"11" + "2" * 7: 4, "12" + "2" * 7: 2, "22" + "2" * 7: 3, "-x" + "2" * 7: 1}


def test_c16_a_probationary_member_is_listed_without_a_grade_and_is_not_on_the_ballot(client):
    poll = make_member_poll(C16)

    page = words(page_of(client, poll))

    assert len(content_of_poll(poll).tables) == 9
    assert not Target.objects.filter(name="刘某").exists()
    assert "刘某 不评定等次" in page
    assert "预备党员刘某参加评议，不评定等次。" in paragraphs_of(poll)


def test_c16_blank_is_abstention_and_two_grades_spoil_their_own_row_alone():
    printed = cells(make_member_poll(C16))

    assert printed["张某"] == (
        "10",
        [("优秀", 6, "60.0"), ("合格", 3, "30.0"), ("基本合格", 0, "0.0"), ("不合格", 0, "0.0"), ("弃权", 1, "10.0")],
    )
    assert printed["李某"][0] == "9"
    assert [rate for _, _, rate in printed["李某"][1]] == ["44.4", "55.6", "0.0", "0.0", "0.0"]
    others = [printed[name] for name in printed if name not in ("张某", "李某")]
    assert len(others) == 7
    assert {base for base, _ in others} == {"10"}


# Nine full members leave their own rows blank, the tenth is probationary and appraises all nine.
BY_OTHERS = {"2" * place + "-" + "2" * (8 - place): 1 for place in range(9)} | {"1" * 9: 1}


@pytest.mark.parametrize("base", ["valid", "returned", "attended"])
def test_c16_where_nobody_appraises_themselves_each_of_nine_has_a_base_of_nine(base):
    poll = make_member_poll(BY_OTHERS, is_self_excluded=True, base=base, attended=10)

    printed = cells(poll)

    assert {denominator for denominator, _ in printed.values()} == {"9"}
    assert all(("弃权", 0, "0.0") in figures for _, figures in printed.values())
    assert printed["张某"][1][:2] == [("优秀", 1, "11.1"), ("合格", 8, "88.9")]
    (line,) = roll_up(poll.campaign).lines
    assert (line.result.base, line.result.cell.total) == (81, 90)
    assert rows_of(poll)[0]["base"] == 9


def test_c16_without_that_rule_one_s_own_blank_is_an_abstention():
    assert {base for base, _ in cells(make_member_poll(BY_OTHERS)).values()} == {"10"}


def test_c16_who_has_no_blank_may_have_appraised_themselves_and_is_named():
    ballots = {"1" + "2" * 8: 1} | {marks: count for marks, count in BY_OTHERS.items() if not marks.startswith("-")}

    content = content_of_poll(make_member_poll(ballots, is_self_excluded=True))

    assert content.tables[0].rows[0].base == 10
    assert "张某有的项没有空白票，没有减去本人的一张，请核对是否评了自己。" in content.notes


# C17


def make_body_poll(ballots, *, entitled=None, **overrides):
    """A sealed poll in which the members of a branch are graded as one body, a ballot a member."""
    branch = make_organization("第一支部", kind="branch")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4", **overrides)
    campaign.questionnaires.update(target_kind="member", target_rule="members_together", target_name="全体党员")
    actions.make_polls(campaign, [branch])
    campaign.polls.update(entitled_count=entitled)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), ballots)
    close_poll(poll, attended=entitled)
    sealing.seal(poll, by=None)
    return poll


def named_excellent(client, poll, **facts):
    client.force_login(make_cast(poll.organization).secretary)
    return client.post(reverse("reports:excellent_edit", args=[poll.pk]), facts)


@pytest.mark.parametrize(
    ("rule", "facts", "sentence"),
    [
        ("members", (4, 12, 12), "优秀4名，占33.3%，未超过上限4名（党员总数12名的三分之一）。"),
        ("members", (5, 12, 12), None),
        ("members", (4, 13, 13), "优秀4名，占30.8%，未超过上限4名（党员总数13名的三分之一）。"),
        ("members", (5, 13, 13), None),
        ("members", (5, 15, 14), "优秀5名，占33.3%，未超过上限5名（党员总数15名的三分之一）。"),
        ("attended", (5, 15, 14), None),
        ("attended", (4, 15, 14), "优秀4名，占28.6%，未超过上限4名（参评党员14名的三分之一）。"),
    ],
)
def test_c17_a_third_rounded_down_is_the_limit(client, rule, facts, sentence):
    poll = make_body_poll({"2": 10}, excellent_limit=rule)
    excellent, members, attended = facts

    response = named_excellent(client, poll, excellent=excellent, members=members, attended=attended)

    if sentence:
        assert content_of_poll(poll).excellent.sentence == sentence
    else:
        assert "优秀5名，超过上限4名" in response.content.decode()
        assert not ExcellentCount.objects.exists()


def test_c17_more_goes_on_with_a_reason_that_stays(client):
    poll = make_body_poll({"2": 10})
    people = make_cast(poll.organization)
    facts = {"excellent": 5, "members": 12, "attended": 12, "reason": "抗洪抢险表现突出"}
    client.force_login(people.secretary)

    client.post(reverse("reports:excellent_edit", args=[poll.pk]), facts)

    row = ExcellentCount.objects.get()
    assert (row.excellent, row.reason, row.decided_by) == (5, "抗洪抢险表现突出", people.secretary)
    sentence = "优秀5名，超过上限4名（党员总数12名的三分之一）。理由：抗洪抢险表现突出。"
    assert sentence in words(page_of(client, poll, people=people))
    assert sentence in paragraphs_of(poll)


def test_c17_all_30_excellent_are_more_than_10(client):
    poll = make_body_poll({"1": 30}, entitled=30)

    assert "优秀30名，超过上限10名（党员总数30名的三分之一）。" in words(page_of(client, poll))
    assert not summary_of(Scope.of_poll(poll)).is_complete


def test_c17_the_committee_above_and_tellers_name_nobody(client):
    poll = make_body_poll({"2": 10})
    people = make_cast(poll.organization)
    address = reverse("reports:excellent_edit", args=[poll.pk])

    for who, status in (("officer", 403), ("teller", 403), ("outsider", 404)):
        client.force_login(getattr(people, who))
        assert client.post(address, {"excellent": 1, "members": 9, "attended": 9}).status_code == status
    assert not ExcellentCount.objects.exists()
