"""Papers as printed: the page of GB/T 9704, where tables stand, and sub-reports that show their reader's results alone."""

import io
from datetime import date
from itertools import pairwise

import pypdfium2
import pytest
from django.urls import reverse
from pypdf import PdfReader

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from reports.comments import comments_content
from reports.files import layout, pdf
from reports.ledger.content import ledger_of
from reports.models import Problem
from reports.opinions import opinions_content
from reports.report import content_of_poll, summary_of
from reports.scope import Scope
from reports.summary import Piece, SummaryContent, SummarySection
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_comment,
    make_member,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db
MM = 72 / 25.4
LINE = 225 / 22
DIGITS = "0123456789"
C1 = {"11": 39, "12": 1, "1-": 1}


def characters(page):
    """(character, left, bottom, right, top) in millimetres from the paper's left and top edges."""
    text, height = page.get_textpage(), page.get_height()
    placed = []
    for place in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(place, loose=True)
        character = text.get_text_range(place, 1)
        if character.strip():
            placed.append((character, left / MM, (height - bottom) / MM, right / MM, (height - top) / MM))
    return placed


def text_of_page(page):
    return "".join(placed[0] for placed in characters(page))


def text_of(body):
    return "".join(text_of_page(page) for page in pypdfium2.PdfDocument(body))


def lines_of(page):
    """The lines of a page as (text, left, right, middle) from top to bottom."""
    lines = {}
    for character, left, bottom, right, top in characters(page):
        middle = (bottom + top) / 2
        key = next((known for known in lines if abs(known - middle) < 2), middle)
        lines.setdefault(key, []).append((left, right, character))
    return [
        (
            "".join(character for _, _, character in sorted(characters_of_line)),
            min(characters_of_line)[0],
            max(right for _, right, _ in characters_of_line),
            middle,
        )
        for middle, characters_of_line in sorted(lines.items())
    ]


def made(paragraphs, *, title="关于评议的小结", unit="某局党委", date="2026年11月8日", tables=()):
    """A 小结 with one section of the given paragraphs."""
    body = tuple((Piece(paragraph),) for paragraph in paragraphs)
    section = SummarySection("intro", "导语", "", (), "", body)
    return SummaryContent(title, unit, (Piece(date),), (section,), tables, ())


def pages(content):
    return list(pypdfium2.PdfDocument(pdf.draw_summary_pdf(content)))


def make_members_poll(count, *, scale="member-4"):
    """A sealed poll about a branch's members, a line each."""
    branch = make_organization("第一党支部", kind="branch")
    for number in range(count):
        make_member(branch, f"党员{number:02d}")
    campaign = make_campaign(branch, indicators=("总体评价",), scale=scale)
    campaign.questionnaires.update(target_kind="member", target_rule="its_members", title="党员评议表")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"1" * count: 7, "2" * count: 3})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


# The page.


