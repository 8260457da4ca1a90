"""A list to choose from, 最满意的实事 (seed S1-1), from the questionnaire's page to every report that ranks it."""

import io
import re

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from ballots.actions import open_campaign
from ballots.counting import sealing
from ballots.counting.recounting import recount_all
from campaigns import actions
from reports.announcements import draft_content, shown_notice
from reports.files import excel, pdf
from reports.files.layout import paper_of
from reports.files.word.summary import draw_summary_docx
from reports.forms.ranking import RankingForm
from reports.report import content_of_poll, report_of, summary_of
from reports.results.poll import results_of
from reports.results.recounting import RollupRecount
from reports.results.rollup import roll_up
from reports.results.sums import sums_of
from reports.scope import Scope
from reports.summary.sentences import result_sentences
from reports.tables import tally_format
from tests.factories import (
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_campaign,
    make_cast,
    make_choice_poll,
    make_choice_polls,
    make_commitment,
    make_organization,
    make_user,
)
from tests.words import words

pytestmark = pytest.mark.django_db
# Of four options: 修路 is chosen 5 times, 通水 12, 建食堂 5 and 装路灯 never; three ballots choose too many, two nothing.
MARKS = {"1111--": 5, "11-1--": 7, "111111": 3, "11----": 2}
SECOND = {"11--1-": 5}
NUMBERS = [("通水", 1, 12), ("修路", 2, 5), ("建食堂", 2, 5), ("装路灯", 4, 0)]


def seal(poll, marks):
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    poll.refresh_from_db()
    return poll


@pytest.fixture
def poll():
    return seal(make_choice_poll(), {**MARKS, **SECOND})


def printed(body):
    document = pypdfium2.PdfDocument(body)
    return "".join(re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document)


def test_options_stand_by_how_many_chose_them_and_ties_share_a_rank(poll):
    organization, *options = results_of(poll).targets

    assert (organization.rank, organization.is_option) == (None, False)
    assert [(option.name, option.rank, option.chosen) for option in options] == NUMBERS
    (line,) = options[0].lines
    # 22 ballots: 12 chose it, 5 passed it over, 2 left the list blank, 3 chose too many.
    assert [(share.label, share.count) for share in line.total.shares] == [("最满意", 12), ("未勾选", 5), ("弃权", 2)]
    assert (line.total.cell.spoiled, line.total.base) == (3, 19)


def test_the_results_page_has_one_table_for_the_list(client, poll):
    client.force_login(make_cast(poll.organization).secretary)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert page.count("<h2>最满意的实事评选表") == 1
    assert "（4项，每张票至多选2项，按得票排列）" in page
    table = page[page.index("最满意的实事评选表的结果") :]
    rows = re.findall(r'<td class="number">(\d)</td>\s*<th scope="row">(\S+?)</th>', table)
    assert rows == [(str(rank), name) for name, rank, _ in NUMBERS]


def test_pdf_workbook_summary_and_notice_rank_it_with_the_same_figures(poll):
    content, summary = content_of_poll(poll), summary_of(Scope.of_poll(poll))

    sheet = printed(pdf.results_sheet(content))
    book = load_workbook(io.BytesIO(excel.draw_poll_workbook(content, opinions=None)), data_only=True)
    lines = [row for row in book["评议结果"].iter_rows(values_only=True) if row[1] == "最满意的实事评选表"]
    paper = Document(io.BytesIO(draw_summary_docx(summary)))
    table = next(table for table in paper.tables if table.rows[0].cells[1].text == "名次")
    notice = draft_content(make_announcement(poll), results_of(poll))

    assert "最满意的实事评选表（4项，每张票至多选2项，按得票排列）" in sheet
    places = [sheet.index(f"{rank}{name}{count}") for name, rank, count in NUMBERS]
    assert places == sorted(places)
    assert [(row[2], row[3], row[4]) for row in lines] == [
        (name, f"第{rank}名", count) for name, rank, count in NUMBERS
    ]
    assert [tuple(cell.text for cell in row.cells[:3]) for row in table.rows[2:]] == [
        (name, f"第{rank}名", str(count)) for name, rank, count in NUMBERS
    ]
    assert [(table.target, table.rank, table.rows[0].figures[0].count) for table in notice.groups[1].tables] == NUMBERS
    assert notice.groups[1].is_ranked
    assert "名次" in printed(pdf.announcement(notice))


