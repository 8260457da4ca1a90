"""Pages of reports and drafts: who sees them, who writes them, and what is refused."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.models import AppraisedDocument
from tests.factories import make_campaign, make_cast, make_document, make_draft, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return make_cast(make_organization())


@pytest.fixture
def poll(people):
    actions.make_polls(campaign := make_campaign(people.organization), [people.organization])
    return campaign.polls.get()


@pytest.fixture
def office(client, people):
    client.force_login(people.secretary)
    return client


def listed(office, poll):
    return office.get(reverse("campaigns:document_list", args=[poll.pk])).content.decode()


def sent(office, document, **fields):
    fields = {"stage": "consultation", "dated_on": timezone.localdate().isoformat(), "text": "正文", **fields}
    return office.post(reverse("campaigns:draft_add", args=[document.pk]), fields)


def test_a_report_and_its_drafts_are_written_down(office, people, poll):
    target = poll.targets.get()
    facts = {"target": target.pk, "kind": "analysis", "title": "分析检查报告", "speaking_order": 1}

    office.post(reverse("campaigns:document_add", args=[poll.pk]), facts)
    document = AppraisedDocument.objects.get()
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1")
    sent(office, document, sent_to="机关各科室", approved_by="指导检查组", text="第一段\r\n第二段", file=upload)

    draft = document.drafts.get()
    assert (document.target, document.kind, document.speaking_order) == (target, "analysis", 1)
    assert (draft.text, draft.sent_to, draft.approved_by) == ("第一段\n第二段", "机关各科室", "指导检查组")
    assert draft.recorded_by == people.secretary
    page = listed(office, poll)
    assert "会上第1个报告" in page and "审核同意：指导检查组" in page and "还没有文稿" not in page
    read = office.get(reverse("campaigns:draft_read", args=[draft.pk])).content.decode()
    assert "第一段<br>第二段" in read
    assert b"".join(office.get(reverse("campaigns:draft_file", args=[draft.pk]))) == b"%PDF-1"


def test_a_target_has_one_report(office, poll):
    make_document(poll)

    page = office.get(reverse("campaigns:document_add", args=[poll.pk])).content.decode()

    assert f'<option value="{poll.targets.get().pk}"' not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "请写正文，或者上传文件。"),
        ({"dated_on": (timezone.localdate() + timedelta(days=30)).isoformat()}, "日期不能晚于今天"),
        ({"dated_on": "2020-01-01"}, "日期不能早于上一稿"),
        ({"stage": "single"}, "single 不在可用的选项中"),
        ({"text": "字" * 20_001}, "20000"),
        ({"text": "看不见\u202e的"}, "含有看不见的控制字符"),
        ({"file": SimpleUploadedFile("a.docx", b"\xd0\xcf\x11\xe0")}, "doc、wps文件请先另存为docx或者PDF。"),
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused_with_the_reason(office, poll, fields, words):
    document = make_document(poll, kind="analysis")
    make_draft(document, stage="consultation")

    page = sent(office, document, **fields).content.decode()

    assert words in page
    assert document.drafts.count() == 1


@pytest.mark.parametrize(
    ("order", "words"), [("1", "这个发言次序已经有人了"), ("0", "发言次序从1起"), ("-1", "大于或等于")]
)
def test_a_place_among_the_speakers_that_cannot_be_had_is_refused(office, poll, order, words):
    make_document(poll, speaking_order=1)
    target = poll.targets.get()
    other = actions.add_target(
        type(target)(
            poll=poll,
            kind="organization",
            name="乙",
            organization=target.organization,
            questionnaire=target.questionnaire,
        )
    )
    facts = {"target": other.pk, "kind": "duty", "title": "述职报告", "speaking_order": order}

    page = office.post(reverse("campaigns:document_add", args=[poll.pk]), facts).content.decode()

    assert words in page
    assert AppraisedDocument.objects.count() == 1


def test_after_the_opening_the_pages_say_that_nothing_changes(office, poll):
    document = make_document(poll)
    draft = make_draft(document)
    ballot_actions.open_campaign(poll.campaign, by=None)

    refused = sent(office, document, stage="single").content.decode()
    office.post(reverse("campaigns:draft_delete", args=[draft.pk]))
    page = listed(office, poll)

    assert "评议已经开启，参评人员读的就是开启时的最后一稿，不能再增加、更换文稿。" in refused
    assert "参评人员读的是这一稿" in page and draft.sha256 in page and "登记文稿" not in page
    assert list(document.drafts.all()) == [draft]


def test_a_file_of_another_unit_is_not_there(client, people, poll):
    draft = make_draft(make_document(poll), upload=SimpleUploadedFile("a.pdf", b"%PDF-1"))
    client.force_login(people.outsider)

    for name in ("draft_read", "draft_file"):
        assert client.get(reverse(f"campaigns:{name}", args=[draft.pk])).status_code == 404


def test_a_draft_without_a_file_has_none_to_send(office, poll):
    draft = make_draft(make_document(poll))

    assert office.get(reverse("campaigns:draft_file", args=[draft.pk])).status_code == 404


def test_who_approved_a_draft_may_be_filled_in_after_the_opening(office, poll):
    draft = make_draft(make_document(poll, kind="analysis"), stage="appraisal")
    ballot_actions.open_campaign(poll.campaign, by=None)
    address = reverse("campaigns:draft_facts", args=[draft.pk])

    office.post(address, {"sent_to": "各科室", "approved_by": "检查组", "text": "改过的正文"})

    after = type(draft).objects.get()
    assert (after.sent_to, after.approved_by) == ("各科室", "检查组")
    assert (after.text, after.sha256) == (draft.text, draft.sha256)
