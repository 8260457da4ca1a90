"""The work report in words: its step, the 小结, and its page."""

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns import actions
from reports.grading.steps import step_progress
from reports.models import WorkReport
from reports.report.making import summary_of
from reports.scope import Scope
from reports.work_reports.actions import hand_in
from reports.work_reports.content import handed_in_day, work_report_of, work_report_sentence
from tests.factories import make_cast, make_organization, make_sealed_poll

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
AT = timezone.make_aware(datetime(2026, 11, 5, 23, 30))


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return make_cast(make_organization("第一支部", kind="branch"))


@pytest.fixture
def poll(people):
    poll = make_sealed_poll(organizer=people.organization)
    actions.write_steps(poll.campaign, [("votes", date(2026, 11, 1), date(2026, 11, 9))])
    return poll


def sent():
    return SimpleUploadedFile("报告.pdf", b"%PDF-1.7 report")


def handed_in(poll):
    report = hand_in(poll, sent(), by=None)
    WorkReport.objects.update(handed_in_at=AT)
    return report


def progress(poll):
    (step,) = step_progress(poll, today=TODAY)
    return step.place, step.note, step.is_late


def test_the_step_says_whether_the_report_is_there_or_late(poll):
    before = progress(poll)
    handed_in(poll)

    assert before == ("current", "评议点已封存，支部工作报告未交，已过期", True)
    assert progress(poll) == ("done", "评议点已封存，支部工作报告2026年11月5日已交", False)


def test_the_summary_names_the_report_when_it_is_there(poll):
    def method():
        sections = summary_of(Scope.of_poll(poll)).sections
        return next(section.text for section in sections if section.key == "method")

    before = method()
    handed_in(poll)

    assert (work_report_of(poll).poll, handed_in_day(work_report_of(poll))) == (poll, "2026年11月5日")
    assert work_report_sentence(poll) == "形成了支部工作报告（2026年11月5日提交）。"
    assert "工作报告" not in before
    assert work_report_sentence(poll) in method()


def test_the_secretary_hands_it_in_on_its_page_and_takes_it_out_again(client, people, poll):
    client.force_login(people.secretary)
    page = reverse("reports:work_report", args=[poll.pk])

    assert page in client.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()
    client.post(page, {"file": sent()})
    shown = client.get(page).content.decode()
    file = client.get(reverse("reports:work_report_file", args=[poll.pk]))

    report = WorkReport.objects.get()
    assert report.handed_in_by == people.secretary
    assert "下载（PDF）" in shown and 'type="file"' not in shown
    assert b"".join(file.streaming_content) == b"%PDF-1.7 report"
    assert "attachment" in file["Content-Disposition"]
    client.post(reverse("reports:work_report_remove", args=[poll.pk]))
    assert not WorkReport.objects.exists()
    assert client.get(reverse("reports:work_report_file", args=[poll.pk])).status_code == 404


def test_those_above_read_it_and_change_nothing_and_tellers_do_not_read_it(client, people, poll):
    handed_in(poll)
    page, file = (reverse(f"reports:{name}", args=[poll.pk]) for name in ("work_report", "work_report_file"))
    remove = reverse("reports:work_report_remove", args=[poll.pk])

    statuses = {}
    for name in ("officer", "teller", "outsider"):
        client.force_login(getattr(people, name))
        asked = (client.get(page), client.get(file), client.post(page, {"file": sent()}), client.post(remove))
        statuses[name] = tuple(answer.status_code for answer in asked)

    assert statuses == {
        "officer": (200, 200, 403, 403),
        "teller": (403, 403, 403, 403),
        "outsider": (404, 404, 404, 404),
    }
    client.force_login(people.teller)
    assert page not in client.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()
    assert WorkReport.objects.count() == 1


def test_an_appraisal_without_the_step_has_no_page(client, people):
    poll = make_sealed_poll(organizer=people.organization, title="别的评议")
    client.force_login(people.secretary)

    assert client.get(reverse("reports:work_report", args=[poll.pk])).status_code == 404


def test_a_wrong_file_is_refused_beside_the_field(client, people, poll):
    client.force_login(people.secretary)

    page = client.post(
        reverse("reports:work_report", args=[poll.pk]), {"file": SimpleUploadedFile("a.exe", b"MZ")}
    ).content.decode()

    assert "只收PDF" in page
