"""The acceptance scenarios as they are printed: from ballots through the seal to pages, count sheets and 小结."""

import json
import re
from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import closing, judgement, recounting, sealing, tally
from campaigns import actions
from campaigns.models import Category, Commitment, Member, Target
from reports import wording
from reports.files import pdf
from reports.models import ExcellentCount, ScoreChoice
from reports.report import content_of_poll, summary_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from reports.tables import tally_format
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_comment,
    make_member,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
    tamper,
)
from tests.words import words

pytestmark = pytest.mark.django_db
ONE = ("总体评价",)


def make_weighted_poll(marks, *, scores=(100, 80, 0), weights=("20", "30", "50"), **overrides):
    """A sealed poll with ballots of weighted categories: name → marks."""
    unit = make_organization()
    campaign = make_campaign(unit, indicators=ONE, **overrides)
    campaign.questionnaires.update(scale=actions.scale_from_library("satisfaction-3", scores=scores))
    campaign.categories.all().delete()
    for place, (name, weight) in enumerate(zip(marks, weights, strict=True), start=1):
        Category.objects.create(campaign=campaign, name=name, weight=weight, position=place)
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    for name, ballots in marks.items():
        if ballots:
            enter_ballots(make_batch(poll, category=name, method="entered"), ballots)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def page_of(client, poll, who="secretary", *, people=None, name="poll_results"):
    client.force_login(getattr(people or make_cast(poll.organization), who))
    return client.get(reverse(f"reports:{name}", args=[poll.pk])).content.decode()


def paragraphs_of(poll, key="results"):
    (section,) = [section for section in summary_of(Scope.of_poll(poll)).sections if section.key == key]
    return ["".join(piece.text for piece in paragraph) for paragraph in section.paragraphs]


def rows_of(poll):
    return json.loads(tally_format.to_json(tally_format.build(poll.campaign)))["rows"]


# C1, C3


def checked(client, poll, reported, who="secretary"):
    people = make_cast(poll.organization)
    client.force_login(getattr(people, who))
    line = f"{poll.targets.get().pk}-{poll.tally_rows.first().indicator_id}"
    return client.get(reverse("reports:rate_check", args=[poll.pk]), {"line": line, "reported": reported})


@pytest.mark.parametrize(
    ("reported", "sentence"),
    [
        ("98", "39/41=95.1%，与98%不符；98%对应满意+基本满意 40/41=97.6%，或以40票为分母 39/40=97.5%。"),
        ("97.5", "39/41=95.1%，与97.5%不符；97.5%对应以40票为分母 39/40=97.5%。"),
        ("95.1", "39/41=95.1%，与填报的95.1%相符。"),
        ("95", "39/41=95.1%，与填报的95%相符。"),
        ("95.2", "39/41=95.1%，与95.2%不符，票数得不出95.2%，不能按95.2%填报。"),
    ],
)
def test_c1_a_reported_rate_is_held_against_the_ballots(client, reported, sentence):
    poll = make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)

    assert sentence in words(checked(client, poll, reported).content.decode())


@pytest.mark.parametrize(("reported", "message"), [("九成", "请填写0至100的数"), ("101", "不能超过100%"), ("", "必填")])
def test_c1_what_is_no_rate_is_refused(client, reported, message):
    assert message in checked(client, make_sealed_poll({"1": 41}, indicators=ONE), reported).content.decode()


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("teller", 403), ("outsider", 404)])
def test_c1_tellers_check_no_reported_rates(client, who, status):
    assert checked(client, make_sealed_poll({"1": 41}, indicators=ONE), "98", who).status_code == status


def test_c1_the_summary_says_it_in_the_scenario_s_words(client):
    poll = make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)

    sentence = "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。"
    assert sentence in paragraphs_of(poll)
    assert "因四舍五入，各项之和可能不等于100%。" in words(page_of(client, poll))


@pytest.mark.parametrize(
    ("satisfied", "sentence"),
    [
        (48, "48/50=96.0%，与填报的96%相符。"),
        (47, "47/50=94.0%，与96%不符，票数得不出96%，不能按96%填报。"),
    ],
)
def test_c3_96_percent_of_50_is_48_and_not_47(client, satisfied, sentence):
    poll = make_sealed_poll({"1": satisfied, "2": 50 - satisfied}, indicators=ONE)

    assert sentence in words(checked(client, poll, "96").content.decode())


