"""An opinion on a draft is taken in by a later one, or it is said why not."""

import pytest
from django.db import IntegrityError, transaction

from campaigns import actions
from reports.gathering.on_drafts import adopt
from reports.models import Adoption
from tests.factories import make_campaign, make_document, make_draft, make_on_draft, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def origin():
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    return make_on_draft(make_draft(make_document(campaign.polls.get(), kind="analysis"), stage="consultation"))


def test_it_says_where_or_why(origin):
    later = make_draft(origin.draft.document, stage="discussion")

    words = [str(adopt(origin, draft=later, reason="", by=None))]
    words.append(str(adopt(origin, draft=None, reason="不属于本局职责", by=None)))

    assert words == ["已采纳到讨论稿", "未采纳：不属于本局职责"]
    assert Adoption.objects.count() == 1


@pytest.mark.parametrize("facts", [{"is_adopted": True}, {"reason": ""}])
def test_a_decision_that_says_neither_is_refused_by_the_database(origin, facts):
    adopt(origin, draft=None, reason="不属于本局职责", by=None)

    with pytest.raises(IntegrityError, match="adoption_tells_where_or_why"), transaction.atomic():
        Adoption.objects.update(**facts)


def test_no_draft_beside_a_reason(origin):
    adopt(origin, draft=None, reason="不属于本局职责", by=None)

    with pytest.raises(IntegrityError, match="adoption_tells_where_or_why"), transaction.atomic():
        Adoption.objects.update(draft=origin.draft)
