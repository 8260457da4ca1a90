"""The 综合得分 in notices, results, workbooks and exports: with its formula, once the poll is sealed and the sheets are keyed."""

import io
import json
import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from openpyxl import load_workbook

from reports.announcements import AnnouncementContent, draft_content, shown_notice
from reports.announcements.actions import publish_announcement, results_to_announce, scores_to_announce
from reports.announcements.content import draft_warnings, standard_announcement
from reports.announcements.extras import extra_choices
from reports.exports.making import make_export
from reports.files import excel, pdf
from reports.report import content_of_poll, content_of_unit, report_of
from reports.report.snapshot import freeze, thaw
from reports.scope import Scope
from reports.scoring.printed import scores_table, scoring_scheme
from reports.scoring.scheme import COMPOSITE
from tests import factories
from tests.factories import make_sealed_poll, make_user
from tests.reports.exports.claiming import claimed, contents
from tests.reports.files.test_pdf import text_of
from tests.reports.scoring.rated import finish, key_scores, make_scored_campaign, poll_named, seal_poll
from tests.reports.scoring.test_content import FIRST, SECOND, THIRD, ranking, score

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
FOURTH = "第四社区党委"


@pytest.fixture
def campaign():
    """A first, two that tie behind it, and a fourth whose sheets are keyed by half."""
    campaign = make_scored_campaign(names=(FIRST, SECOND, THIRD, FOURTH))
    score(campaign, FIRST, people=[(290, 190, 490)] * 5)
    score(campaign, SECOND)
    score(campaign, THIRD, above=[(285, 185, 485)] * 5)
    poll = poll_named(campaign, FOURTH)
    key_scores(poll, "上级考核组", (1, 2, 3))
    seal_poll(poll)
    return campaign


def scope_of(campaign):
    return Scope.of(campaign, campaign.organizer)


def notice_of(scope):
    notice = standard_announcement(scope, results_to_announce(scope), today=TODAY)
    results = results_to_announce(scope)
    return notice, draft_content(notice, results, scores=scores_to_announce(notice, results))


def plain(html):
    return re.sub(r"\s", "", re.sub(r"<[^>]*>", "", html))


def test_the_table_has_the_places_of_the_ranking_with_ties_and_the_reasons(campaign):
    table = scores_table(ranking(campaign))

    assert [(row.place_text, row.unit, row.composite.text, row.satisfaction_text, row.base) for row in table.rows] == [
        ("第1名", SECOND, "96.00", "90.0%", 10),
        ("第2名", FIRST, "94.92", "90.0%", 10),
        ("第2名", THIRD, "94.92", "90.0%", 10),
        ("不排名", FOURTH, "—", "—", None),
    ]
    assert table.rows[3].remark == "打分表尚未录入完毕"
    assert not [words for words in (*table.formula, COMPOSITE) if "得分率" in words]


def test_a_unit_s_notice_announces_the_ranking_with_its_formula(campaign):
    notice, content = notice_of(scope_of(campaign))
    again = AnnouncementContent.from_json(json.loads(json.dumps(content.as_json())))
    printed, page = (
        text_of(pdf.announcement(again)),
        render_to_string("reports/_announced.html", {"content": again, "shown": shown_notice(again)}),
    )

    assert "scores" in notice.extras and ("scores", "考核得分和综合得分") in extra_choices(notice)
    assert again == content
    for text in (printed, plain(page)):
        assert all(re.sub(r"\s", "", sentence) in text for sentence in ranking(campaign).scheme.formula)
        assert "综合得分率" not in text and "考核得分率" not in text
    assert f"第2名{FIRST}982.00" in printed and f"第2名{THIRD}982.00" in printed
    assert f"{SECOND}第1名1000.0090.0%（分母10）96.00" in plain(page)
    # Of a unit that is not finished no figure stands anywhere.
    assert f"不排名{FOURTH}———打分表尚未录入完毕" in printed


