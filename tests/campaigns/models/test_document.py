"""Documents and drafts: what the database holds them to."""

import pytest
from django.db import IntegrityError, transaction

from campaigns import actions
from campaigns.models import AppraisedDocument, DocumentDraft
from tests.factories import make_campaign, make_document, make_draft, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    return campaign.polls.get()


def violates(name, deed):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        deed()


def test_they_are_called_by_their_titles(poll):
    draft = make_draft(make_document(poll, title="分析检查报告", kind="analysis"), stage="consultation")

    assert [str(draft.document), str(draft), draft.has_file] == ["分析检查报告", "分析检查报告（征求意见稿）", False]


def test_a_document_is_of_a_known_kind(poll):
    violates("document_kind_known", lambda: make_document(poll, kind="poem"))


def test_two_do_not_speak_at_the_same_place_and_the_first_place_is_one(poll):
    first = make_document(poll, speaking_order=1)
    other = actions.add_target(poll.targets.model(poll=poll, kind="organization", name="另一个", **_like(poll)))

    violates(
        "document_speaking_order_unique|campaigns_appraiseddocument.poll_id",
        lambda: make_document(poll, target=other, speaking_order=1),
    )
    violates(
        "document_speaking_order_from_one",
        lambda: AppraisedDocument.objects.filter(pk=first.pk).update(speaking_order=0),
    )


def _like(poll):
    target = poll.targets.first()
    return {"organization": target.organization, "questionnaire": target.questionnaire}


@pytest.mark.parametrize("is_digest_alone", [True, False])
def test_it_is_frozen_with_its_digest(poll, is_digest_alone):
    draft = make_draft(make_document(poll))
    facts = {"frozen_sha256": "0" * 64} if is_digest_alone else {"frozen_draft": draft}

    violates("document_frozen_with_its_digest", lambda: AppraisedDocument.objects.update(**facts))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("document_draft_stage_known", {"stage": "scribble"}),
        ("document_draft_has_words", {"text": ""}),
        ("document_draft_file_known", {"file_name": "a", "file_kind": "exe", "file_size": 1}),
        ("document_draft_file_known", {"file_name": "a", "file_kind": "pdf"}),
        ("document_draft_file_known", {"file_kind": "pdf"}),
    ],
)
def test_a_draft_says_something_in_a_known_form(poll, name, facts):
    make_draft(make_document(poll))

    violates(name, lambda: DocumentDraft.objects.update(**facts))


def test_the_drafts_of_a_document_have_numbers_of_their_own(poll):
    document = make_document(poll)
    make_draft(document)
    second = make_draft(document)

    violates(
        "document_draft_number_unique|campaigns_documentdraft.document_id",
        lambda: DocumentDraft.objects.filter(pk=second.pk).update(number=1),
    )
