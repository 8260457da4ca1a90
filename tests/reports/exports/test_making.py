"""Long exports: asked for on a page, made by a worker, fetched by who asked."""

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from campaigns import uploads
from campaigns.models import Poll
from pingyi import drawing
from reports.exports import archives
from reports.exports import making as exporting
from reports.exports.making import TRIES, make_export
from reports.exports.queue import (
    Lost,
    cancel_export,
)
from reports.management.commands import work_exports
from reports.management.commands.work_exports import sweep
from reports.models import Export
from reports.models.export import KEPT
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests import factories
from tests.reports.exports.claiming import again, claimed, contents

pytestmark = pytest.mark.django_db


ROOT = Path(__file__).resolve().parents[3]


NAMES = ["第一党总支/第三党支部-计票结果报告单.pdf", "第一党总支-计票结果报告单.pdf", "第二党支部-计票结果报告单.pdf"]


def text_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


class StopAfter:
    """A sign to stop once so many files have been let through."""

    def __init__(self, files):
        self._left = files

    def __call__(self):
        self._left -= 1
        return self._left < 0


def test_the_archive_has_each_units_own_file_under_its_place_in_the_tree(export):
    make_export(claimed())

    made, done = contents(export), again(export)
    assert sorted(made) == sorted(NAMES)
    assert [
        unit in text_of(made[name])
        for name, unit in zip(NAMES, ("第三党支部", "第一党总支", "第二党支部"), strict=True)
    ] == [True] * 3
    assert (done.state, done.done_count, done.failed_count, done.total_count) == ("done", 3, 0, 3)
    assert [path.name for path in archives.folder_of(export.pk).iterdir()] == ["archive.zip"]


def test_a_workbook_in_the_archive_bears_the_name_of_whoever_asked_and_the_moment(export):
    moment = timezone.make_aware(timezone.datetime(2026, 11, 30, 15, 20))
    asked = Export.objects.filter(pk=export.pk)
    asked.update(kind="report", format="xlsx", asked_at=moment)

    make_export(claimed())

    marks = {load_workbook(io.BytesIO(body)).properties.creator for body in contents(export).values()}
    assert marks == {f"{export.asked_by.username}于2026年11月30日15:20导出"}


def test_names_in_the_archive_say_that_they_are_utf_8(export):
    make_export(claimed())

    with zipfile.ZipFile(archives.archive_of(export.pk)) as archive:
        assert {entry.flag_bits & 0x800 for entry in archive.infolist()} == {0x800}


def test_units_of_one_part_of_the_tree_are_exported_alone(campaign, people):
    general = campaign.polls.get(organization__name="第一党总支").organization
    export = factories.make_export(campaign, general, by=people.secretary)

    make_export(claimed())

    assert sorted(contents(export)) == sorted([NAMES[0].partition("/")[2], NAMES[1]])


@pytest.mark.parametrize(
    ("kind", "format", "start"),
    [
        ("summary", "docx", b"PK"),
        ("summary", "pdf", b"%PDF"),
        ("results", "pdf", b"%PDF"),
        ("results", "xlsx", b"PK"),
        ("report", "xlsx", b"PK"),
    ],
)
def test_each_kind_of_file_can_be_made(campaign, people, kind, format, start):
    unit = campaign.polls.get(organization__name="第二党支部").organization
    export = factories.make_export(campaign, unit, by=people.secretary, kind=kind, format=format)

    make_export(claimed())

    (body,) = [body for name, body in contents(export).items() if not name.endswith(".txt")]
    assert body.startswith(start)


def test_a_summary_with_gaps_is_a_draft_and_the_archive_says_what_is_missing(campaign, people):
    poll = campaign.polls.get(organization__name="第二党支部")
    save_summary(Scope.of_poll(poll), {"shortcomings": "【待填：不足】"}, by=people.secretary)
    export = factories.make_export(campaign, poll.organization, by=people.secretary, kind="summary")

    make_export(claimed())

    made = contents(export)
    note = made[archives.DRAFTS_NOTE].decode("utf-8-sig")
    assert sorted(made) == sorted([archives.DRAFTS_NOTE, "第二党支部-小结（草稿）.pdf"])
    assert "第二党支部：小结还有【待填】" in note
    assert again(export).failed_count == 0


