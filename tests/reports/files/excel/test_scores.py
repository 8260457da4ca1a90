"""The workbook of 千分制考核: the figures of the page, the formula, and nothing that the page keeps back."""

import pytest

from reports.files import excel
from tests.reports.scoring.rated import FULL, adjust, finish, key_scores, make_scored_campaign, poll_named, seal_poll
from tests.reports.scoring.test_content import ranking
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "第一社区党委", "第二社区党委", "第三社区党委"


@pytest.fixture
def content():
    """Two units that tie, the second with few raters of a kind, and a third of which nothing may be shown."""
    campaign = make_scored_campaign(names=(FIRST, SECOND, THIRD))
    for name, above in ((FIRST, 5), (SECOND, 2)):
        poll = poll_named(campaign, name)
        key_scores(poll, "上级考核组", *[(299, 198, 497)] * above)
        key_scores(poll, "群众代表", *[(299, 198, 497)] * 6)
        seal_poll(poll)
        finish(poll)
    key_scores(poll_named(campaign, THIRD), "群众代表", *[FULL] * 5)
    adjust(poll_named(campaign, FIRST), 3)
    adjust(poll_named(campaign, SECOND), 3)
    return ranking(campaign)


def test_the_formula_stands_over_the_ranking(content):
    sheet = read_book(excel.draw_score_workbook(content))["考核结果"]

    assert [sheet.cell(row, 1).value for row in (3, 4, 5)] == list(content.scheme.formula)


def test_units_that_tie_share_a_place_and_who_has_none_is_named_last(content):
    lines = lines_of(read_book(excel.draw_score_workbook(content))["考核结果"], first=7)

    assert [line[:8] for line in lines] == [
        ["1", FIRST, "994.00", "+3", "997.00", "90.0", "10", "95.82"],
        ["1", SECOND, "994.00", "+3", "997.00", "90.0", "10", "95.82"],
        ["不排名", THIRD, "—", "", "—", "—", "", "—"],
    ]
    assert lines[1][8].startswith("上级考核组的打分表少于5份")
    assert lines[2][8] == "评议点尚未封存"


def test_few_raters_are_one_line_with_others(content):
    lines = lines_of(read_book(excel.draw_score_workbook(content))["各指标平均分"], first=4)

    assert {(line[0], line[1], line[2]) for line in lines} == {
        (FIRST, "上级考核组", "5"),
        (FIRST, "群众代表", "6"),
        (FIRST, "按权重合成", "11"),
        (SECOND, "上级考核组、群众代表", "8"),
        (SECOND, "按权重合成", "8"),
    }


def test_a_workbook_of_nothing_says_so():
    content = ranking(make_scored_campaign(names=(FIRST,)))

    book = read_book(excel.draw_score_workbook(content))

    assert book["各指标平均分"].cell(4, 1).value == "没有可以列示的平均分。"
    assert book["加分和扣分"].cell(4, 1).value == "没有加分、扣分。"
