"""The file of a 公示: a short one comes at once, a long one from the worker, with the same words and the same picture."""

import io
import re

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.db import transaction
from django.test import Client
from django.urls import reverse

from campaigns.models import Role
from reports.announcements import paging
from reports.announcements.actions import discard_announcement
from reports.exports.making import make_export
from reports.models import Export
from reports.views import notice_files
from tests.factories import (
    make_announcement,
    make_cast,
    make_commitment,
    make_sealed_poll,
    make_unit_announcement,
)
from tests.factories import (
    make_export as make_asked,
)
from tests.reports.announcements.notices import published
from tests.reports.exports.claiming import again, claimed, contents
from tests.reports.models.breaking import violates

pytestmark = pytest.mark.django_db
NOW = "2026-09-30 10:00+08:00"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"


@pytest.fixture
def poll():
    poll = make_sealed_poll({"11": 20})
    for number in range(7):
        make_commitment(poll.organization, content=f"第{number}项承诺")
    return poll


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(people):
    client = Client()
    client.force_login(people.secretary)
    return client


@pytest.fixture
def few_lines(monkeypatch):
    monkeypatch.setattr(notice_files, "MOST_LINES", 5)


def at(name, announcement):
    return reverse(f"reports:{name}", args=[announcement.pk])


def text_of(body):
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(io.BytesIO(body))]
    return re.sub(r"\s", "", "".join(pages))


def codes_of(body):
    pictures = [picture.render(scale=3).to_pil() for picture in pypdfium2.PdfDocument(io.BytesIO(body))]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


@time_machine.travel(NOW, tick=False)
def test_a_short_notice_comes_at_once(poll, secretary):
    answer = secretary.get(at("announcement_pdf", published(poll, extras=["commitments"])))

    assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")


@time_machine.travel(NOW, tick=False)
def test_a_long_notice_is_left_to_the_worker_and_is_the_same(poll, secretary, monkeypatch):
    notice = published(poll, extras=["commitments"], audience="public")
    at_once = secretary.get(at("announcement_pdf", notice)).content
    monkeypatch.setattr(notice_files, "MOST_LINES", 5)

    back = secretary.get(at("announcement_pdf", notice), follow=True)
    secretary.post(at("announcement_export", notice))
    export = Export.objects.get()
    make_export(claimed())

    assert back.redirect_chain == [(at("announcement_detail", notice), 302)]
    assert "这份公示很长，PDF由后台程序生成：按下面的“生成PDF”。" in back.content.decode()
    ((name, body),) = contents(again(export)).items()
    assert name == f"{notice.title}.pdf"
    assert text_of(body) == text_of(at_once) and "第6项承诺" in text_of(body)
    assert codes_of(body) == codes_of(at_once) == [f"http://testserver/announced/{notice.token}/"]


def test_the_page_of_a_long_notice_offers_the_worker_alone(poll, secretary, few_lines):
    draft = make_announcement(poll, extras=["commitments"])

    long = secretary.get(at("announcement_detail", draft)).content.decode()
    short = secretary.get(at("announcement_detail", make_announcement(poll))).content.decode()

    assert (at("announcement_export", draft) in long, "notice.pdf" in long) == (True, False)
    assert ("生成PDF" in short, "草稿（PDF）" in short) == (False, True)


def test_the_draft_from_the_worker_is_marked_and_bears_no_address(poll, secretary):
    draft = make_announcement(poll, audience="public")

    secretary.post(at("announcement_export", draft))
    make_export(claimed())

    ((name, body),) = contents(Export.objects.get()).items()
    assert (name, "草稿" in text_of(body), codes_of(body)) == (f"{draft.title}（草稿）.pdf", True, [])


def test_the_same_notice_asked_for_again_is_the_one_under_way_and_another_is_not(poll, secretary):
    first, second = make_announcement(poll), make_announcement(poll)

    answers = [secretary.post(at("announcement_export", notice)).url for notice in (first, first, second)]

    assert (answers[0] == answers[1], answers[1] == answers[2], Export.objects.count()) == (True, False, 2)


def test_the_notice_of_a_unit_s_sums_is_made_too(poll, secretary):
    secretary.post(at("announcement_export", make_unit_announcement(poll.campaign, poll.organization)))

    make_export(claimed())

    assert again(Export.objects.get()).state == "done"


def test_whoever_may_no_longer_see_it_gets_no_file(poll, people, secretary):
    secretary.post(at("announcement_export", make_announcement(poll)))
    Role.objects.filter(user=people.secretary).delete()

    make_export(claimed())

    export = again(Export.objects.get())
    assert (export.state, export.problem) == ("failed", "申请人现在没有权限导出这个单位的文件。")


def test_the_exports_of_a_draft_go_with_it(poll, secretary):
    draft = make_announcement(poll)
    secretary.post(at("announcement_export", draft))

    discard_announcement(draft)

    assert not Export.objects.exists()


def test_the_page_of_the_export_leads_back_to_the_notice(poll, secretary):
    draft = make_announcement(poll)
    address = secretary.post(at("announcement_export", draft)).url
    make_export(claimed())

    page = secretary.get(address).content.decode()

    assert (f"《{draft.title}》" in page, at("announcement_detail", draft) in page, "再导出一次" in page) == (
        True,
        True,
        False,
    )


def test_an_export_of_a_notice_names_it_and_no_other_does(poll, people):
    draft = make_announcement(poll)

    for facts in ({"announcement": draft}, {"kind": "announcement"}, {"address": "http://example.cn/"}):
        with violates("export_of_a_notice_names_it"), transaction.atomic():
            make_asked(poll.campaign, by=people.secretary, **facts)


def test_a_notice_is_asked_for_once_until_it_has_ended(poll, people):
    asked = {"by": people.secretary, "kind": "announcement", "announcement": make_announcement(poll)}
    make_asked(poll.campaign, **asked)

    columns = ("reports_export.asked_by_id", "reports_export.announcement_id")
    with violates("export_one_of_a_notice_at_a_time", *columns), transaction.atomic():
        make_asked(poll.campaign, **asked)


@time_machine.travel(NOW, tick=False)
def test_a_reader_of_the_public_page_turns_the_pages_of_a_long_part(poll, monkeypatch):
    monkeypatch.setattr(paging, "ENTRIES_PER_PAGE", 3)
    notice = published(poll, extras=["commitments"], audience="public")
    address = f"/announced/{notice.token}/"

    first, last = (Client().get(f"{address}{query}").content.decode() for query in ("", "?part=commitments&page=3"))

    assert [first.count("项承诺"), last.count("项承诺")] == [3, 1]
    assert re.findall(r'href="(\?part[^"]*)"', first) == ["?part=commitments&amp;page=2#part-commitments"]
    assert re.findall(r'href="(\?part[^"]*)"', last) == ["?part=commitments&amp;page=2#part-commitments"]
    assert ("展开（7项）" in first, "第1页，共3页" in first, 'start="7"' in last) == (True, True, True)
    assert ('<details id="part-commitments">' in first, '<details id="part-commitments" open>' in last) == (True, True)
