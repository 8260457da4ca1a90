"""窗口即时评议 in a campaign: apart from the ballots, under its own name, the same on page and in every file."""

import io
import json
import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from docx import Document

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from campaigns.actions import own_scale
from campaigns.library import LibraryGrade
from campaigns.models import Campaign
from reports.announcements import draft_content, shown_notice
from reports.announcements.content import draft_warnings, standard_announcement
from reports.announcements.extras import extra_choices
from reports.announcements.shape import AnnouncementContent
from reports.files import excel, pdf, word
from reports.models import WindowTaking
from reports.report import content_of_poll, report_of, summary_of
from reports.report.snapshot import freeze, thaw
from reports.results.poll import results_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from reports.tables import tally_format
from reports.tables.instant import APART, instant_of
from reports.window.actions import count_taps
from reports.window.taking import take_into
from tests.browser.figures import text_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_open_poll,
    make_organization,
    make_user,
    make_window,
)
from tests.reports.files.word.documents import cells, pdf_text
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db

OWN_GRADES = (
    LibraryGrade(label="办得好", is_positive=True, score=None),
    LibraryGrade(label="办得不好", is_positive=False, score=None),
    LibraryGrade(label="没办过事", is_positive=False, score=None, is_in_base=False),
)
FIRST, LAST = date(2015, 9, 1), date(2015, 11, 27)
SENTENCE = (
    "窗口即时评议：汇总1个服务窗口2015年9月1日至2015年11月27日的日常评议，共48人次，"
    "其中满意40人次、基本满意5人次、不满意3人次；满意率83.3%，综合满意率93.8%。"
)


@pytest.fixture
def poll():
    return make_open_poll()


def taken(poll, *counts, name="办事大厅", scale="satisfaction-3"):
    window = make_window(poll.organization, (FIRST, counts[0]), (LAST, counts[1]), name=name, scale=scale)
    return take_into(poll, window, first_on=FIRST, last_on=LAST, by=None)


def seal(poll):
    enter_ballots(make_batch(poll, method="entered"), {"11": 9, "32": 3})
    close_poll(poll)
    sealing.seal(poll, by=None)
    poll.refresh_from_db()
    return poll


def scope_of(poll):
    return Scope.of(poll.campaign, poll.organization)


def test_the_taps_are_a_channel_of_their_own_and_in_no_number_of_ballots(poll):
    taken(poll, (30, 5, 2), (10, 0, 1))

    content = content_of_poll(seal(poll))

    assert content.instant.sentences == (SENTENCE + APART,)
    assert (content.sheets.returned, content.sheets.valid) == (12, 12)
    assert [batch.channel_label for batch in content.batches] == ["集中评议"]
    assert [(row.label, row.base) for row in content.instant.tables[0].rows] == [
        ("某局党委·办事大厅（2015年9月1日至2015年11月27日）", 48)
    ]
    assert [row.base for table in content.tables for row in table.rows] == [12, 12]


def test_windows_on_one_scale_are_added_up_and_others_stand_apart(poll):
    taken(poll, (30, 5, 2), (10, 0, 1))
    taken(poll, (9, 0, 1), (0, 0, 10), name="二楼")
    taken(poll, (5, 0, 0, 0), (0, 0, 0, 5), name="三楼", scale="good-4")

    instant = instant_of(Scope.of_poll(seal(poll)))

    assert [
        [(row.label[:7], row.base, row.satisfaction.percent_text) for row in table.rows] for table in instant.tables
    ] == [
        [("某局党委·办事", 48, "83.3%"), ("某局党委·二楼", 20, "45.0%"), ("合计", 68, "72.1%")],
        [("某局党委·三楼", 10, "50.0%")],
    ]
    assert [table.has_total for table in instant.tables] == [True, False]
    assert "2个服务窗口" in instant.sentences[0] and "“好”占比50.0%" in instant.sentences[1]
    assert instant.sentences[1].endswith(APART) and not instant.sentences[0].endswith(APART)


def test_a_campaign_without_taps_and_one_not_sealed_say_nothing_of_them(poll):
    assert instant_of(Scope.of_poll(seal(make_open_poll(poll.organization, title="别的")))) is None
    taken(poll, (30, 5, 2), (10, 0, 1))

    assert instant_of(Scope.of_poll(poll)) is None