def test_c3_the_summary_names_participants_and_rate():
    poll = make_sealed_poll({"1": 48, "2": 2}, indicators=ONE)

    assert "参与评议人员50人次，群众满意率达96.0%。" in paragraphs_of(poll)


# C2


def make_poll_with_paper(paper, *, issued):
    poll = make_open_poll(indicators=ONE)
    enter_ballots(make_batch(poll, method="entered"), {"1": 39, "2": 1, "-": 1})
    numbers = {}
    if issued:
        batch = make_batch(poll, channel="paper", method="entered")
        enter_ballots(batch, paper)
        numbers = {batch.pk: issued}
    close_poll(poll, attended=78, issued=numbers)
    sealing.seal(poll, by=None)
    return poll


@pytest.mark.parametrize("issued", [0, 37])
def test_c2_written_ballots_that_were_not_entered_are_told_wherever_the_rate_stands(client, issued):
    poll = make_poll_with_paper({}, issued=issued)
    warning = "参评78人，仅录入评议表41份，书面评议37份未录入。"

    assert warning in words(page_of(client, poll))
    assert tally_format.build(poll.campaign).checks[0]["message"] == warning
    assert paragraphs_of(poll)[0] == f"{warning}以下各数均不含书面评议。"
    assert "参与评议人员41人次，群众满意率达95.1%（不含书面评议）。" in paragraphs_of(poll)


def test_c2_with_the_written_ballots_there_is_one_rate_and_no_warning(client):
    poll = make_poll_with_paper({"1": 33, "2": 2}, issued=37)

    (table,) = content_of_poll(poll).tables
    assert [(figure.label, figure.count, figure.rate.text) for figure in table.rows[0].figures] == [
        ("满意", 72, "94.7"),
        ("基本满意", 3, "3.9"),
        ("不满意", 0, "0.0"),
        ("弃权", 1, "1.3"),
    ]
    assert content_of_poll(poll).warnings == ()
    assert "未录入" not in page_of(client, poll)
    assert "参与评议人员76人次，群众满意率达94.7%。" in paragraphs_of(poll)


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


# C5, C7


def make_poll_about_members():
    """Twelve members of a branch graded together by twelve ballots."""
    branch = make_organization(kind="branch")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="members_together", target_name="全体党员")
    actions.make_polls(campaign, [branch])
    campaign.polls.update(entitled_count=12)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"2": 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)
    return poll


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


# C15

C15 = {"A类": {"1": 8, "2": 2}, "B类": {"1": 12, "2": 6, "3": 2}, "C类": {"1": 22, "2": 10, "3": 8}}


def test_c15_weighted_and_unweighted_scores_and_two_rates_are_named_apart(client):
    poll = make_weighted_poll(C15)

    (table,) = content_of_poll(poll).tables
    (score,) = table.scores
    page = words(page_of(client, poll))

    assert [(part.name, part.weight, part.score.text) for part in score.parts] == [
        ("A类", "20", "96.0"),
        ("B类", "30", "84.0"),
        ("C类", "50", "75.0"),
    ]
    figures = (score.score, score.pooled, score.satisfaction, score.weighted_satisfaction)
    assert [figure.text for figure in figures] == ["81.9", "80.6", "60.0", "61.5"]
    assert re.search(r"满意度得分（分） 不加权合票得分（分） 满意率（合票） 满意率（按权）", page)
    assert "96.0 84.0 75.0 81.9 80.6 60.0% 61.5%" in page
    assert "对某局党委的总体评价：按参评人员类别权重计算，满意度得分81.9分（不加权合票80.6分）。" in paragraphs_of(poll)


def test_c15_the_tally_file_has_the_score_of_all_and_of_each_category():
    rows = rows_of(make_weighted_poll(C15))

    assert [(row["category"], row["channel"], row["score"]) for row in rows] == [
        (None, None, "81.9"),
        ("A类", None, "96.0"),
        ("B类", None, "84.0"),
        ("C类", None, "75.0"),
        (None, "meeting", None),
    ]