def test_an_export_told_to_stop_goes_back_and_the_next_worker_draws_only_missing_files(export):
    make_export(claimed(), is_stopping=StopAfter(1))
    halted = again(export)
    first = archives.Parts(export.pk, "pdf").path(Poll.objects.order_by("path").first().pk)
    first.write_bytes(b"as it was")
    make_export(claimed())

    assert (halted.state, halted.worker, halted.done_count) == ("waiting", "", 1)
    assert again(export).state == "done"
    assert [name for name, body in contents(export).items() if body == b"as it was"] == [NAMES[1]]


def test_a_file_that_another_maker_is_at_is_left_to_it_and_waited_for(export, monkeypatch):
    key = Poll.objects.order_by("path").first().pk
    parts, other = archives.Parts(export.pk, "pdf"), ExitStack()
    other.enter_context(parts.held(key))

    def end_of_the_other(_):
        parts.put(key, b"made by the other")
        other.close()

    monkeypatch.setattr(exporting.time, "sleep", end_of_the_other)
    make_export(claimed())

    assert again(export).state == "done"
    assert [name for name, body in contents(export).items() if body == b"made by the other"] == [NAMES[1]]


def test_a_maker_that_comes_when_another_has_ended_the_export_leaves_its_archive_alone(export):
    mine = claimed()
    make_export(mine)
    before = contents(export)

    with pytest.raises(Lost):
        make_export(mine)

    assert (contents(export), again(export).state) == (before, "done")


@pytest.mark.parametrize(("processors", "files", "makers"), [(1, 9, 1), (2, 9, 2), (8, 9, 2), (8, 1, 1), (8, 0, 1)])
def test_as_many_processes_draw_as_there_are_processors_and_files_but_no_more_than_two(
    monkeypatch, processors, files, makers
):
    monkeypatch.setattr(work_exports.os, "sched_getaffinity", lambda _: range(processors))

    assert work_exports._number_of_makers(Export(total_count=files)) == makers


def test_after_so_many_files_another_process_goes_on(export, monkeypatch):
    monkeypatch.setattr(exporting, "FILES_A_PROCESS", 2)

    make_export(claimed())
    halted = again(export)
    make_export(claimed())

    assert (halted.state, halted.done_count) == ("waiting", 2)
    assert (again(export).state, sorted(contents(export))) == ("done", sorted(NAMES))


def test_a_cancelled_export_stops_at_the_next_file_and_its_files_go(export):
    mine = claimed()

    with pytest.raises(Lost):
        make_export(mine, is_stopping=lambda: cancel_export(export) and False)
    sweep()

    assert (again(export).state, again(export).done_count) == ("cancelled", 0)
    assert not archives.folder_of(export.pk).exists()


def test_a_unit_that_cannot_be_drawn_is_named_in_the_archive_with_the_others(export, caplog):
    poll = Poll.objects.get(organization__name="第三党支部")
    Poll.objects.filter(pk=poll.pk).update(form={})

    make_export(claimed())

    made, done = contents(export), again(export)
    assert sorted(made) == sorted([archives.NOTE, *NAMES[1:]])
    assert made[archives.NOTE].decode("utf-8-sig").splitlines() == [
        "以下单位的文件未能生成：",
        "第一党总支/第三党支部：程序出错，请把单位名称和文件种类告诉系统管理员。",
    ]
    assert (done.state, done.done_count, done.failed_count) == ("done", 3, 1)
    assert f"poll {poll.pk} of export {export.pk} cannot be drawn" in caplog.text


def test_where_no_file_can_be_made_the_export_fails_with_the_reason(export):
    Poll.objects.update(form={})

    make_export(claimed())

    done = again(export)
    assert (done.state, done.failed_count) == ("failed", 3)
    assert done.problem == "没有一个文件能够生成。程序出错，请把单位名称和文件种类告诉系统管理员。"
    assert not archives.archive_of(export.pk).exists()


def test_a_file_over_which_workers_died_again_and_again_is_left_out(export):
    poll = Poll.objects.get(organization__name="第二党支部")
    parts = archives.Parts(export.pk, "pdf")
    for _ in range(TRIES):
        parts.begin(poll.pk)

    make_export(claimed())

    made = contents(export)
    assert sorted(made) == sorted([archives.NOTE, *NAMES[:2]])
    assert "第二党支部：生成时程序几次中断" in made[archives.NOTE].decode("utf-8-sig")


