"""Long exports: asked for on a page, made by a worker, fetched by who asked."""

import io
import os
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions, uploads
from campaigns.models import Campaign, Poll
from pingyi import drawing
from reports.exports import archives
from reports.exports import making as exporting
from reports.exports.making import TRIES, make_export
from reports.exports.queue import (
    Lost,
    advance_export,
    ask_for_export,
    cancel_export,
    claim_export,
    fail_export,
    finish_export,
    hand_back_export,
    keep_alive,
)
from reports.forms import exports as export_forms
from reports.management.commands.work_exports import sweep
from reports.models import Export
from reports.models.export import KEPT, SILENCE
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
NAMES = ["第一党总支/第三党支部-计票结果报告单.pdf", "第一党总支-计票结果报告单.pdf", "第二党支部-计票结果报告单.pdf"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    return settings.EXPORTS_DIR


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


def make_sealed_campaign(committee) -> Campaign:
    """A general branch with one branch, and another branch; each with a sealed poll."""
    general = factories.make_organization("第一党总支", parent=committee, kind="general_branch")
    below = factories.make_organization("第三党支部", parent=general, kind="branch")
    other = factories.make_organization("第二党支部", parent=committee, kind="branch")
    campaign = factories.make_campaign(committee)
    actions.make_polls(campaign, [general, below, other])
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 8, "12": 2})
        factories.close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


@pytest.fixture
def campaign(people):
    return make_sealed_campaign(people.organization)


@pytest.fixture
def export(campaign, people):
    return factories.make_export(campaign, by=people.secretary, total_count=3)


@pytest.fixture
def secretary(people):
    client = Client()
    client.force_login(people.secretary)
    return client


def claimed():
    return claim_export(now=timezone.now())


def again(export):
    return Export.objects.get(pk=export.pk)


def contents(export):
    """Each file of the archive by its name."""
    with zipfile.ZipFile(archives.archive_of(export.pk)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


class StopAfter:
    """A sign to stop once so many files have been let through."""

    def __init__(self, files):
        self._left = files

    def __call__(self):
        self._left -= 1
        return self._left < 0


# Asking, claiming, telling how far it is.


def test_asking_for_the_same_again_leads_to_the_export_under_way_until_it_ends(campaign, people):
    scope = Scope(campaign, people.organization)
    asked = {"kind": "summary", "format": "pdf"}

    first, is_new = ask_for_export(scope, by=people.secretary, **asked)
    second, is_second_new = ask_for_export(scope, by=people.secretary, **asked)
    others, is_others_new = ask_for_export(scope, by=people.officer, **asked)
    cancel_export(first)
    third, is_third_new = ask_for_export(scope, by=people.secretary, **asked)

    assert (is_new, is_second_new, is_others_new, is_third_new) == (True, False, True, True)
    assert second == first
    assert len({first.pk, others.pk, third.pk}) == 3
    assert (second.state, second.total_count, first.state) == ("waiting", 3, "cancelled")


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "lost"},
        {"format": "docx"},
        {"kind": "letters"},
        {"done_count": 4},
        {"done_count": 1, "failed_count": 2},
        {"state": "done"},
        {"ended_at": timezone.now()},
        {"state": "running", "seen_at": timezone.now()},
        {"state": "running", "worker": "a"},
        {"worker": "a"},
    ],
)
def test_the_database_refuses_an_impossible_export(export, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**columns)

    assert again(export).state == "waiting"


def test_two_of_one_kind_cannot_be_under_way_for_one_user(export, campaign, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_export(campaign, by=people.secretary)

    assert Export.objects.count() == 1


def test_the_oldest_waiting_export_is_claimed_and_no_other_worker_gets_it(export, campaign, people):
    later = factories.make_export(campaign, by=people.officer)

    first, second, third = claimed(), claimed(), claimed()

    assert (first, second, third) == (export, later, None)
    assert {first.state, second.state} == {"running"}
    assert first.worker != second.worker


def test_an_export_whose_worker_is_silent_goes_to_another_and_the_first_writes_nothing_more(export):
    first = claimed()
    now = timezone.now()

    too_early = claim_export(now=now + SILENCE - timedelta(seconds=5))
    second = claim_export(now=now + SILENCE + timedelta(seconds=5))

    assert (too_early, second) == (None, export)
    for write in (keep_alive, finish_export, hand_back_export, lambda claim: fail_export(claim, "坏了")):
        with pytest.raises(Lost):
            write(first)
    with pytest.raises(Lost):
        advance_export(first, total=3, done=1, failed=0)
    assert (again(export).state, again(export).worker, again(export).done_count) == ("running", second.worker, 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_each_export_has_one(people):
    campaign = factories.make_campaign(people.organization)
    exports = [factories.make_export(campaign, by=user) for user in (people.secretary, people.officer, people.teller)]
    start = Barrier(8)

    def claim(_):
        try:
            start.wait()
            return claimed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        claims = [claimed_export for claimed_export in pool.map(claim, range(8)) if claimed_export]

    assert sorted(claimed_export.pk for claimed_export in claims) == [asked.pk for asked in exports]
    assert {claimed_export.pk: claimed_export.worker for claimed_export in claims} == dict(
        Export.objects.values_list("pk", "worker")
    )


# Making.


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
    first = archives.Parts(export.pk, "pdf").path(Poll.objects.order_by("organization__path").first().pk)
    first.write_bytes(b"as it was")
    make_export(claimed())

    assert (halted.state, halted.worker, halted.done_count) == ("waiting", "", 1)
    assert again(export).state == "done"
    assert [name for name, body in contents(export).items() if body == b"as it was"] == [NAMES[1]]


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


def test_names_that_file_systems_refuse_or_cannot_tell_apart_are_changed():
    fitted = [archives.fit_name(name) for name in ("一/二:三?", " 支部. ", "...", "支\u202e部", "党" * 90)]
    told_apart = archives.unique_names([("A", "x"), ("a", "X"), ("b", "x")])

    assert fitted == ["一_二_三_", "支部", "_", "支_部", "党" * 60]
    assert told_apart == ["A/x", "a/X（2）", "b/x"]


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


# Pages.


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
