"""The demo's lists to choose from: two, of the same deeds, ranked."""

import pytest

from ballots.models import Ballot
from campaigns.models import Commitment
from reports.demo import words
from reports.demo.choosing import choose_deeds
from reports.results.poll import results_of
from tests.factories import make_organization
from tests.reports.demo.staging import make_stage

pytestmark = pytest.mark.django_db


def test_two_lists_of_the_same_deeds_are_ranked_and_the_chance_is_left_alone():
    stage, branch = make_stage(), make_organization("一支部", kind="branch")
    before = stage.chance.getstate()

    choose_deeds(stage, branch)

    assert stage.chance.getstate() == before
    poll = branch.polls.get()
    targets = results_of(poll).targets
    assert {target.name for target in targets} == set(words.DEEDS_IN_COMMUNITY)
    assert [(target.rank, target.chosen) for target in targets] == [
        *((1, 27), (2, 20), (2, 20), (4, 15), (5, 4), (6, 0)),
        *((1, 25), (2, 15), (3, 2), (4, 0), (4, 0), (4, 0)),
    ]
    assert targets[0].lines[0].total.cell.abstained == 3
    assert Commitment.objects.filter(kind="deed", status="fulfilled").count() == len(words.DEEDS_IN_COMMUNITY)
    assert not Ballot.objects.exists()
