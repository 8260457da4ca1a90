"""Weighted scores, grades of scores and majorities (C15, C18, C19)."""

import re
from fractions import Fraction

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import judgement, sealing
from campaigns import actions
from campaigns.models import Category
from reports.models import ScoreChoice
from reports.report import content_of_poll, summary_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_organization,
)
from tests.words import words

from .printed import ONE, page_of, paragraphs_of, rows_of

pytestmark = pytest.mark.django_db


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