def test_what_is_chosen_from_a_list_is_drawn_in_neutral_colours_on_page_paper_and_workbook(client, poll):
    client.force_login(make_cast(poll.organization).secretary)
    scope = Scope.of_poll(poll)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    page = page[page.index("<h2>最满意的实事评选表") :]
    html = render_to_string("print/summary.html", {"paper": paper_of(summary_of(scope)), "is_draft": False})
    paper = html[html.rindex('<div class="bars">') :]
    book = load_workbook(io.BytesIO(excel.draw_report_workbook(report_of(scope, today=timezone.localdate()))))
    of_list = book["总览"]._charts[-1]

    assert 'class="chosen"' in page and 'class="g1"' not in page
    assert 'class="chosen"' in paper and 'class="swatch chosen"' in paper and 'class="g1"' not in paper
    assert [series.spPr.solidFill.srgbClr for series in of_list.series] == ["57606A", "C4CBD3", "8C959F"]


def test_the_count_sheet_has_one_table_for_the_list_with_the_options_as_rows(poll):
    html = render_to_string("print/count_sheet.html", {"content": content_of_poll(poll)})

    list_part = html[html.index("最满意的实事评选表（4项，每张票至多选2项，按得票排列）") : html.index("三、封存票箱")]
    assert list_part.count("<table") == 1
    rows = re.findall(r'<td>(\d)</td>\s*<td class="what">(\S+?)</td>\s*<td>(\d+)</td>', list_part)
    assert rows == [(str(rank), name, str(count)) for name, rank, count in NUMBERS]


def test_the_sentence_names_those_who_come_first_and_the_ties_with_them(poll):
    (sentence,) = [text for text in result_sentences(results_of(poll)) if "评选表" in text]

    assert sentence == (
        "《最满意的实事评选表》每张票至多选2项，按得票多少排列："
        "第1名“通水”12票（63.2%），第2名“修路”5票（26.3%），第2名“建食堂”5票（26.3%）。"
    )


def test_a_list_of_which_nothing_was_chosen_has_no_first():
    poll = seal(make_choice_poll(), {"11----": 9})

    (sentence,) = [text for text in result_sentences(results_of(poll)) if "评选表" in text]

    assert sentence == "《最满意的实事评选表》每张票至多选2项，没有一项被选。"


def test_the_public_notice_shows_one_ranked_table(poll):
    content = draft_content(make_announcement(poll), results_of(poll))

    page = render_to_string("reports/_announced.html", {"content": content, "shown": shown_notice(content)})

    assert page.count(">名次<") == 1
    assert words(page).replace(" ", "").count("通水112") == 1


def test_an_option_is_not_judged_by_the_majority():
    poll = seal(make_choice_poll(judgement="majority"), {**MARKS, **SECOND})

    of_options = [table for table in content_of_poll(poll).tables if table.rank]

    assert [table.verdicts for table in of_options] == [()] * 4


def test_hidden_results_rank_nothing():
    poll = seal(make_choice_poll(min_poll=5), {"1111--": 2})

    content = content_of_poll(poll)

    assert content.hidden_reason
    assert (content.tables, content.blocks) == ((), ())
    assert not [text for text in result_sentences(results_of(poll)) if "通水" in text or "修路" in text]


def test_from_the_pages_of_the_secretary_to_the_ranked_results(client):
    organizer = make_organization()
    campaign = make_campaign(organizer)
    actions.make_polls(campaign, [organizer])
    deeds = [make_commitment(organizer, text) for text in ("修路", "通水", "装路灯")]
    client.force_login(make_cast(organizer).secretary)
    poll = campaign.polls.get()

    for key in ("best-deeds", "worst-matters"):
        client.post(reverse("campaigns:questionnaire_add", args=[campaign.pk]), {"source": key})
        listed = campaign.questionnaires.get(key=key)
        client.post(
            reverse("campaigns:poll_commitments", args=[poll.pk]),
            {"questionnaire": listed.pk, "commitments": [deed.pk for deed in deeds]},
        )
    best = campaign.questionnaires.get(key="best-deeds")
    edited = {
        "title": best.title,
        "target_rule": "a_document",
        "library_scale": "most-satisfied-2",
        "most_chosen": "1",
        "opinion_prompt": best.opinion_prompt,
        "opinion_kind": best.opinion_kind,
        "position": best.position,
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-text": "您最满意的实事",
        "form-0-ORDER": "1",
    }
    page = client.get(reverse("campaigns:questionnaire_edit", args=[best.pk]))
    client.post(reverse("campaigns:questionnaire_edit", args=[best.pk]), edited)
    open_campaign(campaign, by=None)
    poll.refresh_from_db()
    sealed = seal(poll, {"11" + "-1-" + "1--": 6, "11" + "1--" + "1-1": 4})

    assert "至多选几项" in page.content.decode()
    assert [(choices.most, len(choices.cells)) for choices in poll.ballot_form.choice_lists] == [(1, 3), (3, 3)]
    assert [(option.name, option.rank, option.chosen) for option in results_of(sealed).targets if option.rank] == [
        ("通水", 1, 6),
        ("修路", 2, 4),
        ("装路灯", 3, 0),
        ("修路", 1, 10),
        ("装路灯", 2, 4),
        ("通水", 3, 0),
    ]