def test_what_is_published_keeps_the_scores(campaign):
    notice, content = notice_of(Scope.of_poll(poll_named(campaign, FIRST)))
    notice.phone, notice.office, notice.place = "010-1234567", "党工委办公室", "公开栏"
    notice.save()

    published = publish_announcement(notice, by=None, today=TODAY)

    (row,) = AnnouncementContent.from_json(published.content).scores.rows
    # A unit by itself has no place.
    assert (row.place, row.unit, row.composite.text) == ("", FIRST, "94.92")
    assert AnnouncementContent.from_json(published.content).scores == content.scores


@pytest.mark.parametrize("keyed", [False, True])
def test_before_the_keying_is_finished_a_notice_says_nothing_of_scores(keyed):
    campaign = make_scored_campaign(names=(FIRST, SECOND))
    poll = poll_named(campaign, FIRST)
    key_scores(poll, "上级考核组", *[(300, 200, 500)] * 5)
    key_scores(poll, "群众代表", *[(300, 200, 500)] * 5)
    seal_poll(poll)
    if keyed:
        finish(poll)

    notice, content = notice_of(Scope.of_poll(poll))

    assert (content.scores is not None) == keyed
    is_warned = any(
        "考核得分和综合得分" in warning
        for warning in draft_warnings(notice, content, results_to_announce(Scope.of_poll(poll)))
    )
    assert is_warned is not keyed
    assert ("综合得分" in text_of(pdf.announcement(content))) == keyed
    assert (content_of_poll(poll).scoring is not None) == keyed


def test_a_notice_leaves_the_scores_out_where_nobody_wants_them_or_nothing_is_scored(campaign):
    notice, _ = notice_of(scope_of(campaign))
    notice.extras = []
    other = make_sealed_poll()

    assert scores_to_announce(notice, results_to_announce(scope_of(campaign))) is None
    plain_notice, content = notice_of(Scope.of_poll(other))
    assert (plain_notice.extras, content.scores, scoring_scheme(other.campaign)) == ([], None, None)
    assert "scores" not in dict(extra_choices(plain_notice))
    assert content_of_poll(other).scoring is None


def test_results_and_workbooks_carry_the_table_of_their_scope(campaign):
    scope, poll = scope_of(campaign), poll_named(campaign, FIRST)
    report = thaw(json.loads(json.dumps(freeze(report_of(scope, today=TODAY)))))

    sheet = text_of(pdf.results_sheet(content_of_poll(poll)))
    book = load_workbook(io.BytesIO(excel.draw_report_workbook(report)), data_only=True)

    formula = [re.sub(r"\s", "", sentence) for sentence in ranking(campaign).scheme.formula]
    assert "".join(formula) in sheet and f"{FIRST}982.000982.0090.0%分母1094.92" in sheet
    rows = list(book["考核结果"].iter_rows(values_only=True))
    assert [re.sub(r"\s", "", row[0]) for row in rows[2:5]] == formula
    assert [(row[0], row[1], row[7]) for row in rows[6:10]] == [
        (1, SECOND, 96),
        (2, FIRST, 94.92),
        (2, THIRD, 94.92),
        ("不排名", FOURTH, "—"),
    ]
    assert report.campaign.scoring == content_of_unit(scope).scoring == scores_table(ranking(campaign))


def test_every_file_of_a_batch_export_tells_the_score_of_its_unit(campaign, settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    officer = make_user("officer", kind="officer", organization=campaign.organizer)
    export = factories.make_export(campaign, by=officer, kind="results", format="pdf")

    make_export(claimed())

    made = {name: text_of(body) for name, body in contents(export).items()}
    assert {name: "94.92" in text or "96.00" in text for name, text in made.items()} == {
        name: FOURTH not in name for name in made
    }
    assert len(made) == 4


def test_a_campaign_without_a_scheme_costs_a_poll_s_content_one_query(django_assert_num_queries):
    campaign = make_sealed_poll().campaign

    with django_assert_num_queries(1):
        assert scoring_scheme(campaign) is None