def test_an_export_fails_when_its_user_has_lost_the_role_meanwhile(export, people):
    people.secretary.roles.all().delete()

    make_export(claimed())

    assert (again(export).state, again(export).problem) == ("failed", "申请人现在没有权限导出这个单位的文件。")
    assert not archives.folder_of(export.pk).exists()


def test_without_the_drawing_software_the_export_fails_at_once_with_the_remedy(export, monkeypatch):
    monkeypatch.setattr(drawing, "weasyprint", None)

    make_export(claimed())

    done = again(export)
    assert (done.state, done.done_count) == ("failed", 0)
    assert "请管理员执行 make setup" in done.problem


def test_files_of_exports_that_ended_or_are_gone_are_removed_and_others_stay(campaign, people):
    now = timezone.now()
    ended = {
        "kept": {"state": "done", "ended_at": now - KEPT + timedelta(hours=1)},
        "old": {"state": "done", "ended_at": now - KEPT - timedelta(hours=1)},
        "cancelled": {"state": "cancelled", "ended_at": now},
        "failed": {"state": "failed", "ended_at": now},
        "waiting": {},
    }
    keys = {name: factories.make_export(campaign, by=people.secretary, **columns).pk for name, columns in ended.items()}
    for key in (*keys.values(), 9999):
        archives.Parts(key, "pdf").put(1, b"x")

    sweep()

    assert archives.export_ids() == {keys["kept"], keys["waiting"]}


