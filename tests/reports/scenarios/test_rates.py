"""Rates and their denominators, complete and empty (C4 to C8, C11 to C14)."""

import pytest
from django.urls import reverse

from ballots.counting import closing, sealing, tally
from reports import wording
from reports.report import content_of_poll, summary_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_cast,
    make_member,
    make_open_poll,
    make_sealed_poll,
)
from tests.words import words

from .printed import ONE, make_poll_about_members, make_two_branches, page_of, paragraphs_of

pytestmark = pytest.mark.django_db

# C4, C5, C6, C8


def test_c4_all_satisfied_is_said_without_a_word_on_the_dissatisfied():
    poll = make_sealed_poll({"1": 66}, indicators=ONE)

    assert "会上共分发测评表66份，收回66份，对某局党委的总体评价满意率为100.0%。" in paragraphs_of(poll)
    assert "不满意的" not in "".join(paragraphs_of(poll))
    assert paragraphs_of(poll, "opinions")[0] == "未征求到意见建议。"


@pytest.mark.parametrize(("decimals", "printed"), [(1, ["98.0", "2.0", "0.0"]), (0, ["98", "2", "0"])])
def test_c6_one_decimal_or_whole_numbers(client, decimals, printed):
    poll = make_sealed_poll({"1": 941, "2": 19}, indicators=ONE, decimals=decimals)

    (table,) = content_of_poll(poll).tables
    assert [figure.rate.text for figure in table.rows[0].figures][:3] == printed
    assert table.rows[0].note == ""
    assert f"满意941份，占{printed[0]}%；基本满意19份，占{printed[1]}%；无不满意票。" in "".join(paragraphs_of(poll))


def test_c8_each_rate_has_its_sign_and_the_overall_one_is_its_own_ballots():
    counts = {"甲": 4321, "乙": 4269, "丙": 4220, "丁": 4308, "总体评价": 4330}
    ballots = ["".join("1" if place < count else "2" for count in counts.values()) for place in range(4378)]
    poll = make_sealed_poll({marks: ballots.count(marks) for marks in sorted(set(ballots))}, indicators=tuple(counts))

    (sentence,) = [each for each in paragraphs_of(poll) if "各项评议内容" in each]

    assert sentence == (
        "对某局党委各项评议内容的满意率，“甲”为98.7%，“乙”为97.5%，“丙”为96.4%，“丁”为98.4%，“总体评价”为98.9%。"
    )
    assert "97.8%" not in "".join(paragraphs_of(poll))


def test_c5_twelve_of_twelve_are_said_by_verdict_and_no_limit_is_crossed(client):
    poll = make_poll_about_members()

    assert paragraphs_of(poll) == ["应参加评议党员12名，实际参加12名，合格12名。"]
    assert "优秀0名，占0.0%，未超过上限4名（党员总数12名的三分之一）。" in words(page_of(client, poll))
    assert summary_of(Scope.of_poll(poll)).is_complete


def test_c7_two_forms_on_one_ballot_and_commitments_by_member(client):
    campaign = make_two_branches({"1": 10}, {"1": 90}, both=True)
    for unit in campaign.polls.all():
        member = make_member(unit.organization)
        for place in range(3):
            member.commitments.create(organization=unit.organization, content=f"第{place}件")
    client.force_login(make_cast(campaign.organizer).officer)

    page = words(client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode())

    assert "100.0%（2/2） 已封存的评议点 100 发出 200 发出的评议表（每个评议对象一份） 100 收回" in page
    assert "公开承诺6项，党员2名，人均3.00项。" in page
    assert wording.commitments_sentence(13430, 4720) == "公开承诺13430项，党员4720名，人均2.85项。"


def test_c7_one_unit_missing_is_never_a_hundred_percent():
    campaign = make_two_branches({"1": 10}, None)

    assert roll_up(campaign).coverage_text == "50.0%（1/2）"
    assert tally.rate_of(411, 412).text == "99.8"


# C11