def test_c15_an_empty_category_stops_and_asks_and_never_counts_as_zero(client):
    poll = make_weighted_poll({**C15, "A类": {}})
    people = make_cast(poll.organization)

    asked = words(page_of(client, poll, people=people))

    assert "A类无有效票，请选择处理办法后再出分。" in asked
    assert "①按其余类别的权重折算" in asked
    assert rows_of(poll)[0]["score"] is None
    assert not summary_of(Scope.of_poll(poll)).is_complete
    assert any("【待填：A类无有效票" in sentence for sentence in paragraphs_of(poll))

    client.force_login(people.secretary)
    client.post(reverse("reports:score_choose", args=[poll.pk]), {"answer": "spread"})
    assert rows_of(poll)[0]["score"] == "78.4"
    assert content_of_poll(poll).tables[0].scores[0].score.value == Fraction("78.375")
    assert any(
        "满意度得分78.4分" in sentence and "按其余类别的权重折算" in sentence for sentence in paragraphs_of(poll)
    )
    choice = ScoreChoice.objects.get()
    assert (choice.answer, choice.decided_by) == ("spread", people.secretary)

    client.post(reverse("reports:score_choose", args=[poll.pk]), {"answer": "withhold"})
    assert rows_of(poll)[0]["score"] is None
    assert "A类无有效票，暂不计算满意度得分。" in words(page_of(client, poll, people=people))


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("teller", 403), ("outsider", 404)])
def test_c15_only_the_secretary_answers(client, who, status):
    poll = make_weighted_poll({**C15, "A类": {}})
    client.force_login(getattr(make_cast(poll.organization), who))

    response = client.post(reverse("reports:score_choose", args=[poll.pk]), {"answer": "spread"})

    assert (response.status_code, ScoreChoice.objects.exists()) == (status, False)


def test_c15_a_weighted_score_does_not_give_away_a_small_category():
    poll = make_weighted_poll({**C15, "A类": {"1": 1, "3": 1}})

    (score,) = content_of_poll(poll).tables[0].scores

    assert (score.score.text, score.weighted_satisfaction.text) == ("—", "—")
    assert score.parts[0].score.text == "—"
    assert "为免推算出个别人的选择" in score.note
    assert rows_of(poll)[0]["score"] is None


def test_c15_a_category_that_left_the_line_blank_is_asked_about_too():
    (score,) = content_of_poll(make_weighted_poll({**C15, "B类": {"-": 9}})).tables[0].scores

    assert (score.asks, score.empty, score.score.text) == (True, ("B类",), "—")


# C18


def make_judged_poll(marks, *, scale="satisfaction-3", unknown=False, entitled=None, attended=None, **overrides):
    unit = make_organization()
    campaign = make_campaign(unit, indicators=ONE, scale=scale, unknown=unknown, **overrides)
    actions.make_polls(campaign, [unit])
    campaign.polls.update(entitled_count=entitled)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll, attended=attended)
    sealing.seal(poll, by=None)
    return poll


def test_c18_a_score_gives_the_grade_and_who_does_not_know_is_outside_the_base(client):
    poll = make_judged_poll({"1": 30, "2": 15, "3": 3, "4": 10}, unknown=True, judgement="score")

    (table,) = content_of_poll(poll).tables

    assert (table.rows[0].base, table.rows[0].unknown) == (48, 10)
    assert [figure.rate.text for figure in table.rows[0].figures] == ["62.5", "31.3", "6.3", "0.0"]
    assert table.rows[0].note == "因四舍五入，各项之和可能不等于100%"
    assert table.scores[0].score.value == Fraction("86.25")
    assert table.verdicts == (("总体评价", "得分86.25，等次“满意”。"),)
    assert "得分86.25，等次“满意”。" in words(page_of(client, poll))
    assert "对某局党委的总体评价：得分86.25，等次“满意”。" in paragraphs_of(poll)
    assert rows_of(poll)[0]["score"] is None


@pytest.mark.parametrize(
    ("score", "grade", "text"),
    [
        ("100", "满意", "100.00"),
        ("85", "满意", "85.00"),
        ("84.99", "比较满意", "84.99"),
        ("84.9999", "比较满意", "84.99"),
        ("75", "比较满意", "75.00"),
        ("74.99", "基本满意", "74.99"),
        ("60", "基本满意", "60.00"),
        ("59.99", "不满意", "59.99"),
        ("59.996", "不满意", "59.99"),
        ("0", "不满意", "0.00"),
    ],
)
def test_c18_grades_of_scores_at_their_edges(score, grade, text):
    assert judgement.score_grade(Fraction(score)) == grade
    assert judgement.graded_score_text(Fraction(score)) == text


# C19