def test_the_unit_has_a_letter_and_the_options_have_none(client):
    poll = seal(make_choice_poll(), {**MARKS, **SECOND})
    client.force_login(make_user(kind="secretary", organization=poll.organization))
    addresses = [
        reverse("reports:feedback_pdf", args=[poll.pk, target.pk]) for target in poll.targets.order_by("position")
    ]

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert [address in page for address in addresses] == [True, False, False, False, False]
    assert [client.get(address).status_code for address in addresses] == [200, 404, 404, 404, 404]


@pytest.fixture
def campaign():
    """Two branches with a list each; 修路 of one is not 修路 of the other."""
    return make_choice_polls(
        make_organization(),
        {"第一支部": ("修路", "通水"), "第二支部": ("修路", "建食堂", "装路灯")},
        {"第一支部": {"111-": 9, "11-1": 2}, "第二支部": {"111--": 3, "11-1-": 8}},
    )


def test_no_sum_over_units_adds_options_of_different_lists(campaign):
    (node, *_), sums = roll_up(campaign).walk(), sums_of([campaign], [campaign.organizer.path])

    asked = {line.questionnaire for line in (*node.lines, *sums.of(campaign))}
    assert asked == {"基层党组织评议表"}
    assert node.lists == ("最满意的实事评选表",)
    # 22 ballots with two forms each: the options of a list are one form.
    assert (node.sheets.issued, node.forms_issued) == (22, 44)
    assert {row["questionnaire"] for row in tally_format.build(campaign).rollup} == {"基层党组织评议表"}
    assert (
        not RankingForm(campaign=campaign, unit=campaign.organizer)
        .fields["indicator"]
        .queryset.filter(questionnaire__title="最满意的实事评选表")
    )
    recounted = RollupRecount(campaign)
    for one_poll in recount_all(campaign.polls.all()):
        recounted.add(one_poll)
    assert recounted.problems() == []


def test_page_summary_and_workbook_of_the_unit_above_say_that_lists_are_not_added_up(client, campaign):
    client.force_login(make_cast(campaign.organizer).secretary)
    sentence = "《最满意的实事评选表》是从清单中选择，选项以各单位的清单为准，不相加，见各单位的评议结果。"

    page = client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode()
    scope = Scope.of(campaign, campaign.organizer)
    book = load_workbook(
        io.BytesIO(excel.draw_report_workbook(report_of(scope, today=timezone.localdate()))), data_only=True
    )

    assert page.count(sentence) == 1 and "最满意的实事评选表合计" not in page
    assert sentence in "".join(paragraph for section in summary_of(scope).sections for paragraph in section.locked)
    assert sentence in {row[0] for row in book["总览"].iter_rows(values_only=True)}
    # Each unit's own options stand in the list of all lines.
    lines = [row for row in book["评议结果"].iter_rows(values_only=True) if row[1] == "最满意的实事评选表"]
    assert [(row[0], row[2], row[3], row[4]) for row in lines] == [
        ("第一支部", "修路", "第1名", 9),
        ("第一支部", "通水", "第2名", 2),
        ("第二支部", "建食堂", "第1名", 8),
        ("第二支部", "修路", "第2名", 3),
        ("第二支部", "装路灯", "第3名", 0),
    ]


def test_the_workbook_of_a_poll_lists_the_options_on_one_sheet(poll):
    content = content_of_poll(poll)

    book = load_workbook(io.BytesIO(excel.draw_poll_workbook(content, opinions=None)), data_only=True)

    assert [name for name in book.sheetnames if name.startswith("组织汇总")] == ["组织汇总1", "组织汇总2"]
    rows = [row[:3] for row in book["组织汇总2"].iter_rows(values_only=True, min_row=5) if row[0]]
    assert rows == [(f"第{rank}名", name, count) for name, rank, count in NUMBERS]