@pytest.mark.parametrize("attached", [False, True])
def test_the_signature_never_stands_on_a_page_without_text(attached):
    tables = content_of_poll(make_members_poll(9)).tables if attached else ()
    page_counts = set()
    for count in range(12, 22):
        content = made(["评" * 30] * (count // 2) + ["议"] * (count % 2), tables=tables)
        printed = [text_of_page(page) for page in pages(content)]
        (signed,) = [text for text in printed if "某局党委2026年11月8日" in text]

        assert set("评议") & set(signed.partition("某局党委")[0].replace("附件：党员评议表统计结果", ""))
        page_counts.add(len(printed))

    assert len(page_counts) > 1


def test_a_page_has_22_lines_of_28_characters_on_156_by_225_millimetres():
    first = pages(made(["评" * 28 * 60]))[0]

    lines = [line for line in lines_of(first) if set(line[0]) == {"评"}]
    full = lines[1:]

    assert {len(text) for text, *_ in full} == {28}
    assert {round(left) for _, left, _, _ in full} == {28}
    assert {round(right) for _, _, right, _ in full} == {184}
    assert {round(below[3] - above[3], 1) for above, below in pairwise(full)} == {10.2}
    second = pages(made(["评" * 28 * 60]))[1]
    assert len([line for line in lines_of(second) if set(line[0]) == {"评"}]) == 22


def test_figures_and_names_do_not_push_lines_apart():
    mixed = (Piece("发出评议表41份，满意率95.1%，由"), Piece("䶮㛃𬱖", "name"), Piece("主持。"))
    section = SummarySection("intro", "导语", "", (), "", (mixed * 12,))

    first = pages(SummaryContent("小结", "某局", (Piece("2026年11月8日"),), (section,), (), ()))[0]

    bottoms = sorted({round(bottom, 1) for character, _, bottom, _, _ in characters(first) if character == "份"})
    assert len(bottoms) > 8
    assert {round((below - above) / LINE, 2) for above, below in pairwise(bottoms)} <= {0.99, 1.0, 1.01, 2.0}


def test_no_line_begins_with_a_mark_or_cuts_a_figure():
    paragraph = "".join(f"满意{number}份，占{number}.5%；" for number in range(10, 99))

    texts = [line[0] for page in pages(made([paragraph])) for line in lines_of(page)[:-1]]

    assert len(texts) > 30
    assert [line for line in texts if line[0] in "，。；、：）》”%."] == []
    assert [(above, below) for above, below in pairwise(texts) if above[-1].isdigit() and below[0] in DIGITS] == []


def test_a_paragraph_begins_two_characters_in():
    first = pages(made(["评" * 60]))[0]

    (_, left, _, _), *_ = [line for line in lines_of(first) if set(line[0]) == {"评"}]

    assert round((left - 28) / (16 * 25.4 / 72), 1) == 2.0


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages_seven_millimetres_below():
    odd, even = pages(made(["评" * 28 * 30]))

    (first, _, right, _), (second, left, _, _) = lines_of(odd)[-1], lines_of(even)[-1]
    dash = odd.get_textpage()
    place = dash.get_text_range().index("—")
    below = (odd.get_height() - dash.get_charbox(place)[3]) / MM

    assert (first, second) == ("—1—", "—2—")
    assert round(right) == 184 - 5
    assert round(left) == 28 + 5
    assert round(below - (297 - 35), 1) == 7


@pytest.mark.parametrize(
    ("unit", "date", "blanks"),
    [
        # (blank characters right of the unit, the date's start after the unit's), in characters
        ("中国共产党某某市某某局委员会", "2026年11月8日", (2, 2)),
        ("某局", "2026年11月18日", (None, 2)),
    ],
)
def test_the_date_begins_two_characters_after_the_unit(unit, date, blanks):
    (page,) = pages(made(["正文。"], unit=unit, date=date))
    size = 16 * 25.4 / 72

    lines = {text: (left, right) for text, left, right, _ in lines_of(page)}

    assert round((lines[date][0] - lines[unit][0]) / size) == blanks[1]
    longer = unit if blanks[0] else date
    assert round((184 - lines[longer][1]) / size) == 2


def test_a_heading_of_the_second_level_leads_its_paragraph():
    pieces = (Piece("（一）评议由"), Piece("张三", "name"), Piece("主持。会后整改。"))

    paragraph = layout.paragraph_of(pieces)

    assert paragraph.lead == (*pieces[:2], Piece("主持。"))
    assert paragraph.rest == (Piece("会后整改。"),)
    assert layout.paragraph_of((Piece("（二）落实整改"),)) == layout.Paragraph((Piece("（二）落实整改"),), ())
    assert layout.paragraph_of((Piece("共（一）件。"),)).lead == ()


@pytest.mark.parametrize(
    ("title", "unit", "lines"),
    [
        ("某局党委2026年度群众评议情况小结", "某局党委", ("某局党委2026年度群众评议情况小结",)),
        (
            "青岚市水务局党组2026年领导班子分析检查报告群众评议情况小结",
            "青岚市水务局党组",
            ("青岚市水务局党组2026年", "领导班子分析检查报告群众评议情况小结"),
        ),
        (
            "青山矿党委2026年度创先争优群众评议情况小结",
            "青山矿党委",
            ("青山矿党委2026年度", "创先争优群众评议情况小结"),
        ),
        (
            "某某县某某乡党委2026年下半年党员群众评议情况小结",
            "某某县某某乡党委",
            ("某某县某某乡党委2026年下半年", "党员群众评议情况小结"),
        ),
        ("评" * 41, "", ("评" * 14, "评" * 14, "评" * 13)),
    ],
)
def test_a_long_title_is_cut_between_words(title, unit, lines):
    assert layout.title_lines(title, unit=unit) == lines


# Tables.


def test_few_rows_stand_in_the_text_and_have_no_attachment():
    paper = layout.paper_of(summary_of(Scope.of_poll(make_sealed_poll())))

    assert [len(table.rows) for table in paper.tables] == [2]
    assert paper.attachments == ()


def test_many_rows_go_into_an_attachment_on_a_page_of_its_own():
    body = pdf.draw_summary_pdf(summary_of(Scope.of_poll(make_members_poll(60))))

    printed = list(pypdfium2.PdfDocument(body))
    text = text_of(body)
    attached = [page for page in printed if "评定" in text_of_page(page) or "姓名" in text_of_page(page)]
    (label, left, _, _), (_, _, _, _), (title, *_) = [
        *lines_of(attached[0])[:1],
        ("", 0, 0, 0),
        lines_of(attached[0])[1],
    ]

    assert "附件：党员评议表统计结果" in text
    assert (label, round(left)) == ("附件", 28)
    assert title == "党员评议表统计结果"
    assert len(attached) > 1
    assert all("姓名" in text_of_page(page) and "优秀率" in text_of_page(page) for page in attached)
    assert [text.count(f"党员{number:02d}总体评价770.0330.0") for number in range(60)] == [1] * 60


def test_a_table_names_its_denominator_and_says_why_a_row_is_not_a_hundred():
    (table,) = layout.paper_of(summary_of(Scope.of_poll(make_sealed_poll(C1)))).tables

    assert table.notes == ("各率的分母为有效票，逐行列出。", "因四舍五入，各项之和可能不等于100%。")


def test_bars_have_their_numbers_beside_them():
    printed = text_of(pdf.draw_summary_pdf(summary_of(Scope.of_poll(make_sealed_poll(C1)))))

    assert "满意95.1%，基本满意2.4%，不满意0.0%，弃权2.4%" in printed


@pytest.mark.parametrize(("marks", "text"), [({"11": 39, "13": 2}, "横轴从95%起"), ({"11": 9, "13": 32}, "")])
def test_bars_say_where_their_axis_begins(marks, text):
    poll = make_sealed_poll(marks)

    words = text_of(pdf.draw_summary_pdf(summary_of(Scope.of_poll(poll))))

    assert ("横轴" in words) == bool(text)
    assert text in words


def test_every_face_is_embedded_in_the_file():
    reader = PdfReader(io.BytesIO(pdf.draw_summary_pdf(summary_of(Scope.of_poll(make_sealed_poll())))))

    fonts = {
        font["/BaseFont"]: font["/DescendantFonts"][0]["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert len(fonts) >= 3
    assert [name for name, described in fonts.items() if "/FontFile3" not in described] == []


# Lists.


def test_the_opinions_list_has_figures_texts_and_where_each_went():
    poll = make_sealed_poll()
    make_opinion(poll, "办事要快")
    make_opinion(poll, "中午也要有人")

    printed = text_of(pdf.opinions_list(opinions_content(Scope.of_poll(poll)), "某局党委"))

    assert "收到2条，其中不作为意见0条，计为意见建议2条，归并为2件" in printed
    assert "某局党委某局党委评议票意见建议办事要快1" in printed
    assert "中午也要有人" in printed


def test_a_picture_from_a_phone_is_a_mark_and_not_a_box():
    poll = make_sealed_poll()
    make_opinion(poll, "很好👍🏻👨\u200d👩\u200d👧，继续")

    assert "很好〓，继续" in text_of(pdf.opinions_list(opinions_content(Scope.of_poll(poll)), "某局党委"))


def test_a_marked_list_says_on_each_page_who_took_it_out_and_when():
    poll = make_sealed_poll()
    for number in range(60):
        make_opinion(poll, f"第{number}条意见")

    body = pdf.opinions_list(opinions_content(Scope.of_poll(poll)), "某局党委", mark="王干事于2026年11月30日15:20导出")

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    assert len(pages) > 1
    assert all("王干事于2026年11月30日15:20导出" in page for page in pages)


def test_an_empty_list_says_so():
    content = opinions_content(Scope.of_poll(make_sealed_poll()))

    assert "没有意见建议。" in text_of(pdf.opinions_list(content, "某局党委"))


def test_the_ledger_has_its_columns_on_each_page_and_the_figures_of_c6():
    unit = make_organization()
    done = date(2026, 4, 20)
    for number in range(10):
        measures = [done] * 3 if number == 0 else [done] if number < 7 else [None]
        make_problem(unit, measures=measures, content=f"问题{number}，" + "需要说明的情况很多。" * 20)

    body = pdf.ledger(ledger_of(Problem.objects.order_by("pk"), today=date(2026, 5, 1)), "某局党委")

    printed = text_of(body)
    pages = [text_of_page(page) for page in pypdfium2.PdfDocument(body)]
    assert "问题10个，已办结0个，超期0个；整改措施12条，已落实9条，正在落实3条，措施完成率75.0%。" in printed
    assert len(pages) > 1
    heads = "序号单位问题来源反映问题类别涉及对象原因分析整改措施处置类型责任领导责任单位责任人完成时限进展状态完成日期"
    assert [sorted(set(heads) - set(page)) for page in pages] == [[]] * len(pages)
    assert all("群众再评" in page for page in pages)
    assert "1.措施1（已落实，2026年4月20日）" in printed


def test_the_ledger_of_comments_names_who_said_what_and_the_coverage():
    poll = make_sealed_poll()
    make_comment(poll.campaign, poll.organization, leader="赵书记", content="工作扎实。", follow_up="已改进")

    printed = text_of(pdf.comments(comments_content(Scope.of_poll(poll)), "某局党委"))

    assert "覆盖100.0%（1/1）。共登记点评1次。" in printed
    assert "1某局党委某局党委赵书记2026年11月10日会议集中点评工作扎实。已改进" in printed


@pytest.mark.parametrize("name", ["opinions_pdf", "ledger_pdf", "comments_pdf"])
def test_lists_are_downloaded_as_pdf(client, name):
    poll = make_sealed_poll()
    client.force_login(make_cast(poll.organization).secretary)
    of_a_poll = [poll.pk] if name == "opinions_pdf" else []

    response = client.get(reverse(f"reports:{name}", args=of_a_poll), {"reason": "归档"})

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF")