@pytest.mark.parametrize(
    ("entitled", "base", "sentence"),
    [
        (29, "全体组成人员29人", "满意17/29＝58.6%，过半：测评满意。"),
        (
            35,
            "全体组成人员35人（缺席6人计入）",
            "满意17/35＝48.6%，未过半；满意、基本满意合计28/35＝80.0%，过半：测评基本满意。",
        ),
        (
            34,
            "全体组成人员34人（缺席5人计入）",
            "满意17/34＝50.0%，未过半；满意、基本满意合计28/34＝82.4%，过半：测评基本满意。",
        ),
        (
            56,
            "全体组成人员56人（缺席27人计入）",
            "满意17/56＝30.4%，未过半；满意、基本满意合计28/56＝50.0%，未过半：测评不满意。",
        ),
    ],
)
def test_c19_more_than_half_of_all_entitled_people(client, entitled, base, sentence):
    poll = make_judged_poll(
        {"1": 17, "2": 11, "3": 1}, entitled=entitled, attended=29, base="entitled", judgement="majority"
    )

    page = words(page_of(client, poll))

    assert f"分母：{base} " in page
    assert sentence in page
    assert f"对某局党委的总体评价：{sentence}" in paragraphs_of(poll)


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


# C20


def make_two_branches(*marks, both=False):
    """Sealed polls of two branches, with a second form about all members on each ballot if asked; None stays open."""
    root = make_organization()
    units = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign(root, indicators=ONE, thresholds=["org-dissatisfied-third"])
    if both:
        actions.copy_questionnaire(campaign, "member-overall", rule="members_together", target_name="本单位党员")
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll, ballots in zip(campaign.polls.all(), marks, strict=True):
        if ballots is None:
            continue
        enter_ballots(
            make_batch(poll, method="entered"), {grade * (1 + both): count for grade, count in ballots.items()}
        )
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


@pytest.mark.parametrize(("dissatisfied", "expected"), [(30, []), (31, [("乙支部", 31, 90)])])
def test_c20_a_committee_has_the_rate_of_its_ballots_and_each_target_its_own_threshold(client, dissatisfied, expected):
    campaign = make_two_branches({"1": 10}, {"1": 45, "2": 45 - dissatisfied, "3": dissatisfied})
    client.force_login(make_cast(campaign.organizer).officer)

    page = words(client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode())
    (line,) = roll_up(campaign).lines

    assert (line.result.cell.grades[0], line.result.base, line.result.satisfaction.digits) == (55, 100, "55.0")
    assert "100 55.0%" in page and "75.0%" not in page
    findings = tally_format.build(campaign).findings
    assert [(finding["target"], finding["numerator"], finding["denominator"]) for finding in findings] == expected


# Identities (DESIGN 5)


def test_a_broken_identity_is_shown_in_red_with_the_numbers_that_do_not_fit(client, monkeypatch):
    poll = make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)
    tamper(poll)
    people = make_cast(poll.organization)
    told = "各档41＋不了解0＋弃权1＋行无效0＝42，与有效票41不符。"

    page = page_of(client, poll, people=people)
    sums = client.get(reverse("reports:campaign_results", args=[poll.campaign_id])).content.decode()
    drawn = {}
    monkeypatch.setattr(pdf, "_draw", lambda template, context: drawn.setdefault(template, context) and b"")
    pdf.draw_count_sheet(content_of_poll(poll))

    assert re.search(f'alert-danger" role="alert">计票数字不能同时成立[^<]*{told}</div>', page)
    assert re.search(f'alert-danger" role="alert">汇总数字不能同时成立[^<]*{told}</div>', sums)
    assert told in drawn["print/count_sheet.html"]["content"].warnings[0]
    assert not summary_of(Scope.of_poll(poll)).is_complete
    assert "95.1" not in "".join(paragraphs_of(poll))
    with pytest.raises(tally.IdentityError, match="与有效票41不符"):
        tally_format.build(poll.campaign)
    assert recounting.recount(poll) != []


def test_no_warning_stands_where_the_numbers_fit(client):
    assert "alert-danger" not in page_of(client, make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE))


# The seeds' own reports (DOMAIN A7), sentence by sentence

DAY = date(2026, 11, 10)


def report_text(content):
    """A whole 小结 as it reads."""
    return "\n".join(
        "".join(piece.text for piece in paragraph) for section in content.drawn for paragraph in section.paragraphs
    )


