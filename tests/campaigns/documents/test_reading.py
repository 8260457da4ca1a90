"""The last draft is read; from the opening on it is the one that was the last then."""

import pytest

from ballots import actions as ballot_actions
from campaigns import actions, readiness
from campaigns.documents.reading import documents_of, draft_to_read
from campaigns.models import AppraisedDocument
from tests.factories import make_campaign, make_document, make_draft, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    return campaign.polls.get()


def add_target(poll, name):
    target = poll.targets.first()
    row = type(target)(
        poll=poll, kind="organization", name=name, organization=target.organization, questionnaire=target.questionnaire
    )
    return actions.add_target(row)


def test_documents_stand_in_the_order_of_speakers(poll):
    make_document(poll, title="不在会上报告的")
    make_document(poll, target=add_target(poll, "甲"), title="第二个", speaking_order=2)
    make_document(poll, target=add_target(poll, "乙"), title="第一个", speaking_order=1)

    assert [standing.document.title for standing in documents_of(poll)] == ["第一个", "第二个", "不在会上报告的"]


def test_as_many_queries_for_three_documents_as_for_one(poll, django_assert_num_queries):
    for number in range(3):
        make_draft(make_document(poll, target=add_target(poll, f"对象{number}")))

    with django_assert_num_queries(2):
        assert [len(standing.drafts) for standing in documents_of(poll)] == [1, 1, 1]


def test_the_last_draft_is_read_and_frozen_at_the_opening(poll):
    document = make_document(poll)
    make_draft(document, text="第一稿")
    last = make_draft(document, text="第二稿")
    before = draft_to_read(poll, document.target_id)

    ballot_actions.open_campaign(poll.campaign, by=None)

    document.refresh_from_db()
    assert before == last == document.frozen_draft == draft_to_read(poll, document.target_id)
    assert document.frozen_sha256 == last.sha256 and document.is_frozen
    (standing,) = documents_of(poll)
    assert standing.read == last
    assert [section.document for section in poll.campaign.polls.get().ballot_form.sections] == ["2026年度述职报告"]


def test_of_a_target_of_another_poll_nothing_is_read(poll):
    other = make_organization("某分局党委")
    actions.make_polls(campaign := make_campaign(other), [other])
    document = make_document(campaign.polls.get())
    make_draft(document)

    assert draft_to_read(poll, document.target_id) is None
    assert draft_to_read(poll, poll.targets.get().pk) is None


def test_a_document_that_nobody_could_read_keeps_the_campaign_from_opening(poll):
    document = make_document(poll, kind="analysis", title="分析检查报告")
    lacks = [[item.text for item in readiness.missing(poll.campaign)]]
    for stage in ("consultation", "appraisal"):
        make_draft(document, stage=stage)
        lacks.append([item.text for item in readiness.missing(poll.campaign)])

    assert lacks == [
        ["“某局党委”的报告“分析检查报告”还没有登记文稿。"],
        ["“某局党委”的报告“分析检查报告”最后一稿是征求意见稿，还没有评议稿。"],
        [],
    ]
    assert readiness.missing(poll.campaign) == [] and not AppraisedDocument.objects.get().is_frozen
