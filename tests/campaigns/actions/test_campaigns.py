"""A campaign is made from the library, stays as it is once opened or while it rehearses, and can be deleted before."""

import pytest

from ballots.actions import end_rehearsal, open_campaign, start_rehearsal
from campaigns import actions, library
from campaigns.actions import Frozen, NotReady
from campaigns.models import Campaign, Poll, Target
from campaigns.readiness import NO_SCHEME
from tests.campaigns.actions.library_campaigns import make_from_library

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", library.appraisals())
def test_each_ready_made_appraisal_becomes_a_campaign_that_lacks_only_dates_units_and_its_scheme(key, root):
    appraisal = library.appraisals()[key]

    campaign = make_from_library(root, key, starts_on="2026-11-01", ends_on="2026-11-30")

    assert [questionnaire.key for questionnaire in campaign.questionnaires.all()] == list(appraisal.questionnaires)
    assert [category.name for category in campaign.categories.all()] == list(appraisal.categories)
    assert [len(questionnaire.indicators.all()) for questionnaire in campaign.questionnaires.all()] == [
        len(library.questionnaires()[copied].indicators) for copied in appraisal.questionnaires
    ]
    with pytest.raises(NotReady) as refusal:
        actions.open_polls(campaign, by=None)
    lacks = [("campaigns:poll_list", "没有选定评议单位。")]
    if appraisal.is_scored:
        lacks.append(("reports:scheme_edit", NO_SCHEME))
    assert [(item.route, item.text) for item in refusal.value.missing] == lacks


def test_an_appraisal_that_weighs_its_categories_gives_the_weights(root):
    """C15: A 20 %, B 30 %, C 50 %."""
    weighed = make_from_library(root, "leadership-team")

    assert [int(category.weight) for category in weighed.categories.all()] == [20, 30, 50]


def test_facts_win_over_the_appraisal(root):
    campaign = make_from_library(root, base="entitled", procedure="另定。")

    assert (campaign.base, campaign.procedure) == ("entitled", "另定。")


CHANGES = {
    "units": lambda campaign: actions.choose_units(campaign, []),
    "categories": lambda campaign: actions.replace_categories(campaign, [("干部", None)]),
    "refresh": actions.refresh_targets,
    "order": actions.order_targets,
    "arrange": lambda campaign: actions.arrange_targets(campaign.polls.first(), []),
    "add": lambda campaign: actions.add_target(
        Target(poll=campaign.polls.first(), kind="open", name="问", questionnaire=campaign.questionnaires.first())
    ),
    "delete": actions.delete_campaign,
}


def change_questionnaires(campaign):
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "satisfied-deed")


CHANGES["questionnaires"] = change_questionnaires


def snapshot(campaign):
    return (
        list(campaign.polls.values_list("organization", "form")),
        list(Target.objects.order_by("pk").values_list("pk", "name", "position")),
        list(campaign.categories.values_list("name", flat=True)),
        list(campaign.questionnaires.values_list("title", flat=True)),
    )


@pytest.mark.parametrize("name", CHANGES)
def test_an_opened_campaign_changes_no_more(name, with_units):
    open_campaign(with_units, by=None)
    before = snapshot(with_units)

    with pytest.raises(Frozen, match="已经开启"):
        CHANGES[name](with_units)

    assert snapshot(with_units) == before


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_changes_while_a_poll_rehearses_until_the_rehearsal_ends(name, with_units):
    poll = with_units.polls.first()
    start_rehearsal(poll)
    before = snapshot(with_units)

    with pytest.raises(Frozen, match="请先结束演练"):
        CHANGES[name](with_units)

    assert snapshot(with_units) == before
    end_rehearsal(poll)
    CHANGES[name](with_units)


def test_a_deleted_campaign_leaves_nothing_behind(with_units):
    actions.delete_campaign(with_units)

    assert not Campaign.objects.exists() and not Poll.objects.exists() and not Target.objects.exists()
