"""Answers where the count stops and asks: the last one stands, with who gave it."""

import pytest

from reports.models import ExcellentCount, ScoreChoice
from reports.results.actions import choose_score, count_excellent
from tests.factories import make_sealed_poll, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_sealed_poll()


def test_another_answer_takes_the_place_of_the_first(poll):
    first, second = make_user("first"), make_user("second")
    choose_score(poll, "spread", by=first)
    before = ScoreChoice.objects.get().decided_at

    choose_score(poll, "withhold", by=second)

    choice = ScoreChoice.objects.get()
    assert (choice.poll, choice.answer, choice.decided_by) == (poll, "withhold", second)
    assert choice.decided_at > before


def test_a_corrected_number_keeps_its_reason_only_where_it_is_given_again(poll):
    user = make_user()
    count_excellent(poll, by=user, excellent=5, members=12, attended=12, reason="民主评议一致")

    count_excellent(poll, by=user, excellent=4, members=12, attended=11, reason="")

    row = ExcellentCount.objects.get()
    assert (row.excellent, row.members, row.attended, row.reason, row.decided_by) == (4, 12, 11, "", user)
