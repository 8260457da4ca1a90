"""The slips as a person gets them: read back from the PDF as a camera and as eyes read them."""

import io
from collections import Counter
from typing import NamedTuple

import pypdfium2
import pytest
import zxingcpp
from django.template.loader import render_to_string
from pypdf import PdfReader

from ballots import actions
from ballots.voting import casting, codes
from ballots.voting.slips import FittedText, draw_slips
from campaigns import actions as campaign_actions
from tests.factories import close_poll, make_batch, make_campaign, make_open_poll, make_organization, make_shared

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SITE = "http://192.168.1.20:8000/v/"


@pytest.fixture
def batch():
    return make_batch(make_open_poll(), category="群众代表")


def draw(batch, count):
    slips = codes.invent_slips(count)
    return slips, pypdfium2.PdfDocument(draw_slips(batch, slips, site=SITE))


def addresses(document, page=0):
    """The texts that a camera reads on a page, from left to right and from top to bottom."""
    picture = document[page].render(scale=300 / 72).to_pil()
    codes_read = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    in_order = sorted(
        codes_read, key=lambda barcode: (round(barcode.position.top_left.y / 50), barcode.position.top_left.x)
    )
    return [barcode.text for barcode in in_order]


class Box(NamedTuple):
    """Where a character stands on the page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


def boxes_of(page, sought):
    """The boxes of the characters of the first place where a text stands."""
    start, length = page.search(sought).get_next()
    return [Box(*page.get_charbox(index)) for index in range(start, start + length)]


def words(document, page=0):
    return document[page].get_textpage().get_text_range()


def test_every_qr_of_a_page_reads_back_and_each_code_casts_a_ballot(batch):
    slips, document = draw(batch, 24)
    codes.issue_slips(batch, slips)

    read = addresses(document)

    assert read == [f"{SITE}{slip}/" for slip in slips]
    for number, address in enumerate(read):
        code = address.removeprefix(SITE).strip("/")
        casting.cast(ticket=codes.exchange(code), key=str(number), marks="12")
    assert not batch.codes.exists()


def test_each_slip_says_what_it_is_for_and_what_is_not_recorded(batch):
    slips, document = draw(batch, 24)

    text = words(document)

    for slip in slips:
        assert codes.pretty(slip) in text
    for sentence in ("某局党委", "2026年度群众评议", "群众代表", "本码只用于证明有权投票，不记录由谁领取。", SITE):
        assert text.count(sentence) == 24
    assert "演练" not in text


def test_nothing_on_a_slip_tells_its_place_in_the_pile(batch):
    slips, document = draw(batch, 24)

    text = words(document)
    for slip in slips:
        text = text.replace(codes.pretty(slip), "")

    assert {number % 24 for character, number in Counter(text).items() if not character.isspace()} == {0}


@pytest.mark.parametrize(("count", "pages"), [(1, [1]), (23, [23]), (25, [24, 1]), (53, [24, 24, 5])])
def test_a_last_page_has_only_as_many_slips_as_are_wanted(batch, count, pages):
    slips, document = draw(batch, count)

    read = [addresses(document, page) for page in range(len(document))]

    assert [len(page) for page in read] == pages
    assert [address for page in read for address in page] == [f"{SITE}{slip}/" for slip in slips]
    assert [words(document, page).count("本码只用于") for page in range(len(document))] == pages


def test_a_slip_lies_where_the_layout_leaves_room(batch):
    """The stamp's measures agree with the page's: the code stands between the title and the address."""
    (slip,), document = draw(batch, 1)
    page = document[0].get_textpage()

    code = boxes_of(page, codes.pretty(slip))
    above = boxes_of(page, "2026年度群众评议")
    below = boxes_of(page, "手机扫码")
    assert max(box.top for box in below) < min(box.bottom for box in code)
    assert max(box.top for box in code) < min(box.bottom for box in above)


def test_long_names_do_not_run_into_the_code():
    organizer = make_organization("中国共产党某某省某某市某某区某某街道某某社区第一联合支部委员会（流动党员）" * 2)
    poll = make_open_poll(organizer, title="2026年度基层党组织和党员公开承诺践诺情况群众满意度集中评议活动" * 2)
    poll.campaign.categories.filter(name="党员").update(name="下属基层单位党组织负责人")
    (slip,), document = draw(make_batch(poll, category="下属基层单位党组织负责人"), 1)
    page = document[0].get_textpage()

    code, category = boxes_of(page, codes.pretty(slip)), boxes_of(page, "下属基层单位党组织负责人")
    printed_above = [Box(*page.get_charbox(index)) for index in range(page.count_chars())]
    beside_the_code = [box for box in printed_above if box.left < code[-1].right and box.bottom > code[0].bottom]
    assert len(addresses(document)) == 1
    assert min(box.bottom for box in beside_the_code if box not in code) > max(box.top for box in code)
    assert max(box.right for box in category) < 66 * 72 / 25.4


LONG_NAME = "青岚县农业农村和乡村振兴综合服务保障中心机关第一联合党支部（含离退休干部党员及流动党员临时管理组）"


@pytest.mark.parametrize(("name", "is_whole"), [(LONG_NAME, True), (LONG_NAME + LONG_NAME[:48], False)])
def test_units_whose_long_names_differ_at_the_end_have_slips_that_differ(name, is_whole):
    title = "2026年度基层党组织和党员开展创先争优活动群众评议暨民主评议党员民主测评"
    printed = []
    for ending in ("甲", "乙"):
        _, document = draw(make_batch(make_open_poll(make_organization(name + ending), title=title)), 1)
        printed.append("".join(words(document).split()))

    assert all((name + ending in text) == is_whole for ending, text in zip("甲乙", printed, strict=True))
    assert all(f"{name[-8:]}{ending}" in text for ending, text in zip("甲乙", printed, strict=True))
    assert all("民主测评" in text for text in printed)


def test_a_rehearsals_slips_say_so():
    organizer = make_organization()
    campaign = make_campaign(organizer)
    campaign_actions.make_polls(campaign, [organizer])
    poll = campaign.polls.get()
    actions.start_rehearsal(poll)

    _, document = draw(make_batch(poll), 3)

    assert words(document).count("演练") == 3


def test_many_slips_share_what_their_pages_have_in_common(batch):
    slips = codes.invent_slips(500)

    document = draw_slips(batch, slips, site=SITE)

    reader = PdfReader(io.BytesIO(document))
    assert len(reader.pages) == 21
    assert len({page["/Resources"].indirect_reference.idnum for page in reader.pages}) == 1
    assert len({page.raw_get("/Contents")[0].idnum for page in reader.pages}) == 2
    assert len(document) < 2_000_000


def test_a_name_cannot_bring_markup_into_the_page(batch):
    blank = {"words": [FittedText("unit", "<img src='file:///etc/passwd'>", 8)], "form_count": 1}

    page = render_to_string("print/slips.html", {"blanks": [blank]})

    assert "file:///etc/passwd" in page
    assert "<img" not in page


def test_a_shared_slip_names_every_form_by_its_title_and_has_one_code():
    first = make_open_poll(title="组织评议票")
    tied = make_shared(first, make_open_poll(first.organization, title="党员评议票"))

    for batch in tied:
        slips, document = draw(batch, 24)
        text = words(document)

        assert [text.count(title) for title in ("①组织评议票", "②党员评议票")] == [24, 24]
        assert text.count("一个码可填上面2张表，各投一票；不记录由谁领取。") == 24
        assert addresses(document) == [f"{SITE}{slip}/" for slip in slips]


def test_a_slip_made_after_a_form_closed_does_not_name_it():
    first = make_open_poll(title="组织评议票")
    tied = make_shared(first, make_open_poll(first.organization, title="党员评议票"))
    close_poll(tied[1].poll)

    _, document = draw(tied[0], 1)

    assert "组织评议票" in words(document)
    assert "党员评议票" not in words(document)
    assert "本码只用于证明有权投票" in words(document)


def test_four_long_titles_find_room_above_the_code():
    title = "2026年度基层党组织和党员公开承诺践诺情况群众满意度集中评议活动"
    organizer = make_organization("中国共产党某某省某某市某某区某某街道某某社区第一联合支部委员会（流动党员）")
    polls = [make_open_poll(organizer, title=f"{title}之{number}") for number in "一二三四"]
    for poll in polls:
        poll.campaign.categories.filter(name="党员").update(name="下属基层单位党组织负责人")
    batch, *_ = make_shared(*polls, category="下属基层单位党组织负责人")

    (slip,), document = draw(batch, 1)

    page = document[0].get_textpage()
    code = boxes_of(page, codes.pretty(slip))
    for sign, number in zip("①②③④", "一二三四", strict=True):
        assert sign in words(document)
        assert min(box.bottom for box in boxes_of(page, f"活动之{number}")) > max(box.top for box in code)
    assert "下属基层单位党组织负责人" in words(document)
