"""The thresholds that a campaign has, and those that it may choose."""

import pytest

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.library import AskedGrades
from tests.factories import kept_limit, make_campaign, make_organization, own_limit

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_questionnaires_are_seen_by_kind_and_by_the_grades_in_their_base():
    campaign = make_campaign(make_organization(), unknown=True)

    assert campaign.questionnaires.asked_grades() == [AskedGrades("organization", ("满意", "基本满意", "不满意"))]
    actions.add_questionnaire(
        campaign, key="open", title="征求意见", rule="open_question", scale=actions.scale_from_library("good-4")
    )
    assert len(campaign.questionnaires.asked_grades()) == 1


def test_a_threshold_takes_the_place_of_the_one_that_it_was_written_over():
    campaign = make_campaign(make_organization(), thresholds=["org-dissatisfied-third", kept_limit()])

    actions.write_threshold(campaign, own_limit(share=(1, 2)), instead_of=own_limit().key)
    actions.write_threshold(campaign, own_limit(share=(1, 2)))

    campaign.refresh_from_db()
    assert [limit.key for limit in campaign.limits] == ["org-dissatisfied-third", own_limit(share=(1, 2)).key]
    assert campaign.thresholds[0] == "org-dissatisfied-third"


def test_an_open_campaign_keeps_its_thresholds():
    unit = make_organization()
    campaign = make_campaign(unit, thresholds=[kept_limit()])
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)

    with pytest.raises(actions.Frozen):
        actions.write_threshold(campaign, own_limit(share=(1, 2)), instead_of=own_limit().key)

    campaign.refresh_from_db()
    assert campaign.limits == [own_limit()]


def test_own_thresholds_are_there_for_the_organizer_and_for_those_below_it():
    root = make_organization()
    branch, other = make_organization("一支部", parent=root, kind="branch"), make_organization("外单位党委")
    campaign = make_campaign(root, thresholds=["org-dissatisfied-third", kept_limit()])

    assert actions.own_thresholds_for(campaign) == {own_limit().key: own_limit()}
    assert actions.own_thresholds_for(make_campaign(branch, title="支部的")) == {own_limit().key: own_limit()}
    assert actions.own_thresholds_for(make_campaign(other, title="别处的")) == {}
