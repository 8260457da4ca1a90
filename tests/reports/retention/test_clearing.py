"""Clearing takes details away, leaves a record without contents, and nothing that was counted changes."""

from datetime import date
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from ballots.models import Opinion, SealedBox, TallyRow
from campaigns.models import AccountDeed, Artefact, ArtefactFile, CampaignStage, Commitment
from reports.consequences.content import appeals_text
from reports.files import excel, pdf
from reports.minutes.content import minutes_content
from reports.models import (
    Attendance,
    Clearing,
    KeptKind,
    Letter,
    Minutes,
    Objection,
    OpinionReading,
    ScoreAdjustment,
    SelfAppraisal,
    SummaryVersion,
    WindowWord,
    WorkReport,
)
from reports.opinions.readings import opinion_figures
from reports.report import content_of_poll, report_for_download
from reports.retention.clearing import clear_lot, clear_old, end_old_sessions
from reports.retention.due import CLEARED, lots_due
from reports.scope import Scope
from reports.self_appraisals.links import make_link
from tests.factories import (
    make_announcement,
    make_commitment,
    make_letter,
    make_member,
    make_objection,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_poll,
    make_user,
    make_window,
)
from tests.reports.consequences.confirmed import confirmed, make_appeal
from tests.reports.findings.judged import judged
from tests.reports.retention.settled import appraise_oneself, confirm_periods, file_all, in_months, record_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECRET = "张三在会上说的原话"


