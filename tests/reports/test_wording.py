"""The standard sentences, word for word as the scenarios have them."""

from dataclasses import replace
from datetime import date

import pytest

from ballots.counting import tally
from reports import wording

GRADES = (
    tally.CountedGrade("满意", is_positive=True),
    tally.CountedGrade("基本满意", is_positive=True),
    tally.CountedGrade("不满意"),
)


def result(counts, *, abstained=0, issued=None, returned=None, grades=GRADES, **people):
    cell = tally.CellCount(tuple(counts), abstained=abstained)
    returned = cell.total if returned is None else returned
    sheets = tally.Sheets(returned if issued is None else issued, returned, **people)
    return tally.Result(grades, cell, sheets, tally.Rules())


def test_c1_sheets_and_grades_and_an_abstention():
    assert wording.count_sentence(result((39, 1, 0), abstained=1)) == (
        "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。"
    )


def test_c3_participants_and_the_rate():
    assert wording.participation_sentence(result((48, 2, 0))) == "参与评议人员50人次，群众满意率达96.0%。"
    assert wording.opinions_sentence(3) == "共征求到评议意见和建议3条。"


def test_c4_everything_at_a_meeting():
    indicator = "对基层党组织开展创先争优活动情况的总体评价"

    sentence = wording.meeting_sentence(result((66, 0, 0)), subject=wording.subject_of(indicator, "体育学院党总支"))

    assert sentence == ("会上共分发测评表66份，收回66份，对基层党组织开展创先争优活动情况的总体评价满意率为100.0%。")


def test_c5_members_by_verdict():
    grades = tuple(tally.CountedGrade(label) for label in ("优秀", "合格", "基本合格", "不合格"))

    sentence = wording.verdict_sentence(result((0, 12, 0, 0), grades=grades, attended=12, entitled=12))

    assert sentence == "应参加评议党员12名，实际参加12名，合格12名。"


def test_c5_people_that_nobody_counted_are_to_be_filled_in():
    grades = tuple(tally.CountedGrade(label) for label in ("优秀", "合格"))

    assert "应参加评议党员【待填】名" in wording.verdict_sentence(result((0, 12), grades=grades))


CAMPAIGN = {
    "meetings": 12,
    "issued": 480,
    "returned": 472,
    "units": [("党支部", 24)],
    "units_sealed": 24,
    "members": 615,
    "satisfaction": tally.rate_of(455, 468),
}


def test_c10_a_whole_campaign():
    assert wording.campaign_sentence(**CAMPAIGN) == (
        "共召开评议会议12场次，发放评议问卷480份，收回472份，参与评议人员472人次，"
        "完成了全部24个党支部、615名党员的评议工作，群众满意率达97.2%。"
    )
    assert wording.all_opinions_sentence(37) == "共征求到意见建议37条。"


def test_c6_problems_and_their_measures():
    assert wording.ledger_sentence(problems=10, measures=12, done=9, closed=0, rate=tally.rate_of(9, 12)) == (
        "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。"
    )


@pytest.mark.parametrize(
    ("measures", "done", "closed", "sentence"),
    [
        (0, 0, 0, "共梳理发现问题3个，尚未登记整改措施。"),
        (4, 0, 0, "共梳理发现问题3个，制定整改措施4条，正在落实4条。措施完成率0.0%（0/4）。"),
        (4, 4, 2, "共梳理发现问题3个，制定整改措施4条，已全部落实。措施完成率100.0%（4/4）。已办结并答复2个问题。"),
    ],
)
def test_nothing_is_said_of_measures_that_there_are_not(measures, done, closed, sentence):
    rate = tally.rate_of(done, measures)

    assert wording.ledger_sentence(problems=3, measures=measures, done=done, closed=closed, rate=rate) == sentence