def test_s0_1_meeting_and_paper_together_with_their_opinions():
    poll = make_open_poll(indicators=ONE)
    enter_ballots(make_batch(poll, method="entered"), {"1": 39, "2": 1, "-": 1})
    paper = make_batch(poll, channel="paper", category="群众代表", method="entered")
    enter_ballots(paper, {"1": 33, "2": 2})
    close_poll(poll, attended=78, issued={paper.pk: 37})
    sealing.seal(poll, by=None)
    for number in range(7 + 15):
        make_opinion(poll, f"第{number}条")

    text = report_text(summary_of(Scope.of_poll(poll)))

    assert "参与评议人员76人次，群众满意率达94.7%。" in text
    assert "共发出评议表78份，收回76份，其中满意72份，占94.7%；基本满意3份，占3.9%；无不满意票；弃权1份。" in text
    assert "共征求到评议意见和建议22条。" in text
    assert "会上" not in text


def test_s0_4_everybody_satisfied_and_the_opinions_a_whole_number():
    poll = make_sealed_poll({"1": 66}, indicators=("对基层党组织开展创先争优活动情况的总体评价",))
    for number in range(12):
        make_opinion(poll, f"第{number}条")

    text = report_text(summary_of(Scope.of_poll(poll)))

    assert "会上共分发测评表66份，收回66份，对基层党组织开展创先争优活动情况的总体评价满意率为100.0%。" in text
    assert "共征求到评议意见和建议12条。" in text
    assert "不满意的，" not in text


def test_s0_5_twelve_of_twelve_with_the_comment_of_those_above():
    poll = make_poll_about_members()
    make_comment(poll.campaign, poll.organization)

    text = report_text(summary_of(Scope.of_poll(poll)))

    assert "应参评12人，实际参评12人，参评率100.0%。" in text
    assert "应参加评议党员12名，实际参加12名，合格12名。" in text
    assert "上级领导对本单位作了点评。" in text


def test_s2_a_township_with_its_ledger_and_two_branches_without_a_comment():
    top = make_organization("某乡党委")
    branches = [make_organization(f"第{place}支部", parent=top, kind="branch") for place in range(1, 29)]
    for place in range(752):
        make_member(branches[place % 28], f"党员{place:03d}")
    campaign = make_campaign(top, indicators=ONE, decimals=0)
    actions.make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    ballots = [{"1": 34}] * 20 + [{"1": 33, "2": 2}] * 7 + [{"1": 30, "2": 5}]
    for poll, marks in zip(campaign.polls.order_by("pk"), ballots, strict=True):
        enter_ballots(make_batch(poll, method="entered"), marks)
        close_poll(poll)
        sealing.seal(poll, by=None)
    for branch in branches[:26]:
        make_comment(campaign, branch)
    for measures in [(DAY,)] * 8 + [(DAY, None), (None, None)]:
        make_problem(branches[0], campaign=campaign, measures=measures)

    text = report_text(summary_of(Scope.of(campaign, campaign.organizer)))

    assert (
        "共召开评议会议28场次，发放评议问卷960份，收回960份，参与评议人员960人次，"
        "完成了全部28个党支部、752名党员的评议工作，群众满意率达98%。"
    ) in text
    assert "满意率为98%，基本满意率为2%" in text
    assert "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。" in text
    assert "领导点评26个支部（共28个），覆盖92.9%（26/28），尚有2个支部未点评。" in text


def test_s4_1_two_forms_on_a_ballot_two_levels_and_the_commitments_of_all_members():
    """Two levels stand for the company's 412 units; the demo has them all."""
    campaign = make_two_branches({"1": 1685}, {"1": 4330, "2": 48}, both=True)
    first, second = (poll.organization for poll in campaign.polls.order_by("path"))
    members = [Member(organization=(first, second)[place % 2], name=f"党员{place}") for place in range(4720)]
    members = Member.objects.bulk_create(members)
    Commitment.objects.bulk_create(
        Commitment(organization=member.organization, member=member, content=f"第{turn}件")
        for turn in range(3)
        for member in members[: 13430 - 4720 * turn]
    )

    text = report_text(summary_of(Scope.of(campaign, campaign.organizer)))

    assert "发放评议问卷6063份，收回6063份，参与评议人员6063人次" in text
    assert "按每个评议对象一份计，共发出评议表12126份。" in text
    assert "公开承诺13430项，党员4720名，人均2.85项。" in text
