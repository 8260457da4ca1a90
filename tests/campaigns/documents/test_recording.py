"""Documents and their drafts are written down until the poll opens; the drafts stay in their order."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.actions import Frozen
from campaigns.documents import recording
from campaigns.kept_files import Unsuitable, folder
from campaigns.models import AppraisedDocument, DocumentDraft
from campaigns.models.states import StateError
from tests.factories import make_campaign, make_document, make_draft, make_organization, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 report"


@pytest.fixture
def poll(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    return campaign.polls.get()


def pdf():
    return SimpleUploadedFile("../../report.exe", PDF)


def test_the_drafts_of_an_analysis_follow_each_other_and_all_stay(poll):
    user, document = make_user(), make_document(poll, kind="analysis", title="分析检查报告")

    for stage in ("consultation", "consultation", "discussion", "appraisal"):
        make_draft(document, stage=stage, text=f"{stage}的正文", approved_by="指导检查组", by=user)

    rows = list(document.drafts.values_list("number", "stage", "text", "approved_by", "recorded_by"))
    assert rows == [
        (number, stage, f"{stage}的正文", "指导检查组", user.pk)
        for number, stage in enumerate(("consultation", "consultation", "discussion", "appraisal"), start=1)
    ]


def test_a_draft_does_not_go_back_behind_the_one_before(poll):
    document = make_document(poll, kind="analysis")
    make_draft(document, stage="discussion")

    with pytest.raises(StateError, match="已经有了讨论稿，不能再登记征求意见稿。"):
        make_draft(document, stage="consultation")


def test_a_duty_report_has_one_stage(poll):
    document = make_document(poll)

    with pytest.raises(StateError, match="述职报告没有“评议稿”这一稿。"):
        make_draft(document, stage="appraisal")
    assert not DocumentDraft.objects.exists()


def test_a_file_is_kept_under_a_random_name_and_digested_with_the_text(poll):
    draft = make_draft(make_document(poll), text="正文", upload=pdf())

    assert (folder() / draft.file_name).read_bytes() == PDF
    assert (len(draft.file_name), draft.file_kind, draft.file_size) == (32, "pdf", len(PDF))
    assert draft.sha256 == recording.draft_digest("正文", PDF)
    assert len({recording.draft_digest(text, content) for text in ("正文", "") for content in (PDF, b"")}) == 4


@pytest.mark.parametrize("content", [b"MZ\x90", b"\xd0\xcf\x11\xe0", b""])
def test_other_files_are_refused_and_nothing_is_written(poll, content):
    document = make_document(poll)

    with pytest.raises(Unsuitable, match="只收PDF"):
        make_draft(document, upload=SimpleUploadedFile("report.pdf", content))
    assert not document.drafts.exists() and not folder().exists()


def test_a_file_over_ten_megabytes_is_refused(poll):
    document = make_document(poll)

    with pytest.raises(Unsuitable, match="不能超过10MB"):
        make_draft(document, upload=SimpleUploadedFile("report.pdf", PDF + b" " * 10 * 1024 * 1024))


def test_the_last_draft_is_taken_back_with_its_file(poll, django_capture_on_commit_callbacks):
    document = make_document(poll)
    first, last = make_draft(document), make_draft(document, upload=pdf())

    with pytest.raises(StateError, match="只能撤下最后一稿"):
        recording.take_back_draft(first)
    with django_capture_on_commit_callbacks(execute=True):
        recording.take_back_draft(last)

    assert list(document.drafts.all()) == [first] and not list(folder().iterdir())


def test_a_document_with_drafts_keeps_its_kind_and_is_not_deleted(poll):
    document = make_document(poll)
    draft = make_draft(document)
    document.kind = AppraisedDocument.Kind.ANALYSIS

    with pytest.raises(StateError, match="种类不能再改"):
        recording.save_document(document)
    with pytest.raises(StateError, match="已经登记了文稿"):
        recording.remove_document(document)
    recording.take_back_draft(draft)
    recording.remove_document(document)

    assert not AppraisedDocument.objects.exists()


def test_after_the_opening_everything_stays_as_it_was_read(poll):
    document = make_document(poll)
    draft = make_draft(document)
    ballot_actions.open_campaign(poll.campaign, by=None)
    later = {"stage": "single", "text": "改过的", "dated_on": timezone.localdate() + timedelta(days=1)}

    deeds = (
        lambda: recording.add_draft(document, later, by=None),
        lambda: recording.take_back_draft(draft),
        lambda: recording.save_document(document),
        lambda: recording.remove_document(document),
    )
    for deed in deeds:
        with pytest.raises(StateError, match="评议已经开启，参评人员读的就是开启时的最后一稿"):
            deed()
    assert list(document.drafts.all()) == [draft]


def test_a_target_with_a_report_stays_on_the_ballot(poll):
    document = make_document(poll, title="述职报告")

    for deed in (
        lambda: actions.arrange_targets(poll, []),
        lambda: actions.choose_units(poll.campaign, []),
        lambda: actions.delete_campaign(poll.campaign),
    ):
        with pytest.raises(Frozen, match="“某局党委”已经登记了“述职报告”，不能从票上去掉"):
            deed()
    assert document.target == poll.targets.get()
