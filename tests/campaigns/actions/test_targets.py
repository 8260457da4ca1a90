"""Targets follow questionnaires and roster, and what was arranged by hand stays."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import actions
from campaigns.actions import targets
from campaigns.models import Campaign, Target
from tests.campaigns.actions.library_campaigns import branches, make_from_library, names
from tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=[1000, 1])
def _in_lots(request, monkeypatch):
    """Everything is the same whether the polls come in one lot or each in its own."""
    monkeypatch.setattr(targets, "POLLS_AT_ONCE", request.param)


def test_a_questionnaire_added_later_comes_onto_every_ballot_in_its_place(root):
    campaign = make_from_library(root, "unit-overall")
    polls = actions.make_polls(campaign, branches(root))

    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "satisfied-deed")
        actions.copy_questionnaire(campaign, "secretary-three")

    assert names(polls[0]) == ["第一党支部", "群众最满意的实事", "张书记"]
    assert names(polls[1]) == ["第二党支部", "群众最满意的实事"]
    assert list(polls[0].targets.values_list("position", flat=True)) == [1, 2, 3]


def test_targets_arranged_by_hand_stay_when_questionnaires_change(root):
    campaign = make_from_library(root)
    first, _ = actions.make_polls(campaign, branches(root))
    first.targets.filter(name="王党员").delete()
    first.targets.filter(name="赵党员").update(name="赵党员（车间）")

    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "prominent-problem")

    assert names(first) == ["第一党支部", "张书记", "李委员", "赵党员（车间）", "党员、干部中存在的突出问题"]


def test_the_secretary_is_asked_about_among_the_members_once_no_questionnaire_of_his_own_is_left(root):
    campaign = make_from_library(root)
    first, _ = actions.make_polls(campaign, branches(root))

    with actions.targets_following(campaign):
        actions.remove_questionnaire(campaign.questionnaires.get(key="secretary-three"))

    assert sorted(names(first)) == sorted(["第一党支部", "李委员", "王党员", "赵党员", "张书记"])
    assert set(first.targets.values_list("questionnaire__key", flat=True)) == {"organization-four", "member-three"}


def test_another_rule_brings_other_targets(root):
    campaign = make_from_library(root)
    first, second = actions.make_polls(campaign, branches(root))

    with actions.targets_following(campaign):
        questionnaire = campaign.questionnaires.get(key="member-three")
        questionnaire.target_rule = "members_together"
        questionnaire.target_name = "本支部党员"
        questionnaire.save()

    assert names(first) == ["第一党支部", "张书记", "本支部党员"]
    assert names(second) == ["第二党支部", "本支部党员"]


def test_another_kind_removes_even_what_was_added_by_hand(root):
    campaign = make_from_library(root)
    first, _ = actions.make_polls(campaign, branches(root))
    questionnaire = campaign.questionnaires.get(key="secretary-three")
    deputy = first.organization.members.get(name="李委员")
    actions.add_target(Target(poll=first, kind="secretary", name="李委员", member=deputy, questionnaire=questionnaire))

    with actions.targets_following(campaign):
        questionnaire.target_rule, questionnaire.target_kind = "open_question", "open"
        questionnaire.save()

    assert list(first.targets.filter(questionnaire=questionnaire).values_list("kind", "name")) == [
        ("open", "基层党组织书记群众评议表")
    ]
    assert "张书记" in names(first)  # among the members now


def test_a_name_from_the_questionnaire_follows_it_and_one_given_by_hand_stays(root):
    campaign = make_from_library(root, "report-draft")
    first, second = actions.make_polls(campaign, branches(root))
    second.targets.update(name="整改方案（评议稿）")

    with actions.targets_following(campaign):
        campaign.questionnaires.update(target_name="分析检查报告（第二稿）")

    assert (names(first), names(second)) == (["分析检查报告（第二稿）"], ["整改方案（评议稿）"])


def test_refreshing_follows_the_roster(root):
    campaign = make_from_library(root, "performance")
    first, second = actions.make_polls(campaign, branches(root))
    questionnaire = campaign.questionnaires.get(key="four-sentiments")
    below = make_organization("第一党小组", parent=first.organization, kind="group")
    invited = make_member(below, "孙组长", post="cadre")
    actions.add_target(Target(poll=first, kind="cadre", name="孙组长", member=invited, questionnaire=questionnaire))
    first.targets.filter(name="张书记").update(name="张书记（兼）")
    first.organization.members.filter(name="李委员").update(is_active=False)
    make_member(first.organization, "周干部", post="cadre")
    make_member(second.organization, "钱书记", post="secretary")

    actions.refresh_targets(campaign)

    questions = ["群众最满意的实事", "群众最不满意的事项", "党员、干部中存在的突出问题"]
    assert names(second) == ["第二党支部", "钱书记", *questions]
    assert set(names(first)) == {"第一党支部", "张书记（兼）", "周干部", "孙组长", *questions}
    assert list(first.targets.values_list("position", flat=True)) == list(range(1, 8))


def test_refreshing_takes_an_invited_person_off_who_has_left(root):
    campaign = make_from_library(root)
    (poll,) = actions.make_polls(campaign, [root])
    invited = branches(root)[0].members.get(post="secretary")
    questionnaire = campaign.questionnaires.get(key="secretary-three")
    actions.add_target(Target(poll=poll, kind="secretary", name="张书记", member=invited, questionnaire=questionnaire))
    actions.refresh_targets(campaign)
    while_active = names(poll)
    invited.is_active = False
    invited.save()

    actions.refresh_targets(campaign)

    assert (while_active, names(poll)) == (["某局党委", "张书记"], ["某局党委"])


def test_refreshing_removes_who_moved_away_and_puts_a_namesake_under_a_free_name(root):
    campaign = make_from_library(root, "branch-plenary")
    first, second = actions.make_polls(campaign, branches(root))
    first.organization.members.filter(name="王党员").update(organization=second.organization)
    first.targets.filter(name="赵党员").update(name="吴党员")
    make_member(first.organization, "吴党员")

    actions.refresh_targets(campaign)

    assert names(first) == ["第一党支部", "张书记", "李委员", "吴党员", "吴党员（2）"]
    assert names(second) == ["第二党支部", "王党员"]


def test_sections_follow_the_order_of_the_questionnaires(root):
    campaign = make_from_library(root)
    first, _ = actions.make_polls(campaign, branches(root))
    campaign.questionnaires.filter(key="member-three").update(position=0)

    actions.order_targets(campaign)

    assert names(first) == ["李委员", "王党员", "赵党员", "第一党支部", "张书记"]


def test_targets_exchange_their_names(root):
    campaign = make_from_library(root)
    first, _ = actions.make_polls(campaign, branches(root))
    wang, zhao = first.targets.get(name="王党员"), first.targets.get(name="赵党员")

    actions.arrange_targets(first, [(zhao.pk, "王党员"), (wang.pk, "赵党员")])

    assert list(first.targets.values_list("pk", "name", "position")) == [
        (zhao.pk, "王党员", 1),
        (wang.pk, "赵党员", 2),
    ]


def test_a_questionnaire_that_becomes_a_list_loses_the_document_of_its_rule_and_keeps_what_was_put_in_by_hand(root):
    campaign = make_from_library(root, "commitments-vote")
    first, _ = actions.make_polls(campaign, branches(root))
    questionnaire = campaign.questionnaires.get()
    actions.add_target(Target(poll=first, kind="document", name="修路", questionnaire=questionnaire))
    assert names(first) == ["公开承诺兑现情况", "修路"]

    with actions.targets_following(campaign):
        questionnaire.most_chosen = 3
        questionnaire.save()

    assert names(first) == ["修路"]


def test_a_questionnaire_that_asks_for_the_same_as_before_is_saved_without_a_look_at_the_ballots(root):
    campaign = make_from_library(root)
    actions.make_polls(campaign, branches(root))
    questionnaire = campaign.questionnaires.first()

    with CaptureQueriesContext(connection) as queries, actions.targets_following(campaign):
        questionnaire.title = "改过的名称"
        questionnaire.save()

    assert not [query["sql"] for query in queries if "campaigns_target" in query["sql"]]
    assert campaign.questionnaires.first().title == "改过的名称"


def test_changing_questionnaires_takes_no_query_more_for_a_further_poll(root, monkeypatch):
    monkeypatch.setattr(targets, "POLLS_AT_ONCE", 100)
    counts = []
    for number in (1, 4):
        units = [make_organization(f"{number}之{n}支部", parent=root, kind="branch") for n in range(number)]
        campaign = make_from_library(root, "unit-overall")
        Campaign.objects.filter(pk=campaign.pk).update(title=f"{number}个支部的评议")
        actions.make_polls(campaign, units)
        with CaptureQueriesContext(connection) as queries:
            with actions.targets_following(campaign):
                added = actions.copy_questionnaire(campaign, "satisfied-deed")
            actions.order_targets(campaign)
            with actions.targets_following(campaign):
                actions.remove_questionnaire(added)
            actions.refresh_targets(campaign)
        counts.append(len(queries))

    assert counts[0] == counts[1]
