"""Fields in a secretary's words, and figures typed by hand that nothing bears out."""

from datetime import date

import pytest

from ballots.counting import sealing
from campaigns.models import Poll
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_open_poll,
    make_problem,
    make_sealed_poll,
)
from tests.reports.summary.worded import word

pytestmark = pytest.mark.django_db


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


def test_a_figure_of_another_period_is_pointed_out():
    content = word(make_sealed_poll(), shortcomings="比上期的92.3%有提高。")

    assert "“92.3%”不是本次评议的数，系统不能核对，请自行核实。" in content.hints


def test_a_typed_count_other_than_the_system_s_is_pointed_out():
    content = word(make_sealed_poll({"11": 41}), shortcomings="发放41份，收回表格40份，收到意见建议3条。")

    assert content.hints == (
        "“收回表格40份”：系统的数是41，请核对；用字段{收回}就不会写错。",
        "“意见建议3条”：系统的数是0，请核对；用字段{意见条数}就不会写错。",
    )
    assert content.is_complete


def test_rates_that_the_report_prints_beside_the_results_may_be_typed_and_others_may_not():
    poll = make_open_poll()
    Poll.objects.filter(pk=poll.pk).update(entitled_count=50)
    poll.refresh_from_db()
    enter_ballots(make_batch(poll, method="entered"), {"11": 45})
    close_poll(poll, attended=45)
    sealing.seal(poll, by=None)
    make_problem(poll.organization, campaign=poll.campaign, measures=(date(2026, 11, 10), None))

    content = word(poll, shortcomings="参评率90.0%，措施完成率50.0%，回访率91.0%。")

    (doubt,) = content.doubts
    assert doubt.sentence == "评议票和台账都得不出91.0%，请改用字段，由系统填写，如{满意率}。"


def test_a_percentage_of_the_organizer_s_own_rules_is_no_doubt():
    poll = make_sealed_poll(participant_scope="群众代表不少于参评人员的60%。")

    content = word(poll, scope="群众代表占参评人员的60%以上，范围广。")

    assert content.doubts == ()