def test_a_committee_sums_what_its_branches_took():
    organizer = make_organization()
    branches = [make_organization(name, parent=organizer, kind="branch") for name in ("第一党支部", "第二党支部")]
    campaign = make_campaign(organizer)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        taken(poll, (30, 5, 2), (10, 0, 1))
        seal(poll)

    (table,) = instant_of(Scope.of(campaign, organizer)).tables

    assert [(row.label[:10], row.base) for row in table.rows] == [
        ("第一党支部·办事大厅", 48),
        ("第二党支部·办事大厅", 48),
        ("合计", 96),
    ]


@pytest.mark.parametrize(("unknown", "rate"), [("outside", "80.0%"), ("inside", "66.7%")])
def test_an_own_scale_with_an_answer_outside_the_base_keeps_to_the_campaign_s_rule(poll, unknown, rate):
    scale = own_scale("办事评价", OWN_GRADES)
    poll.campaign.questionnaires.update(scale=scale)
    Campaign.objects.update(unknown=unknown)
    taken(poll, (5, 1, 1), (3, 1, 1), scale=scale.key)

    instant = instant_of(Scope.of_poll(seal(poll)))

    (table,) = instant.tables
    assert table.rows[0].satisfaction.percent_text == rate
    assert (table.has_unknown, table.unknown_label, table.rows[0].unknown) == (
        (True, "没办过事", 2) if unknown == "outside" else (False, "不了解", 0)
    )
    assert "没办过事2人次" in instant.sentences[0]


def test_page_paper_word_and_workbook_carry_the_same_figures_under_one_name(client, poll):
    taken(poll, (30, 5, 2), (10, 0, 1))
    seal(poll)
    client.force_login(make_user(kind="officer", organization=poll.organization))
    report = report_of(Scope.of_poll(poll), today=date(2015, 12, 1))
    unit = report_of(scope_of(poll), today=date(2015, 12, 1))

    pages = [
        client.get(reverse(f"reports:{name}", args=[key])).content.decode()
        for name, key in (("poll_results", poll.pk), ("campaign_results", poll.campaign_id))
    ]
    sheets = [text_of(pdf.results_sheet(report.poll)), pdf_text(report.summary), pdf_text(unit.summary)]
    documents = [Document(io.BytesIO(word.draw_summary_docx(part.summary))) for part in (report, unit)]
    books = [read_book(excel.draw_report_workbook(part)) for part in (report, unit)]

    assert all("窗口即时评议" in page and APART in page and "83.3%" in page for page in pages)
    assert all("窗口即时评议（人次）" in text.replace("\n", "") and "83.3%" in text for text in sheets)
    assert SENTENCE in sheets[1] and SENTENCE in sheets[2]
    assert all(cells(document.tables[-1])[-1][-3:] == ["48", "83.3%", "93.8%"] for document in documents)
    for book in books:
        line = next(line for line in lines_of(book["窗口即时评议"], first=1) if "办事大厅" in str(line[0]))
        assert [line[place] for place in (1, 3, 5, 7)] == ["40", "5", "3", "48"]
        assert [float(line[place]) for place in (8, 9)] == [83.3, 93.8]
        assert any(SENTENCE in str(cell.value) for row in book["总览"].iter_rows() for cell in row)


def test_a_filed_report_has_its_taps_and_the_secretary_may_name_their_rates(poll):
    taking = taken(poll, (30, 5, 2), (10, 0, 1))
    seal(poll)
    report = report_of(
        Scope.of_poll(poll), today=date(2015, 12, 1), texts={"use": "窗口即时评议满意率83.3%，继续保持。"}
    )

    count_taps(taking.window, LAST, {3: 7})

    assert report.summary.doubts == ()
    assert thaw(freeze(report)).poll.instant == report.poll.instant
    assert summary_of(Scope.of_poll(poll)).instant == report.poll.instant


ROW = "某局党委·办事大厅（2015年9月1日至2015年11月27日）"


def test_the_count_sheet_has_the_taps_as_a_channel_of_their_own(poll):
    taken(poll, (30, 5, 2), (10, 0, 1))
    content = content_of_poll(seal(poll))

    sheet = text_of(pdf.draw_count_sheet(content))

    assert "窗口即时评议（人次，不是票）" in sheet and APART in sheet
    assert f"{ROW}4083.3%510.4%36.3%4883.3%93.8%" in sheet
    # The ballots are what they are without the taps.
    assert "合计12121200" in sheet