def test_an_upload_that_nobody_confirmed_is_removed_by_the_worker_after_an_hour(people, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    left, fresh = (uploads.keep({"rows": []}, people.secretary, kind="ballots") for _ in range(2))
    long_ago = time.time() - uploads.MAX_AGE - 1
    os.utime(tmp_path / "uploads" / f"ballots-{left}.json", (long_ago, long_ago))

    sweep()

    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [f"ballots-{fresh}.json"]


def test_a_waiting_worker_has_not_loaded_what_draws():
    program = (
        "import sys, django; django.setup();"
        "import reports.management.commands.work_exports;"
        "print(sorted({'weasyprint', 'docx', 'xlsxwriter', 'openpyxl'} & set(sys.modules)))"
    )

    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"


def test_the_workbook_of_a_whole_unit_is_one_file_with_what_its_asker_may_read(campaign, people, monkeypatch):
    client = Client()
    client.force_login(people.secretary)
    own = client.get(
        reverse("reports:campaign_report_workbook", args=[campaign.pk]),
        {"unit": people.organization.pk, "reason": "核对"},
    )
    monkeypatch.setattr("reports.views.results.MOST_AT_ONCE", 2)
    page = client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode()
    address = f"{reverse('reports:export_add', args=[campaign.pk])}?unit={people.organization.pk}"

    form = client.get(f"{address}&contents=whole-report.xlsx").content.decode()
    client.post(address, {"contents": "whole-report.xlsx"})
    make_export(claimed())

    assert f"{address}&amp;contents=whole-report.xlsx".split("?")[0] in page and "whole-report.xlsx" in page
    assert re.search(r'value="whole-report.xlsx"[^>]*checked|checked[^>]*value="whole-report.xlsx"', form)
    export = Export.objects.get()
    assert (export.state, export.total_count, export.done_count) == ("done", 1, 1)
    ((name, body),) = contents(export).items()
    assert name == f"{people.organization.name}-评议报告汇总.xlsx"
    assert cells(body) == cells(b"".join(own))


def test_a_whole_unit_without_a_sealed_poll_has_no_workbook(people):
    campaign = factories.make_campaign(people.organization)
    factories.make_export(campaign, by=people.secretary, kind="whole-report", format="xlsx")

    make_export(claimed())

    export = Export.objects.get()
    assert (export.state, export.problem) == ("failed", "没有已封存的评议点。")


def cells(body):
    """The values of a workbook by sheet and place, without the line about when and by whom it was taken out."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in load_workbook(io.BytesIO(body))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and "导出" not in str(cell.value)
    }


@pytest.fixture
def secretary(people):
    client = Client()
    client.force_login(people.secretary)
    return client


def test_the_results_of_many_units_are_one_workbook_made_by_the_worker(campaign, people, secretary, monkeypatch):
    own = secretary.get(reverse("reports:campaign_workbook", args=[campaign.pk]), {"reason": "核对"})
    monkeypatch.setattr("reports.views.results.MOST_AT_ONCE", 2)

    asked = secretary.get(reverse("reports:campaign_workbook", args=[campaign.pk]), follow=True)
    secretary.post(asked.redirect_chain[0][0], {"contents": "whole-results.xlsx"})
    make_export(claimed())

    assert "这里有3个评议点，评议结果汇总由后台程序生成" in asked.content.decode()
    assert re.search(r'value="whole-results.xlsx"[^>]*checked', asked.content.decode())
    ((name, body),) = contents(Export.objects.get()).items()
    assert name == f"{people.organization.name}-评议结果汇总.xlsx"
    assert cells(body) == cells(b"".join(own))


def test_no_request_draws_the_report_of_many_units(campaign, people, secretary, monkeypatch):
    monkeypatch.setattr("reports.views.results.MOST_AT_ONCE", 2)

    for asked in ({}, {"draft": "1"}):
        answer = secretary.get(reverse("reports:campaign_report_workbook", args=[campaign.pk]), asked, follow=True)

        assert "这里有3个评议点，评议报告汇总由后台程序生成" in answer.content.decode()
        assert re.search(r'value="whole-report.xlsx"[^>]*checked', answer.content.decode())


@pytest.mark.parametrize("page", ["campaign_workbook", "campaign_report_workbook"])
def test_who_may_not_export_is_told_whom_to_ask(campaign, people, monkeypatch, page):
    monkeypatch.setattr("reports.views.results.MOST_AT_ONCE", 2)
    teller = Client()
    teller.force_login(people.teller)

    answer = teller.get(reverse(f"reports:{page}", args=[campaign.pk]), follow=True)

    assert "请党务干事在“批量导出”里导出" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize(("format", "limit"), [("pdf", "MOST_PRINTED"), ("xlsx", "MOST_ROWS")])
def test_a_long_ledger_is_made_by_the_worker(campaign, people, secretary, monkeypatch, format, limit):
    for content in ("排队时间长", "公示不及时"):
        factories.make_problem(people.organization, content=content, campaign=campaign)
    factories.make_problem(people.organization, content="别的活动的")
    page = reverse("reports:ledger_pdf" if format == "pdf" else "reports:ledger_workbook")
    own = b"".join(secretary.get(page, {"campaign": campaign.pk, "unit": people.organization.pk}))
    monkeypatch.setattr(f"reports.views.downloads.{limit}", 1)

    unchosen = secretary.get(page, {"unit": people.organization.pk}, follow=True)
    asked = secretary.get(page, {"campaign": campaign.pk, "unit": people.organization.pk}, follow=True)
    secretary.post(asked.redirect_chain[0][0], {"contents": f"ledger.{format}"})
    make_export(claimed())

    assert "请先在“筛选”里选定评议活动" in unchosen.content.decode()
    assert unchosen.redirect_chain[0][0] == f"{reverse('reports:problem_list')}?unit={people.organization.pk}"
    assert "台账有2个问题，文件由后台程序生成" in asked.content.decode()
    ((name, body),) = contents(Export.objects.get()).items()
    assert name == f"{people.organization.name}-整改台账.{format}"
    if format == "pdf":
        assert "排队时间长" in text_of(body) and "别的活动的" not in text_of(body)
        assert text_of(body) == text_of(own)
    else:
        assert cells(body) == cells(own)


def test_a_workbook_of_the_ledger_holds_no_opinions_and_asks_for_no_reason(campaign, people, secretary):
    export = factories.make_export(campaign, by=people.secretary, kind="ledger", format="xlsx", total_count=1)
    make_export(claimed())

    answer = secretary.get(reverse("reports:export_file", args=[export.pk]))

    assert answer["Content-Type"] == "application/zip"


def test_more_problems_than_one_file_takes_are_refused_with_the_way_out(campaign, people, secretary, monkeypatch):
    monkeypatch.setattr("reports.forms.exports.MOST_PROBLEMS", 1)
    for _ in range(2):
        factories.make_problem(people.organization, campaign=campaign)
    address = reverse("reports:export_add", args=[campaign.pk])

    answer = secretary.post(address, {"contents": "ledger.pdf"})
    other = secretary.post(address, {"contents": "whole-results.xlsx"})

    assert "这里的台账有2个问题，一份最多1个，请到下级单位分别导出。" in answer.content.decode()
    assert (other.status_code, Export.objects.count()) == (302, 1)
