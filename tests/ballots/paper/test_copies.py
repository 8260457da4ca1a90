"""Many copies of a paper ballot in one file: as a printer gets them, and the page on which a secretary asks for them."""

import io
from urllib.parse import unquote

import pypdfium2
import pytest
from django.urls import reverse
from pypdf import PdfReader

from ballots.paper.blank import draw_paper
from ballots.paper.copies import copied
from campaigns.models import Poll
from pingyi.drawing import draw_pdf
from tests.factories import close_poll, make_branch_poll, make_cast, make_open_poll


def document_of(page_count: int, *, size: str = "A4") -> bytes:
    """A document with a letter on each of its pages."""
    letters = "".join(f"<p style='break-after: page'>{letter}</p>" for letter in "ABCDEFG"[:page_count])
    return draw_pdf(f"<style>@page {{ size: {size} }}</style>{letters}")


def letters_of(document: bytes) -> str:
    """The letter on each page, a stroke for an empty one."""
    pages = pypdfium2.PdfDocument(document)
    return "".join(page.get_textpage().get_text_range().strip() or "-" for page in pages)


@pytest.mark.parametrize(
    ("page_count", "is_duplex", "printed"),
    [
        (1, False, "AAA"),
        (2, False, "ABABAB"),
        (3, False, "ABCABCABC"),
        (1, True, "A-A-A-"),
        (2, True, "ABABAB"),
        (3, True, "ABC-ABC-ABC-"),
    ],
)
def test_copies_follow_each_other_and_on_both_sides_each_begins_on_a_new_sheet(page_count, is_duplex, printed):
    assert letters_of(copied(document_of(page_count), 3, is_duplex=is_duplex)) == printed


def test_one_copy_is_the_document():
    assert letters_of(copied(document_of(2), 1, is_duplex=False)) == "AB"
    assert letters_of(copied(document_of(3), 1, is_duplex=True)) == "ABC-"


def test_all_copies_draw_the_same_content_and_every_page_has_its_own_entry():
    reader = PdfReader(io.BytesIO(copied(document_of(2), 50, is_duplex=False)))

    drawn = {(page.raw_get("/Contents").idnum, page.raw_get("/Resources").idnum) for page in reader.pages}

    assert len(drawn) == 2
    assert len({page.indirect_reference.idnum for page in reader.pages}) == 100


def test_a_thousand_copies_weigh_little_more_than_one():
    document = document_of(3)

    assert len(copied(document, 1000, is_duplex=True)) < len(document) + 4000 * 250


def test_an_empty_page_has_the_size_of_the_one_before_it():
    pages = PdfReader(io.BytesIO(copied(document_of(1, size="A4 landscape"), 2, is_duplex=True))).pages

    assert len({(page.mediabox.width, page.mediabox.height) for page in pages}) == 1


@pytest.mark.parametrize(("is_duplex", "wanted"), [(False, "/Simplex"), (True, "/DuplexFlipLongEdge")])
def test_the_file_tells_the_printer_which_sides(is_duplex, wanted):
    preferences = PdfReader(io.BytesIO(copied(document_of(1), 2, is_duplex=is_duplex))).root_object[
        "/ViewerPreferences"
    ]

    assert (preferences["/Duplex"], preferences["/PrintScaling"]) == (wanted, "/None")


# The page


pytestmark = pytest.mark.django_db


def file_of(poll, **query) -> str:
    return reverse("ballots:poll_paper", args=[poll.pk], query=query)


def page_of(poll, **query) -> str:
    return reverse("ballots:paper_copies", args=[poll.pk], query=query or None)


@pytest.fixture
def poll():
    """An open poll whose ballot has several pages."""
    return make_branch_poll(9)


@pytest.fixture
def secretary(client, poll):
    client.force_login(make_cast(poll.organization).secretary)
    return client


def test_a_secretary_gets_so_many_copies_of_the_same_ballot(secretary, poll):
    category = poll.campaign.categories.get(name="群众代表")
    alone = [
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(draw_paper(poll, category=category))
    ]

    answer = secretary.get(file_of(poll, category=category.pk, copies=20, sides="single"))

    assert answer["Content-Type"] == "application/pdf"
    assert "纸质评议票 第一党支部 群众代表 20份.pdf" in unquote(answer["Content-Disposition"])
    printed = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)]
    assert printed == alone * 20


def test_copies_for_both_sides_have_an_even_number_of_pages_each(secretary, poll):
    alone = len(pypdfium2.PdfDocument(draw_paper(poll)))

    printed = len(pypdfium2.PdfDocument(secretary.get(file_of(poll, copies=5, sides="double")).content))

    assert printed == 5 * (alone + alone % 2)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"copies": "0", "sides": "single"}, "请填1至1000的整数"),
        ({"copies": "1001", "sides": "single"}, "请填1至1000的整数"),
        ({"copies": "很多", "sides": "single"}, "请填1至1000的整数"),
        ({"copies": "", "sides": "single"}, "必填"),
        ({"copies": "3", "sides": "triple"}, "triple"),
    ],
)
def test_what_cannot_be_printed_is_sent_back_to_the_page_which_says_why(secretary, poll, query, sentence):
    answer = secretary.get(file_of(poll, **query), follow=True)

    assert [address for address, _ in answer.redirect_chain] == [page_of(poll, **query)]
    assert sentence in answer.content.decode()


def test_the_page_asks_for_the_number_and_offers_the_campaigns_own_categories(secretary, poll):
    Poll.objects.filter(pk=poll.pk).update(entitled_count=87)
    category = poll.campaign.categories.get(name="群众代表")
    other = make_open_poll(title="另一次评议").campaign.categories.first()

    page = secretary.get(page_of(poll, category=category.pk)).content.decode()

    assert f'<option value="{category.pk}" selected>群众代表</option>' in page
    assert f'value="{other.pk}"' not in page
    assert "应参评87人" in page
    assert f'action="{reverse("ballots:poll_paper", args=[poll.pk])}"' in page


def test_a_category_of_another_campaign_is_not_found(secretary, poll):
    other = make_open_poll(title="另一次评议").campaign.categories.first()

    assert secretary.get(page_of(poll, category=other.pk)).status_code == 404
    assert secretary.get(file_of(poll, category=other.pk, copies=2, sides="single")).status_code == 404


def test_the_workbench_leads_to_the_page(secretary, poll):
    assert f'href="{page_of(poll)}"' in secretary.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()


def test_a_closed_poll_prints_no_more_copies(secretary, poll):
    close_poll(poll)

    for address in (page_of(poll), file_of(poll, copies=2, sides="single")):
        answer = secretary.get(address, follow=True)
        assert answer.redirect_chain[0][0] == reverse("ballots:poll_detail", args=[poll.pk])
        assert "开启或演练时才能印纸质票" in answer.content.decode()
