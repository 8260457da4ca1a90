"""「还缺什么」: each thing that can be missing, and where it is mended."""

import pytest

from campaigns import actions, readiness
from campaigns.models import Indicator, Questionnaire
from campaigns.readiness import FIVE_CLARITIES, Missing
from tests.factories import make_campaign, make_choice_campaign, make_organization
from tests.reports.scoring.rated import make_scheme

pytestmark = pytest.mark.django_db


def make_ready_campaign(**overrides):
    organizer = make_organization()
    campaign = make_campaign(organizer, **overrides)
    actions.make_polls(campaign, [organizer])
    return campaign


def test_nothing_is_missing_from_a_campaign_with_everything():
    assert readiness.missing(make_ready_campaign()) == []


@pytest.mark.parametrize("name", ["starts_on", "ends_on"])
def test_a_date_is_missing(name):
    campaign = make_ready_campaign(**{name: None})

    assert readiness.missing(campaign) == [Missing("评议的起止日期未填。", "campaigns:campaign_edit", campaign.pk)]


@pytest.mark.parametrize("name", FIVE_CLARITIES)
def test_each_of_the_five_clarities_is_missing_by_name(name):
    campaign = make_ready_campaign(**{name: " \n"})

    label = campaign._meta.get_field(name).verbose_name
    assert readiness.missing(campaign) == [
        Missing(f"五明确：{label}未填。", "campaigns:campaign_clarities", campaign.pk)
    ]


def test_a_channel_is_missing():
    campaign = make_ready_campaign(channels=[])

    assert readiness.missing(campaign) == [Missing("没有选定评议渠道。", "campaigns:campaign_rules", campaign.pk)]


def test_questionnaires_are_missing():
    campaign = make_ready_campaign()
    campaign.polls.get().targets.all().delete()
    campaign.questionnaires.all().delete()

    texts = [item.text for item in readiness.missing(campaign)]
    assert texts == ["没有评议表。", "“某局党委”的票上没有评议对象。"]


def test_an_empty_questionnaire_is_missing_its_indicators_unless_it_is_an_open_question():
    campaign = make_ready_campaign()
    Indicator.objects.all().delete()
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "satisfied-deed")

    questionnaire = campaign.questionnaires.get(key="org")
    assert readiness.missing(campaign) == [
        Missing("评议表“基层党组织评议表”没有评议内容。", "campaigns:questionnaire_edit", questionnaire.pk)
    ]


def test_categories_are_missing():
    campaign = make_ready_campaign()
    campaign.categories.all().delete()

    assert readiness.missing(campaign) == [Missing("没有参评人员类别。", "campaigns:category_list", campaign.pk)]


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        (("33.3", "66.6"), "各类别权重之和为99.9%，应为100%。"),
        ((50, None), "有的类别填了权重，有的没有填；应全部填写或全部不填。"),
        ((50, 40), "各类别权重之和为90%，应为100%。"),
    ],
)
def test_weights_that_do_not_fit_are_missing(weights, text):
    campaign = make_ready_campaign()
    for category, weight in zip(campaign.categories.all(), weights, strict=True):
        category.weight = weight
        category.save()

    (missing,) = readiness.missing(campaign)
    assert missing.text == text
    assert missing.route == "campaigns:category_list"


def test_weights_that_add_up_are_not_missing():
    campaign = make_ready_campaign()
    campaign.categories.update(weight=50)

    assert readiness.missing(campaign) == []


def test_units_are_missing():
    campaign = make_campaign(make_organization())

    texts = [item.text for item in readiness.missing(campaign)]
    assert texts == ["没有选定评议单位。"]


def test_targets_of_one_poll_are_missing():
    campaign = make_ready_campaign()
    branch = make_organization("第一党支部", parent=campaign.organizer, kind="branch")
    (poll,) = actions.make_polls(campaign, [branch])
    poll.targets.all().delete()

    assert readiness.missing(campaign) == [
        Missing("“第一党支部”的票上没有评议对象。", "campaigns:poll_targets", poll.pk)
    ]


def test_a_questionnaire_that_nobody_is_asked_is_missing_its_use():
    campaign = make_ready_campaign()
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "secretary-three")

    assert readiness.missing(campaign) == [
        Missing("评议表“基层党组织书记群众评议表”没有用在任何票上。", "campaigns:poll_list", campaign.pk)
    ]


def test_a_ballot_without_targets_is_one_lack_although_its_questionnaire_is_then_on_none():
    campaign = make_ready_campaign()
    for poll in campaign.polls.all():
        poll.targets.all().delete()

    assert {item.route for item in readiness.missing(campaign)} == {"campaigns:poll_targets"}


