"""Opinions on drafts: recorded before the opening, decided upon, counted once; a rehearsal does not take them along."""

import pytest
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.models import Opinion, OpinionOrigin
from campaigns import actions
from campaigns.documents import recording
from campaigns.models.states import StateError
from reports.gathering.actions import CannotGather, remove_opinion
from reports.gathering.on_drafts import DraftRound, adopt, opinions_on, record_on_draft, rounds_of
from reports.models import OpinionReading
from reports.opinions.readings import opinion_figures
from tests.factories import (
    make_campaign,
    make_document,
    make_draft,
    make_gathered,
    make_on_draft,
    make_open_poll,
    make_organization,
    make_sheets,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def preparing():
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    return campaign.polls.get()


@pytest.fixture
def draft(preparing):
    return make_draft(make_document(preparing, kind="analysis", title="分析检查报告"), stage="consultation")


def test_they_are_recorded_with_kind_and_people_before_the_opening(draft):
    user = make_user()

    number = record_on_draft(
        draft, ["甲", "乙"], sheet_kind="remark", given_by="机关各科室", received_on=timezone.localdate(), by=user
    )

    rows = opinions_on(draft.document).values_list("opinion__text", "source", "sheet_kind", "given_by", "recorded_by")
    assert number == 2
    assert set(rows) == {(text, "draft", "remark", "机关各科室", user.pk) for text in ("甲", "乙")}


def test_the_rounds_are_counted_by_draft_without_those_set_aside(draft):
    later = make_draft(draft.document, stage="discussion")
    opinions = [make_on_draft(draft, f"修改{number}") for number in range(4)]
    opinions += [make_on_draft(draft, f"其他{number}", sheet_kind="remark") for number in range(3)]
    other = make_on_draft(later, "再改一处")
    adopt(opinions[0], draft=later, reason="", by=None)
    adopt(opinions[4], draft=None, reason="已有专门规定", by=None)
    OpinionReading.objects.create(opinion=opinions[6].opinion, is_set_aside=True)

    assert rounds_of(draft.document.poll) == {
        draft.pk: DraftRound(amendments=4, remarks=2, adopted=1, rejected=1),
        later.pk: DraftRound(amendments=1),
    }
    assert rounds_of(draft.document.poll)[draft.pk].undecided == 4
    assert other.draft == later


def test_they_are_opinions_like_others_and_none_from_a_sheet_beside_the_ballots(draft):
    poll = draft.document.poll
    make_on_draft(draft)
    make_draft(draft.document, stage="appraisal")
    ballot_actions.open_campaign(poll.campaign, by=None)
    poll.refresh_from_db()
    make_sheets(poll, "改一处", remarks=["说一句"])
    make_gathered(poll)

    figures = opinion_figures([poll])

    assert (figures.counted, figures.amendments, figures.remarks) == (4, 1, 1)
    assert dict(figures.sources)["征求文稿意见"] == 1


def test_a_rehearsal_ends_without_them(draft):
    poll = draft.document.poll
    make_on_draft(draft)
    make_draft(draft.document, stage="appraisal")
    ballot_actions.start_rehearsal(poll)
    cast = Opinion.objects.create(target=poll.targets.get(), kind="suggestion", text="试投的意见")

    ballot_actions.end_rehearsal(poll)

    assert not Opinion.objects.filter(pk=cast.pk).exists()
    assert opinions_on(draft.document).count() == 1


def test_a_draft_with_opinions_is_not_taken_back(draft):
    origin = make_on_draft(draft)

    with pytest.raises(StateError, match="这一稿已经登记了意见，不能撤下。"):
        recording.take_back_draft(draft)
    remove_opinion(origin)
    recording.take_back_draft(draft)

    assert not OpinionOrigin.objects.exists() and not draft.document.drafts.exists()


def test_other_opinions_still_wait_for_the_opening(preparing):
    with pytest.raises(CannotGather, match="评议活动开启以后"):
        make_gathered(preparing)
    assert make_gathered(make_open_poll(make_organization("另一个党委")))
