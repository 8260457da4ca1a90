"""The rows that go with some rows are those that the database holds to them, and no others."""

import pytest
from django.db.models import ProtectedError

from campaigns import actions
from campaigns.actions.going import GoingRows
from campaigns.models import Organization, Poll, Questionnaire, Target
from tests.given_rows import rows_given

pytestmark = pytest.mark.django_db


def test_rows_go_with_all_that_hangs_on_them_and_a_key_that_may_be_empty_is_emptied(campaign):
    first, second = campaign.polls.order_by("pk")
    actions.pair_polls(campaign, [(first, second)], category="")
    going = GoingRows(Poll, {"pk": second.pk})

    numbers = going.numbers
    with rows_given() as given:
        going.delete()

    assert numbers == [("评议点", 1), ("评议对象", 1)]
    assert given == []
    assert list(campaign.polls.values_list("pk", "partner")) == [(first.pk, None)]
    assert list(Target.objects.values_list("poll", flat=True)) == [first.pk]


def test_rows_that_something_holds_are_named_and_none_goes(campaign):
    branch = campaign.polls.first().organization

    with pytest.raises(ProtectedError) as refusal:
        GoingRows(Organization, {"pk": branch.pk}).delete()

    assert {row._meta.label for row in refusal.value.protected_objects} == {"campaigns.Poll", "campaigns.Target"}
    assert Organization.objects.filter(pk=branch.pk).exists()


def test_a_row_that_something_else_still_refers_to_does_not_go_without_it(campaign):
    """A questionnaire goes with its campaign, whose polls take its targets along; by itself it stays while targets do."""
    questionnaire = campaign.questionnaires.get()

    with pytest.raises(ProtectedError):
        GoingRows(Questionnaire, {"pk": questionnaire.pk}).delete()

    GoingRows(Target, {"questionnaire": questionnaire.pk}).delete()
    GoingRows(Questionnaire, {"pk": questionnaire.pk}).delete()
    assert not campaign.questionnaires.exists()