def test_a_count_sheet_without_taps_says_nothing_of_windows(poll):
    assert "窗口" not in text_of(pdf.draw_count_sheet(content_of_poll(seal(poll))))


def test_the_tally_has_one_more_key_where_windows_were_taken_and_else_the_same_bytes(poll):
    without = tally_format.to_json(tally_format.build(seal(make_open_poll(make_organization("另一个局"))).campaign))
    taking = taken(poll, (30, 5, 2), (10, 0, 1))
    campaign = seal(poll).campaign

    told = json.loads(tally_format.to_json(tally_format.build(campaign)))
    WindowTaking.objects.all().delete()
    apart = json.loads(tally_format.to_json(tally_format.build(campaign)))

    assert "instant" not in json.loads(without)
    assert list(told) == ["format", "campaign", "rows", "rollup", "findings", "checks", "instant"]
    assert told.pop("instant") == [
        {
            "unit": "某局党委",
            "path": ["某局党委"],
            "channel": "instant",
            "window": "办事大厅",
            "question": "您对这次服务满意吗？",
            "from": "2015-09-01",
            "to": "2015-11-27",
            "taps": 48,
            "counts": {"满意": 40, "基本满意": 5, "不满意": 3},
            "unknown": 0,
            "base": 48,
            "rates": {"满意": "83.3", "基本满意": "10.4", "不满意": "6.3"},
            "satisfaction": "83.3",
            "positive": "93.8",
            "sha256": taking.sha256,
        }
    ]
    # Nothing else in the file knows of the taps.
    assert told == apart


@pytest.fixture
def notice(poll):
    taken(poll, (30, 5, 2), (10, 0, 1))
    seal(poll)
    return standard_announcement(Scope.of_poll(poll), results_of(poll), today=date(2026, 9, 1))


def test_a_new_notice_announces_the_taps_beside_the_ballots(poll, notice):
    content = draft_content(notice, results_of(poll))
    again = AnnouncementContent.from_json(json.loads(json.dumps(content.as_json())))

    assert ("instant", "窗口即时评议（人次）") in extra_choices(notice)
    assert again == content
    ((row,),) = [table.rows for table in again.instant.tables]
    assert (row.label, row.base, row.satisfaction.percent_text) == (ROW, 48, "83.3%")
    assert [(table.target, row.base) for table in again.tables for row in table.rows] == [("某局党委", 12)] * 2
    page = re.sub(
        r"\s",
        "",
        re.sub(
            r"<[^>]*>",
            "",
            render_to_string("reports/_announced.html", {"content": again, "shown": shown_notice(again)}),
        ),
    )
    assert f"窗口即时评议（人次，与评议票分开）{ROW}等次人次占比满意4083.3%" in page and APART in page
    printed = text_of(pdf.announcement(again))
    assert f"{ROW}4083.3510.436.34883.3%" in printed and APART in printed


def test_a_notice_leaves_the_taps_out_where_nobody_wants_them_or_there_are_none(poll, notice):
    notice.extras = []
    unasked = draft_content(notice, results_of(poll))
    WindowTaking.objects.all().delete()
    notice.extras = ["instant"]
    content = draft_content(notice, results_of(poll))

    assert unasked.instant is content.instant is None
    assert "窗口" not in text_of(pdf.announcement(content))
    assert "没有可以列出的内容，公示中不会出现：窗口即时评议（人次）。" in draft_warnings(
        notice, content, results_of(poll)
    )
    assert "instant" not in dict(extra_choices(notice))
    assert standard_announcement(Scope.of_poll(poll), results_of(poll), today=date(2026, 9, 1)).extras == []


def test_a_unit_announces_the_taps_of_all_below_it(poll, notice):
    scope = scope_of(poll)

    above = standard_announcement(scope, roll_up(poll.campaign), today=date(2026, 9, 1))

    assert above.extras == ["instant"]
    assert [
        row.base for table in draft_content(above, roll_up(poll.campaign)).instant.tables for row in table.rows
    ] == [48]
