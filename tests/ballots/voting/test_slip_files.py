"""The slips of many units in one file, as whoever opens it gets them, and what is valid when it breaks off."""

import io
import re
import zipfile
from contextlib import closing as closed_after

import pypdfium2
import pytest
from pypdf import PdfReader

from ballots.models import Batch, Code
from ballots.voting import casting, codes, handing_out
from ballots.voting.handing_out import HowMany
from ballots.voting.slip_files import SlipOrder, pdf_of_slips, zip_of_slips
from campaigns.models.states import StateError
from tests import factories
from tests.ballots.voting.test_handing_out import make_units, pattern_of, polls_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SITE = "http://192.168.1.20:8000/v/"
DRAWERS = pytest.mark.parametrize("draw", [zip_of_slips, pdf_of_slips])


@pytest.fixture
def campaign():
    """Three units with two, three and four members, each with a batch for its members."""
    campaign = make_units(3)
    handing_out.add_batches(campaign.polls.all(), pattern_of(campaign))
    return campaign


def orders_of(campaign, **facts):
    pattern = pattern_of(campaign, **{"how_many": HowMany.ROSTER, **facts})
    plan = handing_out.plan_slips(campaign.polls.all(), pattern).of(polls_of(campaign))
    return [SlipOrder(item.batch, item.slip_count) for item in plan if not item.left_out]


def pages(document):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document)]


def printed_on(text):
    return re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", text)


def units_of(printed):
    return {codes.exchange(code).poll_id for code in printed}


def test_each_unit_has_a_pdf_of_its_own_whose_codes_all_cast_a_ballot_there(campaign):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zip_of_slips(orders_of(campaign), site=SITE))))

    listing, *files = archive.namelist()
    assert archive.testzip() is None
    assert files == [f"第0{number}支部-选票码.pdf" for number in range(3)]
    assert max(archive.getinfo(name).file_size for name in files) < 50_000  # the faces alone were four times as much
    for poll, count, name in zip(polls_of(campaign), (2, 3, 4), files, strict=True):
        text = "".join(pages(archive.read(name)))
        printed = printed_on(text)
        assert len(printed) == count
        assert text.count(poll.unit_name) == count
        for code in printed:
            ticket = codes.exchange(code)
            assert ticket.poll_id == poll.pk
            casting.cast(ticket=ticket, key=code, marks="11")
    assert not Code.objects.exists()
    assert archive.read(listing).decode("utf-8-sig").split() == [
        *("单位", "票批", "张数"),
        *("第00支部", "集中评议·党员", "2", "第01支部", "集中评议·党员", "3", "第02支部", "集中评议·党员", "4"),
        *("合计", "9"),
    ]


def test_in_one_pdf_each_batch_begins_on_a_new_sheet(campaign):
    document = b"".join(pdf_of_slips(orders_of(campaign, how_many=HowMany.SAME, same=25), site=SITE))

    printed = [printed_on(page) for page in pages(document)]
    assert [len(page) for page in printed] == [24, 1] * 3
    assert [units_of(page) for page in printed] == [{poll.pk} for poll in polls_of(campaign) for _ in range(2)]
    assert len(PdfReader(io.BytesIO(document), strict=True).pages) == 6
    assert document.startswith(b"%PDF-1.7\n")
    assert document.count(b"%PDF-") == 1


def test_a_unit_has_all_its_batches_in_its_file_and_lies_in_the_folder_of_the_unit_above_it():
    campaign = make_units(1)
    (poll,) = polls_of(campaign)
    poll.names = [*poll.names[:-1], "一总支/二", poll.names[-1]]
    for category in ("党员", "群众代表"):
        factories.make_batch(poll, category=category)
    orders = orders_of(campaign, categories=("党员", "群众代表"), how_many=HowMany.SAME, same=1)
    for order in orders:
        order.batch.poll = poll

    archive = zipfile.ZipFile(io.BytesIO(b"".join(zip_of_slips(orders, site=SITE))))

    (name,) = archive.namelist()[1:]
    assert name == "一总支_二/第00支部-选票码.pdf"
    assert [("党员" in page, "群众代表" in page) for page in pages(archive.read(name))] == [
        (True, False),
        (False, True),
    ]


@DRAWERS
def test_the_number_made_is_recorded_and_no_code_is_kept_in_clear(campaign, draw):
    b"".join(draw(orders_of(campaign), site=SITE))

    assert list(Batch.objects.order_by("poll__path").values_list("printed_count", flat=True)) == [2, 3, 4]
    assert Code.objects.count() == 9
    assert orders_of(campaign) == []


@DRAWERS
def test_of_a_file_that_breaks_off_no_slip_is_good_and_none_is_counted(campaign, draw):
    with closed_after(draw(orders_of(campaign), site=SITE)) as parts:
        for _ in range(3):
            next(parts)

        assert not Code.objects.exists()

    assert not Code.objects.exists()
    assert not any(Batch.objects.values_list("printed_count", flat=True))


def close_a_poll(campaign):
    factories.close_poll(polls_of(campaign)[1])


def void_a_batch(campaign):
    Batch.objects.filter(poll=polls_of(campaign)[1]).update(state="void", voided_at="2026-11-01T00:00Z")


def take_a_batch_away(campaign):
    Batch.objects.filter(poll=polls_of(campaign)[1]).delete()


def share_a_batch(campaign):
    first = polls_of(campaign)[1]
    factories.make_shared(first, factories.make_open_poll(first.organization, title="另一张表"))


def make_slips_of_a_batch(campaign):
    codes.make_slips(Batch.objects.get(poll=polls_of(campaign)[1]), 3)


@DRAWERS
@pytest.mark.parametrize(
    "change", [close_a_poll, void_a_batch, take_a_batch_away, share_a_batch, make_slips_of_a_batch]
)
def test_a_batch_that_changes_meanwhile_breaks_the_file_off_and_nothing_of_it_is_good(campaign, draw, change):
    parts = draw(orders_of(campaign), site=SITE)
    sent = next(parts)
    change(campaign)
    before = Code.objects.count()

    with pytest.raises(StateError, match="第01支部"):
        for part in parts:
            sent += part

    assert Code.objects.count() == before
    with pytest.raises((zipfile.BadZipFile, pypdfium2.PdfiumError)):
        (zipfile.ZipFile if draw is zip_of_slips else pypdfium2.PdfDocument)(io.BytesIO(sent))


def test_two_who_make_slips_at_once_do_not_make_them_twice(campaign):
    first, second = (zip_of_slips(orders_of(campaign), site=SITE) for _ in range(2))
    next(first), next(second)

    b"".join(first)
    with pytest.raises(StateError, match="同时在别处"):
        b"".join(second)

    assert Code.objects.count() == 9


def test_each_part_of_the_archive_is_a_unit_so_that_nothing_waits_in_memory(campaign):
    parts = list(zip_of_slips(orders_of(campaign), site=SITE))

    assert [part.count(b"PK\x03\x04") for part in parts] == [2, 1, 1, 0]
    assert parts[-1].count(b"PK\x01\x02") == 4