def test_c6_units_that_leaders_commented_on():
    missing = "尚有2个支部未点评"

    assert wording.comments_sentence(26, 28, unit_name="支部", coverage="92.9%（26/28）", missing=missing) == (
        "领导点评26个支部（共28个），覆盖92.9%（26/28），尚有2个支部未点评。"
    )
    assert wording.comments_sentence(28, 28, unit_name="支部", coverage="100.0%（28/28）", missing="") == (
        "领导点评28个支部（共28个），覆盖100.0%（28/28）。"
    )


def test_c6_rates_in_whole_numbers():
    whole = replace(result((941, 19, 0)), rules=tally.Rules(decimals=0))

    assert wording.rates_clause(whole) == "满意率为98%，基本满意率为2%"
    assert wording.rated_sentence("总体评价", whole) == (
        "总体评价：满意率为98%，基本满意率为2%（有效票960，满意941、基本满意19、无不满意票）。"
    )


def test_alike_opinions_are_counted_each_and_told_together():
    assert wording.all_opinions_sentence(37, 30) == "共征求到意见建议37条（归并为30件）。"
    assert wording.opinions_sentence(3, 3) == "共征求到评议意见和建议3条。"


def test_c5_who_was_to_come_and_who_came():
    sheets = tally.Sheets(12, 12, attended=12, entitled=12)

    assert wording.attendance_sentence(sheets, 1) == "应参评12人，实际参评12人，参评率100.0%。"


def test_c10_a_missing_number_is_to_be_filled_in():
    sentence = wording.campaign_sentence(**{**CAMPAIGN, "meetings": None, "members": None})

    assert "共召开评议会议【待填】场次" in sentence
    assert "、【待填】名党员" in sentence


def test_all_is_said_of_units_only_when_all_are_sealed():
    assert "完成了24个党支部中23个单位" in wording.campaign_sentence(**{**CAMPAIGN, "units_sealed": 23})


def test_a_day_prints_itself_and_nothing_where_there_is_none():
    day = wording.Day(date(2026, 5, 1))

    assert (str(day), day.text, bool(day)) == ("2026年5月1日", "2026年5月1日", True)
    assert (str(wording.Day()), bool(wording.Day())) == ("", False)


def test_c14_nothing_returned_gives_no_rate():
    sentence = wording.count_sentence(result((0, 0, 0), issued=30, returned=0))

    assert sentence == "共发出评议表30份，收回0份。未收回有效评议表，不计算满意率。"


def test_a_rate_of_another_scale_is_not_called_satisfaction():
    grades = (
        tally.CountedGrade("好", is_positive=True),
        tally.CountedGrade("较好", is_positive=True),
        tally.CountedGrade("差"),
    )

    assert wording.rate_name("好") == "“好”占比"
    assert wording.positive_name(result((1, 1, 1), grades=grades)) == "较好以上率"
    assert (wording.rate_name("称职"), wording.rate_name("5分")) == ("称职率", "“5分”占比")
    assert wording.positive_name(result((1, 1, 1))) == "综合满意率"


def test_a_title_does_not_say_the_unit_twice():
    assert wording.joined("大学体育学院党总支", "体育学院党总支群众评议") == "大学体育学院党总支群众评议"
    assert wording.joined("第一党支部", "2026年度群众评议") == "第一党支部2026年度群众评议"
    assert wording.joined("某局党委", "某局党委群众评议") == "某局党委群众评议"


@pytest.mark.parametrize(
    ("unit", "campaign", "told"),
    [
        ("某局党委", "2026年度群众评议", "“2026年度群众评议”"),
        ("某局党委", "某局党委2026年度群众评议", "2026年度群众评议"),
        ("某局党委", "2026年某局党委的群众评议", "2026年群众评议"),
        ("大学体育学院党总支", "体育学院党总支群众评议", "群众评议"),
        ("某镇党委", "某镇党委、政府群众评议", "“某镇党委、政府群众评议”"),
        ("某局党委", "某局党委", "“某局党委”"),
        ("第一党支部", "党支部群众评议", "群众评议"),
    ],
)
def test_a_sentence_with_a_unit_and_its_campaign_names_the_unit_once(unit, campaign, told):
    assert wording.campaign_beside(unit, campaign) == told