@pytest.mark.parametrize(
    ("mode", "first", "second"),
    [
        ("note", ["95.04", "2.84", "2.13", "0.00"], ["95.04", "3.55", "1.42", "0.00"]),
        ("last", ["95.04", "2.84", "2.12", "0.00"], ["95.04", "3.55", "1.41", "0.00"]),
        ("largest", ["95.03", "2.84", "2.13", "0.00"], ["95.03", "3.55", "1.42", "0.00"]),
    ],
)
def test_c11_three_ways_to_100_and_a_rate_that_is_not_called_satisfaction(client, mode, first, second):
    lines = ((134, 4, 3), (134, 5, 2), (127, 8, 6), (126, 9, 6), (132, 7, 2))
    columns = [
        "".join("1" * satisfied + "2" * rather + "3" * dissatisfied) for satisfied, rather, dissatisfied in lines
    ]
    ballots = ["".join(marks) for marks in zip(*columns, strict=True)]
    poll = make_sealed_poll(
        {marks: ballots.count(marks) for marks in sorted(set(ballots))},
        indicators=("一", "二", "三", "四", "五"),
        scale="satisfaction-4",
        decimals=2,
        sum_to_100=mode,
    )

    (table,) = content_of_poll(poll).tables
    page = page_of(client, poll)

    assert [figure.rate.text for figure in table.rows[0].figures][:4] == first
    assert [figure.rate.text for figure in table.rows[1].figures][:4] == second
    assert {row.positive.text for row in table.rows} == {"100.00"}
    assert (table.rate_name, table.positive_name) == ("满意率", "综合满意率")
    assert ("各项之和可能不等于100%" in page) == (mode == "note")


# C12


@pytest.mark.parametrize(
    ("rules", "head", "figures"),
    [
        ({}, "分母：有效票", "94 74.5% 90.4%"),
        ({"blank": "invalid"}, "分母：有效票", "90 77.8% 94.4%"),
        ({"base": "returned"}, "分母：收回票", "96 72.9% 88.5%"),
    ],
)
def test_c12_every_head_names_its_denominator(client, rules, head, figures):
    poll = make_open_poll(indicators=ONE, **rules)
    batch = make_batch(poll, method="entered")
    enter_ballots(batch, {"1": 70, "2": 15, "3": 5, "-": 4, "x": 2})
    close_poll(poll, issued={batch.pk: 100})
    sealing.seal(poll, by=None)
    people = make_cast(poll.organization)

    page = words(page_of(client, poll, people=people))
    sums = words(client.get(reverse("reports:campaign_results", args=[poll.campaign_id])).content.decode())

    assert head in page and head in sums
    assert figures in page and figures in sums


# C13, C14


def test_c13_more_returned_than_issued_gives_no_rate_and_is_said_in_red(client):
    poll = make_open_poll(indicators=ONE)
    broken = make_batch(poll, method="entered")
    enter_ballots(broken, {"1": 51})
    closing.void_batch(broken, by=None, reason="收回多于发出", issued=50, returned=51)
    close_poll(poll)
    sealing.seal(poll, by=None)

    page = page_of(client, poll)

    message = "收回的测评票多于发出的测评票（发出50，收回51），本次测评无效，应重新进行测评。"
    assert f'<div class="alert alert-danger" role="alert">集中评议·党员：{message}</div>' in page
    assert "%" not in words(page).partition("评议内容")[2].partition("图例")[0]
    assert content_of_poll(poll).tables[0].rows[0].satisfaction.text == "—"
    assert "50 51 已作废" in words(page)


def test_c14_nothing_returned_prints_dashes_and_judges_nothing(client):
    poll = make_open_poll(indicators=ONE, thresholds=["org-dissatisfied-third"], judgement="majority")
    batch = make_batch(poll, method="entered")
    close_poll(poll, issued={batch.pk: 30})
    sealing.seal(poll, by=None)

    content = content_of_poll(poll)
    page = words(page_of(client, poll))

    assert {figure.rate.text for figure in content.tables[0].rows[0].figures} == {"—"}
    assert (content.tables[0].rows[0].base, content.crossings, content.tables[0].verdicts) == (None, (), ())
    assert "30 0 0 0 0" in page
    assert "0.0%" not in page
    assert "未收回有效评议表，不计算满意率。" in page
