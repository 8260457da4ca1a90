"""Pages of exports: asking, progress, cancelling and fetching, for who asked alone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.exports import archives
from reports.exports.making import make_export
from reports.exports.queue import (
    advance_export,
    cancel_export,
    fail_export,
)
from reports.forms import exports as export_forms
from reports.management.commands.work_exports import sweep
from reports.models import Export
from reports.models.export import KEPT, SILENCE
from tests import factories
from tests.reports.exports.claiming import again, claimed

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(people):
    client = Client()
    client.force_login(people.secretary)
    return client


def test_asking_leads_to_the_exports_page(secretary, campaign, people):
    address = reverse("reports:export_add", args=[campaign.pk])

    page = secretary.get(address)
    answer = secretary.post(address, {"contents": "summary.docx"})

    made = Export.objects.get()
    assert "3</b>个已封存的评议点" in page.content.decode()
    assert (made.kind, made.format, made.organization, made.asked_by, made.total_count) == (
        "summary",
        "docx",
        people.organization,
        people.secretary,
        3,
    )
    assert answer["Location"] == reverse("reports:export_detail", args=[made.pk])


@pytest.mark.parametrize(
    ("chosen", "told"), [("", "请选择要导出的文件。"), ("count-sheet.docx", "没有这种文件，请从列出的里面选一种。")]
)
def test_without_a_known_choice_nothing_is_asked_for(secretary, campaign, chosen, told):
    answer = secretary.post(reverse("reports:export_add", args=[campaign.pk]), {"contents": chosen})

    assert told in answer.content.decode()
    assert not Export.objects.exists()


def test_more_units_than_one_archive_takes_are_refused_with_the_way_out(secretary, campaign, monkeypatch):
    monkeypatch.setattr(export_forms, "MOST_UNITS", 2)

    answer = secretary.post(reverse("reports:export_add", args=[campaign.pk]), {"contents": "summary.pdf"})

    assert "这里有3个已封存的评议点，一次最多导出2个，请到下级单位分别导出。" in answer.content.decode()
    assert not Export.objects.exists()


def test_the_bar_of_the_workbook_of_a_whole_unit_moves_while_it_is_made(secretary, campaign, people):
    asked = factories.make_export(campaign, by=people.secretary, kind="whole-report", format="xlsx", total_count=1)
    address = reverse("reports:export_detail", args=[asked.pk])

    before = secretary.get(address).content.decode()
    advance_export(claimed(), total=1, done=0, failed=0)
    meanwhile = secretary.get(address).content.decode()

    assert '<progress class="export-bar" max="1" value="0"' in before
    assert '<progress class="export-bar" aria-label' in meanwhile
    assert "已完成 0／1" in meanwhile and "正在生成" in meanwhile


def test_the_page_shows_an_export_s_progress_with_and_without_the_script(secretary, export):
    advance_export(claimed(), total=3, done=1, failed=1)
    address = reverse("reports:export_detail", args=[export.pk])

    page, part = secretary.get(address).content.decode(), secretary.get(f"{address}?part=1").content.decode()

    for text in (page, part):
        assert "已完成 1／3" in text
        assert "其中1个未能生成" in text
        assert '<progress class="export-bar" max="3" value="1"' in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert part.strip().startswith('<div id="export-progress" data-active>')


def test_a_waiting_export_s_page_tells_how_many_are_before_it_and_that_no_worker_runs(secretary, campaign, people):
    first = factories.make_export(campaign, by=people.officer)
    own = factories.make_export(campaign, by=people.secretary)
    address = reverse("reports:export_detail", args=[own.pk])

    behind = secretary.get(address).content.decode()
    cancel_export(first)
    next_one = secretary.get(address).content.decode()
    with time_machine.travel(timezone.now() + SILENCE * 2, tick=False):
        overlooked = secretary.get(address).content.decode()

    assert "排队中，前面还有1个。" in behind
    assert "排队中，马上开始。" in next_one
    assert "后台程序可能没有运行" in overlooked


def test_an_export_is_cancelled_once(secretary, export):
    address = reverse("reports:export_cancel", args=[export.pk])

    first = secretary.post(address, follow=True).content.decode()
    second = secretary.post(address, follow=True).content.decode()

    assert again(export).state == "cancelled"
    assert "已取消，做好的部分也不保留。" in first
    assert "这次导出已经结束，没有可取消的。" in second


def test_the_archive_is_fetched_under_a_chinese_name(secretary, export):
    make_export(claimed())

    answer = secretary.get(reverse("reports:export_file", args=[export.pk]))

    body = b"".join(answer.streaming_content)
    assert body == archives.archive_of(export.pk).read_bytes()
    assert answer["Content-Type"] == "application/zip"
    assert "filename*=utf-8''%E6%9F%90" in answer["Content-Disposition"]


@pytest.mark.parametrize("who", ["officer", "teller", "outsider"])
def test_nobody_fetches_what_another_asked_for(export, people, who):
    make_export(claimed())
    client = Client()
    client.force_login(getattr(people, who))

    statuses = {
        client.get(reverse(f"reports:export_{name}", args=[export.pk])).status_code for name in ("detail", "file")
    }

    assert statuses == {404}


def test_a_user_who_lost_the_role_fetches_nothing_any_more(secretary, export, people):
    make_export(claimed())
    people.secretary.roles.update(kind="teller")

    statuses = [
        secretary.get(reverse(f"reports:export_{name}", args=[export.pk])).status_code for name in ("detail", "file")
    ]

    assert statuses == [403, 403]


def test_after_its_time_the_archive_is_gone_and_the_pages_say_so(secretary, export):
    make_export(claimed())
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1), tick=False):
        sweep()
        secretary.force_login(export.asked_by)
        detail = secretary.get(reverse("reports:export_detail", args=[export.pk])).content.decode()
        fetched = secretary.get(reverse("reports:export_file", args=[export.pk]), follow=True).content.decode()
        listed = secretary.get(reverse("reports:export_list")).content.decode()

    assert "已过保留期，不再保存" in detail
    assert "文件现在不在：还没有做好，或者已过保留期。" in fetched
    assert "已过期" in listed


def test_a_failed_export_says_why(secretary, export):
    fail_export(claimed(), "服务器不能写入导出文件夹。")

    page = secretary.get(reverse("reports:export_detail", args=[export.pk])).content.decode()

    assert "未能完成。</b>服务器不能写入导出文件夹。" in page


def test_the_list_shows_ones_own_in_the_same_number_of_queries(secretary, campaign, people):
    address = reverse("reports:export_list")
    factories.make_export(campaign, by=people.officer, kind="report", format="xlsx")

    def shown():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = secretary.get(address).content.decode()
        return len(queries), page.count('<th scope="row">')

    factories.make_export(campaign, by=people.secretary)
    for_one_row = shown()
    factories.make_export(campaign, by=people.secretary, kind="summary")
    factories.make_export(campaign, by=people.secretary, kind="summary", format="docx")
    for_three_rows = shown()

    assert (for_one_row[1], for_three_rows) == (1, (for_one_row[0], 3))


def test_the_results_page_leads_a_secretary_to_exports_and_a_teller_not(secretary, campaign, people):
    address = reverse("reports:campaign_results", args=[campaign.pk])
    teller = Client()
    teller.force_login(people.teller)

    pages = [client.get(address).content.decode() for client in (secretary, teller)]

    assert ["批量导出" in page for page in pages] == [True, False]
