"""Creating a campaign, choosing its units, and targets that follow questionnaires and roster."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.actions import end_rehearsal, open_campaign, start_rehearsal
from campaigns import actions, library
from campaigns.actions import Frozen, NotReady
from campaigns.ballot_form import BallotForm
from campaigns.models import Campaign, Poll, Target
from tests.factories import make_campaign, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    """A committee with two branches; the first has a secretary, a deputy and two members."""
    root = make_organization()
    first = make_organization("第一党支部", parent=root, kind="branch")
    make_organization("第二党支部", parent=root, kind="branch")
    for name, post in (("张书记", "secretary"), ("李委员", "deputy"), ("王党员", "member"), ("赵党员", "member")):
        make_member(first, name, post=post)
    return root


def branches(root):
    return list(root.children.order_by("pk"))


def make_from_library(root, appraisal="branch-secretary-members", **facts) -> Campaign:
    return actions.create_campaign(
        organizer=root, appraisal=appraisal, title="2026年度评议", period="2026年度", by=None, **facts
    )


def names(poll) -> list[str]:
    return list(poll.targets.values_list("name", flat=True))


@pytest.mark.parametrize("key", library.appraisals())
def test_each_ready_made_appraisal_becomes_a_campaign_that_lacks_only_dates_and_units(key, root):
    appraisal = library.appraisals()[key]

    campaign = make_from_library(root, key, starts_on="2026-11-01", ends_on="2026-11-30")

    assert [questionnaire.key for questionnaire in campaign.questionnaires.all()] == list(appraisal.questionnaires)
    assert [category.name for category in campaign.categories.all()] == list(appraisal.categories)
    assert [len(questionnaire.indicators.all()) for questionnaire in campaign.questionnaires.all()] == [
        len(library.questionnaires()[copied].indicators) for copied in appraisal.questionnaires
    ]
    with pytest.raises(NotReady) as refusal:
        actions.open_polls(campaign, by=None)
    assert [item.text for item in refusal.value.missing] == ["没有选定评议单位。"]


def test_facts_win_over_the_appraisal(root):
    campaign = make_from_library(root, base="entitled", procedure="另定。")

    assert (campaign.base, campaign.procedure) == ("entitled", "另定。")


def test_polls_get_the_targets_that_the_rules_ask_for_and_nobody_twice(root):
    campaign = make_from_library(root)

    first, second = actions.make_polls(campaign, branches(root))

    assert names(first) == ["第一党支部", "张书记", "李委员", "王党员", "赵党员"]
    assert list(first.targets.values_list("kind", flat=True)) == ["organization", "secretary", *["member"] * 3]
    assert names(second) == ["第二党支部"]


def test_people_who_left_are_not_asked_about(root):
    root.children.first().members.filter(name="王党员").update(is_active=False)

    first, _ = actions.make_polls(make_from_library(root), branches(root))

    assert "王党员" not in names(first)


def test_units_are_chosen_dropped_and_kept_as_they_are(root):
    campaign = make_from_library(root)
    first, second = branches(root)
    actions.choose_units(campaign, [first])
    campaign.polls.update(place="会议室")

    counts = actions.choose_units(campaign, [first, second])

    assert counts == (1, 0)
    assert list(campaign.polls.values_list("organization__name", "place")) == [
        ("第一党支部", "会议室"),
        ("第二党支部", ""),
    ]
    assert actions.choose_units(campaign, [second]) == (0, 1)
    assert list(campaign.polls.values_list("organization__name", flat=True)) == ["第二党支部"]


def test_a_unit_of_somebody_else_is_refused_and_nothing_is_written(root):
    campaign = make_from_library(root)
    stranger = make_organization("外单位党委")

    with pytest.raises(ValueError, match="不在“某局党委”之下"):
        actions.choose_units(campaign, [*branches(root), stranger])

    assert not campaign.polls.exists()


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


def test_a_second_copy_of_a_questionnaire_is_numbered(root):
    campaign = make_campaign(root)

    copies = [actions.copy_questionnaire(campaign, "four-senses") for _ in range(3)]

    assert [copy.key for copy in copies] == ["four-senses", "four-senses-2", "four-senses-3"]
    assert [copy.title[-3:] for copy in copies] == ["评议表", "（2）", "（3）"]
    assert [copy.position for copy in copies] == [1, 2, 3]


def test_the_same_scale_is_made_once_and_with_unknown_is_another():
    plain, again = (actions.scale_from_library("fair-4") for _ in range(2))
    unknown = actions.scale_from_library("fair-4", unknown=True)

    assert plain == again != unknown
    assert [grade.label for grade in unknown.grades.all()] == ["满意", "基本满意", "一般", "不满意", "不了解"]
    assert [grade.is_in_base for grade in unknown.grades.all()] == [True] * 4 + [False]


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


@pytest.fixture
def with_units(root):
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches(root))
    return campaign


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


def test_units_join_while_another_rehearses_but_not_after_opening(root):
    campaign = make_campaign(root)
    first, second = branches(root)
    (poll,) = actions.make_polls(campaign, [first])
    start_rehearsal(poll)

    actions.make_polls(campaign, [second])

    open_campaign(campaign, by=None)
    with pytest.raises(Frozen):
        actions.make_polls(campaign, [root])


def test_a_deleted_campaign_leaves_nothing_behind(with_units):
    actions.delete_campaign(with_units)

    assert not Campaign.objects.exists() and not Poll.objects.exists() and not Target.objects.exists()


def test_opening_freezes_what_the_ballot_says_now(with_units):
    open_campaign(with_units, by=None)

    for poll in with_units.polls.all():
        assert poll.state == "open"
        assert BallotForm.from_json(poll.form) == actions.compose_form(poll)


def test_each_further_poll_costs_opening_one_statement(root):
    def statements_to_open(units):
        campaign = make_campaign(root, title=f"{len(units)}个单位的评议")
        actions.make_polls(campaign, units)
        with CaptureQueriesContext(connection) as queries:
            actions.open_polls(campaign, by=None)
        return len(queries)

    assert statements_to_open([*branches(root), root]) - statements_to_open([root]) == 2


def test_composing_a_ballot_takes_the_same_queries_for_one_target_and_for_five(root, django_assert_num_queries):
    first, second = actions.make_polls(make_from_library(root), branches(root))
    polls = [Poll.objects.get(pk=poll.pk) for poll in (first, second)]

    for poll in polls:
        with django_assert_num_queries(5):
            actions.compose_form(poll)