def test_the_number_entitled_is_missing_only_where_rates_stand_on_it():
    campaign = make_ready_campaign(base="entitled")
    poll = campaign.polls.get()

    assert readiness.missing(campaign) == [
        Missing("“某局党委”没有填写应参评人数（分母为全体应参评人员）。", "campaigns:poll_edit", poll.pk)
    ]

    campaign.base = "valid"
    assert readiness.missing(campaign) == []


def test_an_opened_campaign_cannot_be_opened_again():
    campaign = make_ready_campaign()
    actions.open_polls(campaign, by=None)

    assert [item.text for item in readiness.missing(campaign)] == ["评议活动已经开启过。"]


def test_steps_count_what_is_missing_on_their_pages_and_the_pages_below():
    campaign = make_ready_campaign(starts_on=None, procedure="", method="")
    poll = campaign.polls.get()
    poll.targets.all().delete()
    Questionnaire.objects.all().delete()

    steps = readiness.preparation_steps(campaign, readiness.missing(campaign))

    assert [(step.label, step.lacks) for step in steps] == [
        ("基本情况", 1),
        ("五明确", 2),
        ("评议表", 1),
        ("参评人员类别", 0),
        ("计票规则", 0),
        ("结果运用阈值", 0),
        ("评议单位", 1),
    ]


def test_a_list_to_choose_from_asks_one_thing_on_two_grades():
    campaign = make_choice_campaign(make_organization())
    questionnaire = campaign.questionnaires.get(key="best-deeds")
    assert readiness.missing(campaign) == []

    actions.write_indicators(questionnaire, [("最满意的", False), ("最好的", False)])
    questionnaire.scale = actions.scale_from_library("most-satisfied-2", unknown=True)
    questionnaire.save()

    page = ("campaigns:questionnaire_edit", questionnaire.pk)
    assert readiness.missing(campaign) == [
        Missing("评议表“最满意的实事评选表”至多选2项，是一张清单，评议内容只能有一项。", *page),
        Missing("评议表“最满意的实事评选表”是选择清单，等次应为“最满意、未勾选”这样的两档，不加“不了解”。", *page),
    ]


def make_scored_form():
    """A campaign made from the form that scores, ready but for its 考核指标表."""
    return make_ready_campaign(appraisal_key="thousand-points")


def test_a_form_that_scores_is_missing_its_scheme_until_it_has_one():
    campaign = make_scored_form()

    (missing,) = readiness.missing(campaign)
    assert missing.text == "没有考核指标表：本活动按指标打分，指标、满分、考核组和权重要在开启以前定好。"
    assert (missing.route, missing.key) == ("reports:scheme_edit", campaign.pk)
    with pytest.raises(actions.NotReady, match="没有考核指标表"):
        actions.open_polls(campaign, by=None)

    make_scheme(campaign)
    campaign.refresh_from_db()
    assert readiness.missing(campaign) == []
    actions.open_polls(campaign, by=None)


def test_a_scheme_is_missing_the_questionnaire_that_was_taken_out_while_its_satisfaction_counts():
    campaign = make_ready_campaign()
    scheme = make_scheme(campaign, questionnaire=None)

    assert readiness.missing(campaign) == [
        Missing("考核指标表里满意度有权重，没有选定取自哪张评议表。", "reports:scheme_edit", campaign.pk)
    ]

    scheme.score_weight, scheme.satisfaction_weight = 100, 0
    scheme.save()
    campaign.refresh_from_db()
    assert readiness.missing(campaign) == []


def test_scoring_is_a_step_of_the_campaigns_whose_units_are_scored():
    plain, scored = make_ready_campaign(), make_campaign(make_organization("另一党委"), appraisal_key="thousand-points")

    assert "考核打分" not in [label for label, _, _ in readiness.steps_to_open(plain)]
    last = readiness.preparation_steps(scored, readiness.missing(scored))[-1]
    assert (last.label, last.route, last.lacks) == ("考核打分", "reports:scoring_detail", 1)


def test_of_many_units_that_lack_the_same_the_first_are_named_and_the_others_counted(monkeypatch):
    monkeypatch.setattr(readiness, "UNITS_NAMED", 1)
    organizer = make_organization()
    units = [make_organization(name, parent=organizer, kind="branch") for name in ("一支部", "二支部", "三支部")]
    campaign = make_campaign(organizer)
    actions.make_polls(campaign, units)
    for poll in campaign.polls.all():
        poll.targets.all().delete()

    first, second, _ = campaign.polls.order_by("path")
    assert readiness.missing(campaign) == [
        Missing("“一支部”的票上没有评议对象。", "campaigns:poll_targets", first.pk),
        Missing("另有2个单位也一样。", "campaigns:poll_targets", second.pk),
    ]
