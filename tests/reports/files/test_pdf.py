"""PDF and workbook say what the tally says; nothing in them runs, and nothing is fetched for them."""

import io
import re
from datetime import date

import pypdfium2
import pytest
from django.utils.html import escape
from openpyxl import load_workbook

from ballots.counting import closing, sealing
from ballots.models import SealedBox
from reports.files import excel, pdf
from reports.report import content_of_poll, summary_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from reports.tables import tally_format
from tests.factories import cast_ballots, close_poll, make_batch, make_open_poll, make_sealed_poll

pytestmark = pytest.mark.django_db


def text_of(body):
    document = pypdfium2.PdfDocument(body)
    return "".join(re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document)


def workbook(body, *, values=True):
    return load_workbook(io.BytesIO(body), data_only=values)


def result_lines(book):
    """(indicator, count and rate of each grade…, base, 满意率) of the results sheet."""
    return [list(row) for row in book["评议结果"].iter_rows(min_row=5, values_only=True) if row[0]]


@pytest.fixture
def poll():
    return make_sealed_poll({"11": 39, "12": 1, "1-": 1})


def test_page_text_workbook_and_tally_give_the_same_figures(poll):
    made = content_of_poll(poll)
    row = tally_format.build(poll.campaign).rows[-3]
    assert (row["indicator"], row["category"], row["channel"]) == ("总体评价", None, None)

    printed = text_of(pdf.draw_count_sheet(made))
    line = result_lines(workbook(excel.draw_poll_workbook(made, opinions=None)))[-1]

    rates = row["rates"]
    assert "总体评价" + "".join(f"{count}{rates[label]}" for label, count in row["counts"].items()) in printed
    assert [line[3], line[4], line[6], line[8], line[10]] == ["总体评价", 39, 1, 0, 1]
    assert [round(line[place] * 100, 1) for place in (5, 7, 9, 11)] == [
        float(rates[label]) for label in ("满意", "基本满意", "不满意", "弃权")
    ]
    assert line[14] == row["base"]
    assert round(line[15] * 100, 1) == float(row["satisfaction"])
    assert f"占{rates['满意']}%" in text_of(pdf.draw_summary_pdf(summary_of(Scope.of_poll(poll))))


def test_the_count_sheet_has_digests_five_numbers_and_lines_to_sign(poll):
    printed = text_of(pdf.draw_count_sheet(content_of_poll(poll)))

    digest = poll.batches.get().boxes.get().sha256
    assert digest in printed
    for words in ("监票人：", "计票人：", "唱票人：", "日期：", "剩余作废", "合计4141410"):
        assert words in printed
    assert "因四舍五入，各项之和可能不等于100%" in printed


def test_the_sheet_bears_sm3_beside_sha_256_where_the_box_has_it(poll):
    boxes = SealedBox.objects.filter(batch__poll=poll)
    boxes.update(sm3="0123abcd" * 8)
    with_both = text_of(pdf.draw_count_sheet(content_of_poll(poll)))
    boxes.update(sm3="")
    with_one = text_of(pdf.draw_count_sheet(content_of_poll(poll)))

    assert "校验值（SHA-256、SM3）" in with_both and "0123abcd" * 8 in with_both
    assert "校验值（SHA-256）" in with_one and "SM3" not in with_one
    assert boxes.get().sha256 in with_both and boxes.get().sha256 in with_one


def test_a_voided_batch_is_on_the_count_sheet_and_not_in_its_sums():
    poll = make_open_poll()
    wrong, right = make_batch(poll, channel="paper"), make_batch(poll)
    cast_ballots(wrong, {"33": 8})
    cast_ballots(right, {"11": 9})
    closing.void_batch(wrong, by=None, reason="收回多于发出")
    close_poll(poll)
    sealing.seal(poll, by=None)

    printed = text_of(pdf.draw_count_sheet(content_of_poll(poll)))

    assert "已作废，不计入：收回多于发出" in printed
    assert "合计99900" in printed


def test_ballots_that_a_helper_filled_in_stand_beside_their_category_and_in_no_sum():
    poll = make_open_poll()
    batch = make_batch(poll)
    cast_ballots(batch, {"11": 9})
    closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(issued=9, assisted=2)})
    sealing.seal(poll, by=None)

    printed = text_of(pdf.draw_count_sheet(content_of_poll(poll)))

    assert "党员（其中代填2张）99900" in printed and "合计99900" in printed


def test_a_draft_says_so_and_a_final_copy_does_not(poll):
    save_summary(Scope.of_poll(poll), {"use": "【待填】"}, by=None)
    made = summary_of(Scope.of_poll(poll))

    assert "草稿" in text_of(pdf.draw_summary_pdf(made, is_draft=True))
    assert "草稿" not in text_of(pdf.draw_summary_pdf(made))


def test_names_that_the_text_face_lacks_are_drawn():
    poll = make_sealed_poll()
    poll.host, poll.meeting_on = "䶮㛃𬱖", date(2026, 11, 8)
    poll.save()

    printed = text_of(pdf.draw_summary_pdf(summary_of(Scope.of_poll(poll))))

    assert "评议会由䶮㛃𬱖主持" in printed
    assert "2026年11月8日" in printed


def test_words_of_a_user_are_text_and_not_markup(poll):
    wicked = "<img src=file:///etc/passwd><a rel=attachment href=file:///etc/passwd>附件</a>"
    save_summary(Scope.of_poll(poll), {"use": wicked}, by=None)

    printed = text_of(pdf.draw_summary_pdf(summary_of(Scope.of_poll(poll))))

    assert wicked.replace(" ", "") in printed
    assert escape(wicked) != wicked
