"""Who decides between two keyings, and who sends one back."""

import pytest

from ballots.models import Keying
from ballots.paper.permissions import can_decide, can_send_back
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    return factories.make_paper(factories.make_open_poll(), 2)


@pytest.fixture
def cast(batch):
    return factories.make_cast(batch.poll.organization)


def test_a_teller_decides_only_where_somebody_else_keyed(batch, cast):
    other = factories.make_user("other", kind="teller", organization=batch.poll.organization)
    factories.key(batch, cast.teller, ["11", "11"])

    assert (can_decide(cast.teller, batch), can_decide(other, batch)) == (False, True)


def test_the_secretary_decides_even_over_an_own_keying(batch, cast):
    factories.key(batch, cast.secretary, ["11", "11"])

    assert can_decide(cast.secretary, batch)


def test_neither_officers_nor_outsiders_decide(batch, cast):
    assert [can_decide(user, batch) for user in (cast.officer, cast.administrator, cast.outsider)] == [False] * 3


def test_a_keying_is_sent_back_by_its_teller_and_the_secretary_alone(batch, cast):
    other = factories.make_user("other", kind="teller", organization=batch.poll.organization)
    mine = factories.key(batch, cast.teller, ["11", "11"])

    assert [can_send_back(user, mine) for user in (cast.teller, cast.secretary, other, cast.outsider)] == [
        True,
        True,
        False,
        False,
    ]


def test_a_decision_is_sent_back_by_the_secretary_and_not_by_the_teller_who_made_it(batch, cast):
    decision = Keying.objects.create(batch=batch, round=Keying.Round.DECISION, teller=cast.teller)

    assert (can_send_back(cast.teller, decision), can_send_back(cast.secretary, decision)) == (False, True)