@pytest.fixture(autouse=True)
def attachments(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "attachments"
    folder.mkdir()
    return folder


@pytest.fixture
def poll():
    """A sealed poll with something of every kind, filed."""
    poll = make_sealed_poll({"11": 39, "21": 1, "1-": 1})
    record_meeting(poll)
    opinion = make_opinion(poll, SECRET)
    OpinionReading.objects.create(opinion=opinion, category="工作作风")
    file_all(poll.campaign)
    return poll


def counted(poll):
    return (
        list(SealedBox.objects.order_by("pk").values_list("content", "sha256", "sm3", "ballot_count")),
        list(TallyRow.objects.order_by("pk").values()),
    )


def test_boxes_count_sheets_filed_summaries_and_recount_work_after_everything_went(poll):
    scope = Scope.of_poll(poll)
    before, sheet = counted(poll), content_of_poll(poll)
    filed, figures = report_for_download(scope, today=in_months(0)), opinion_figures([poll])
    confirm_periods()

    clear_old(today=in_months(13))

    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue().splitlines() == ["2026年度群众评议\t某局党委\t票箱1个\t有效票41张\t一致"]
    assert counted(poll) == before
    assert content_of_poll(poll) == sheet
    after = report_for_download(scope, today=in_months(13))
    assert (after.summary, after.poll, after.ledger) == (filed.summary, filed.poll, filed.ledger)
    assert (after.opinions.figures, opinion_figures([poll])) == (filed.opinions.figures, figures)
    assert [entry.text for entry in filed.opinions.entries] == [SECRET]
    assert [entry.text for entry in after.opinions.entries] == [CLEARED]
    for drawn in (pdf.draw_count_sheet(content_of_poll(poll)), pdf.draw_summary_pdf(after.summary)):
        assert drawn.startswith(b"%PDF")
    assert excel.draw_report_workbook(after).startswith(b"PK")


def test_no_word_of_an_opinion_is_left_anywhere(poll):
    confirm_periods()

    clear_old(today=in_months(13))

    assert set(Opinion.objects.values_list("text", flat=True)) == {CLEARED}
    assert OpinionReading.objects.get().category == "工作作风"
    assert SECRET not in str(list(SummaryVersion.objects.values_list("snapshot", flat=True)))


def test_names_go_from_the_minutes_and_the_numbers_stay(poll):
    before = minutes_content(Minutes.objects.get())
    confirm_periods()

    clear_old(today=in_months(13))

    after = minutes_content(Minutes.objects.get())
    assert before.present_names == "党员甲、党员乙"
    assert before.absent_names == "党员丙（住院手术）"
    assert after.attendance == before.attendance == "党员应到3名，实到2名，缺席1名。"
    assert (after.present_names, after.absent_names) == ("2名的姓名已经清除", "1名的姓名已经清除")
    assert not Attendance.objects.filter(absence_reason__contains="住院").exists()


def test_a_record_says_how_many_went_by_which_rule_and_nothing_else(poll):
    confirm_periods()

    records = clear_old(today=in_months(13))

    assert [(record.kind, record.place, record.cleared_count, record.rule, record.who) for record in records] == [
        ("attendance", "2026年度群众评议", 3, "满12个月", "后台程序"),
        ("opinion", "2026年度群众评议", 1, "满12个月", "后台程序"),
    ]
    assert not any(word in str(Clearing.objects.values()) for word in (SECRET, "党员甲"))
    assert clear_old(today=in_months(13)) == []


def test_nothing_goes_before_somebody_confirmed_the_periods(poll):
    assert clear_old(today=in_months(100)) == []
    assert Opinion.objects.get().text == SECRET


def test_nothing_goes_where_a_problem_was_reopened_since_the_list_was_made(poll):
    (lot,) = lots_due({KeptKind.OPINION: 12}, today=in_months(13))
    make_problem(poll.organization, campaign=poll.campaign)

    assert clear_lot(lot, today=in_months(13)) is None
    assert Opinion.objects.get().text == SECRET


def test_self_appraisals_lose_words_file_and_link_and_stay_counted(
    poll, attachments, django_capture_on_commit_callbacks
):
    member = make_member(poll.organization, "党员丁")
    (attachments / "random").write_bytes(b"x")
    appraise_oneself(poll, member, file_name="random", kind="pdf", size=1, sha256="0" * 64)
    make_link(poll, member, by=None)
    confirm_periods()

    with django_capture_on_commit_callbacks(execute=True):
        clear_old(today=in_months(13))

    appraisal = SelfAppraisal.objects.get()
    assert (appraisal.text, appraisal.file_name, appraisal.member) == (CLEARED, "", member)
    assert not list(attachments.iterdir())


def test_attachments_go_from_the_disk(poll, attachments, django_capture_on_commit_callbacks):
    (attachments / "random").write_bytes(b"x")
    WorkReport.objects.create(poll=poll, file_name="random", file_kind="pdf", size=1, sha256="0" * 64)
    confirm_periods()

    with django_capture_on_commit_callbacks(execute=True):
        records = clear_old(today=in_months(13))

    assert [record.kind for record in records] == ["attendance", "opinion", "attachment"]
    assert not WorkReport.objects.exists()
    assert not list(attachments.iterdir())


def test_files_of_stages_go_and_points_lose_theirs_and_stay(poll, attachments, django_capture_on_commit_callbacks):
    stage = CampaignStage.objects.create(campaign=poll.campaign, title="宣传发动")
    artefact = Artefact.objects.create(stage=stage, title="方案")
    facts = {"file_name": "of a stage", "kind": "pdf", "size": 1, "sha256": "0" * 64}
    ArtefactFile.objects.create(artefact=artefact, **facts)
    points = {"file_name": "of points", "file_kind": "pdf", "file_sha256": "0" * 64}
    ScoreAdjustment.objects.create(poll=poll, points=5, reason="创新", evidence="通报", **points)
    for name in ("of a stage", "of points", "another"):
        (attachments / name).write_bytes(b"x")
    confirm_periods()

    with django_capture_on_commit_callbacks(execute=True):
        clear_old(today=in_months(13))

    adjustment = ScoreAdjustment.objects.get()
    assert (adjustment.points, adjustment.file_name) == (5, "")
    assert Artefact.objects.exists() and not ArtefactFile.objects.exists()
    assert [path.name for path in attachments.iterdir()] == ["another"]
    assert Clearing.objects.get(kind="attachment").cleared_count == 2


def test_promises_that_are_over_and_words_at_windows_go(poll):
    unit = make_organization("二局党委")
    member = make_member(unit)
    make_commitment(unit, "已兑现", member, status="fulfilled", fulfilled_on=timezone.localdate())
    going_on = make_commitment(unit, "践诺中", member)
    make_window(unit).words.create(text="叫号声音太小", week_on=timezone.localdate())
    confirm_periods()

    records = clear_old(today=in_months(13))

    assert {(record.kind, record.place, record.cleared_count) for record in records} >= {
        ("commitment", "二局党委", 1),
        ("letter", "二局党委", 1),
    }
    assert list(Commitment.objects.all()) == [going_on]
    assert not WindowWord.objects.exists()


def test_an_opinion_that_came_in_a_letter_loses_its_words_there_too(poll):
    letter = make_letter(poll.organization, SECRET)
    Letter.objects.filter(pk=letter.pk).update(opinion=Opinion.objects.get())
    confirm_periods(letter=None)

    clear_old(today=in_months(13))

    assert Letter.objects.get().text == CLEARED


def test_objections_lose_their_words_and_stay_counted(poll):
    notice = make_announcement(poll)
    make_objection(notice, objector="王五", answer="经核查属实", answered_on=notice.ends_on)
    confirm_periods()

    clear_old(today=in_months(13))

    objection = Objection.objects.get()
    assert (objection.objector, objection.text, objection.answer) == ("", CLEARED, CLEARED)
    assert objection.answered_on == notice.ends_on


def test_appeals_lose_their_words_and_stay_with_their_outcome_and_days():
    poll = judged(41)
    finding = confirmed(poll)
    make_appeal(finding, outcome="upheld", answer="复查无误", answered_on=date(2026, 3, 20))
    make_appeal(finding, text="还没有答复的")
    before = appeals_text(finding.appeals.all())
    file_all(poll.campaign)
    confirm_periods()

    records = clear_old(today=in_months(13))

    told = list(finding.appeals.values_list("text", "answer", "outcome", "received_on", "answered_on"))
    assert told == [
        (CLEARED, CLEARED, "upheld", date(2026, 3, 9), date(2026, 3, 20)),
        ("还没有答复的", "", "", date(2026, 3, 9), None),
    ]
    assert appeals_text(finding.appeals.all()) == before
    assert ("appeal", poll.campaign.title, 1, "满12个月") in [
        (record.kind, record.place, record.cleared_count, record.rule) for record in records
    ]


def test_letters_go_and_so_do_lines_about_signing_in(poll):
    letter = make_letter(poll.organization)
    Letter.objects.filter(pk=letter.pk).update(reply="已办", replied_on=timezone.localdate())
    user = make_user()
    for kind in (AccountDeed.Kind.SESSIONS_ENDED, AccountDeed.Kind.OPENED):
        AccountDeed.objects.create(account=user, kind=kind)
    confirm_periods()

    clear_old(today=in_months(13), by=user)

    assert not Letter.objects.exists()
    assert [deed.kind for deed in AccountDeed.objects.all()] == ["opened"]
    assert {record.who for record in Clearing.objects.all()} == {"secretary"}


def test_sessions_that_are_over_are_forgotten():
    for key, days in (("over", -1), ("good", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timezone.timedelta(days=days))

    end_old_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["good"]
