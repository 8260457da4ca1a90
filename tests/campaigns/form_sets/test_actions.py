"""A campaign's forms handed down, and used by a unit below."""

import pytest

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.form_sets.actions import contents_of, hand_down, use_set
from tests.campaigns.form_sets.handed import make_form_set, make_handed_campaign
from tests.factories import make_campaign, make_choice_campaign, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def asked(campaign):
    """All that a set hands down of the questionnaires, without their keys."""
    return [
        (
            row.title,
            row.target_rule,
            row.opinion_prompt,
            list(row.scale.grades.values_list("label", "is_in_base", "is_positive", "score")),
            list(row.indicators.values_list("text", "is_overall")),
        )
        for row in campaign.questionnaires.all()
    ]


@pytest.fixture
def root():
    return make_organization()


@pytest.fixture
def branch(root):
    return make_organization("一支部", parent=root, kind="branch")


def test_a_unit_below_has_the_same_questionnaires_scales_thresholds_and_pattern(root, branch):
    source = make_handed_campaign(root)
    form_set = hand_down(source, title="2026年度规范表格", note="", by=None)
    below = make_campaign(branch, title="支部的")
    below.questionnaires.all().delete()
    keys = [entry["key"] for entry in form_set.contents["questionnaires"]]

    use_set(form_set, below, keys, takes_pattern=True)

    below.refresh_from_db()
    assert asked(below) == asked(source)
    assert below.limits == source.limits
    assert (below.judged, below.decimals, below.channels) == ("each", 2, source.channels)
    assert list(below.categories.values_list("name", "weight")) == list(source.categories.values_list("name", "weight"))
    # Handed on once more it says the same.
    assert contents_of(below, title=form_set.title, note=form_set.note) == form_set.contents


def test_one_questionnaire_alone_leaves_the_campaign_s_rules(root, branch):
    form_set = make_form_set(root)
    below = make_campaign(branch, title="支部的")

    (copy,) = use_set(form_set, below, [form_set.contents["questionnaires"][2]["key"]], takes_pattern=False)

    below.refresh_from_db()
    assert (copy.title, copy.form_set) == ("方案表决表", form_set)
    assert below.questionnaires.count() == 2
    assert (below.limits, below.judged, below.decimals) == ([], "overall", 1)


def test_an_open_campaign_takes_nothing(root, branch):
    form_set = make_form_set(root)
    below = make_campaign(branch, title="支部的")
    actions.make_polls(below, [branch])
    open_campaign(below, by=None)

    with pytest.raises(actions.Frozen):
        use_set(form_set, below, [form_set.contents["questionnaires"][0]["key"]], takes_pattern=True)

    assert below.questionnaires.count() == 1


def test_the_polls_of_a_campaign_get_the_targets_of_what_it_took(root, branch):
    form_set = make_form_set(root)
    below = make_campaign(branch, title="支部的")
    actions.make_polls(below, [branch])

    use_set(form_set, below, [form_set.contents["questionnaires"][2]["key"]], takes_pattern=False)

    assert below.polls.get().targets.count() == 2


def test_a_list_to_choose_from_comes_down_with_its_limit(root, branch):
    source = make_choice_campaign(root, most=4)
    form_set = hand_down(source, title="2026年度规范表格", note="", by=None)
    campaign = make_campaign(branch)

    (copy,) = use_set(form_set, campaign, ["best-deeds"], takes_pattern=False)

    assert (copy.title, copy.most_chosen) == ("最满意的实事评选表", 4)
