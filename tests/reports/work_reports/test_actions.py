"""Handing in the work report of a branch."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns import actions
from campaigns.kept_files import Unsuitable, folder
from campaigns.models.states import StateError
from reports.models import WorkReport
from reports.work_reports.actions import hand_in, has_work_report_step, take_out
from tests.factories import make_campaign, make_open_poll, make_organization

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 report"


@pytest.fixture
def poll(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return make_open_poll()


def sent(content=CONTENT):
    return SimpleUploadedFile("报告.pdf", content)


def test_a_report_is_kept_with_who_and_when_and_goes_from_the_disk_with_its_row(
    poll, django_capture_on_commit_callbacks
):
    report = hand_in(poll, sent(), by=None)

    path = folder() / report.file_name
    assert path.read_bytes() == CONTENT
    assert (report.file_kind, report.size) == ("pdf", len(CONTENT))
    assert report.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with django_capture_on_commit_callbacks(execute=True):
        take_out(report)
    assert not path.exists() and not WorkReport.objects.exists()


def test_a_branch_hands_in_one_report(poll):
    hand_in(poll, sent(), by=None)

    with pytest.raises(StateError, match="已经交了"):
        hand_in(poll, sent(), by=None)

    assert len(list(folder().iterdir())) == 1


def test_what_is_no_document_is_refused(poll):
    with pytest.raises(Unsuitable, match="只收"):
        hand_in(poll, sent(b"<html>"), by=None)


def test_nothing_is_handed_in_before_the_opening(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    campaign = make_campaign(make_organization())
    (poll,) = actions.make_polls(campaign, [campaign.organizer])

    with pytest.raises(StateError, match="开启以后"):
        hand_in(poll, sent(), by=None)


def test_only_an_appraisal_with_its_step_has_a_report(poll):
    assert not has_work_report_step(poll)

    actions.write_steps(poll.campaign, [("votes", None, None)])

    assert has_work_report_step(poll)
