"""A secretary writes thresholds for a campaign, and chooses those of the committee above."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions, readiness
from tests.factories import kept_limit, make_campaign, make_organization, own_limit

pytestmark = pytest.mark.django_db

SENTENCE = "不满意率超过三分之一的党组织：限期整改；取消评先资格。"


def url(name, campaign, *rule):
    return reverse(f"campaigns:{name}", args=[campaign.pk, *rule])


def sent(**overrides):
    values = {
        "target_kinds": ["organization"],
        "labels": ["不满意"],
        "share": "三分之一",
        "is_at_least": "more",
        "consequences": "限期整改。\n\n取消评先资格；",
        "review_state": "",
        **overrides,
    }
    return {name: value for name, value in values.items() if value is not None}


def limits(campaign):
    campaign.refresh_from_db()
    return campaign.limits


def test_a_threshold_is_shown_as_a_sentence_before_it_is_saved(cast, campaign, as_user):
    client = as_user(cast.secretary)

    page = client.get(url("threshold_add", campaign)).content.decode()
    preview = client.post(url("threshold_add", campaign), sent(preview="1")).content.decode()

    # The grades and the kind of target that the campaign has, and no others.
    assert all(f'value="{label}"' in page for label in ("满意", "基本满意", "不满意", "organization"))
    assert 'value="cadre"' not in page
    assert SENTENCE in preview
    assert limits(campaign) == []


def test_a_threshold_is_saved_changed_and_taken_away(cast, campaign, as_user):
    client = as_user(cast.secretary)

    saved = client.post(url("threshold_add", campaign), sent(), follow=True).content.decode()
    (limit,) = limits(campaign)
    page = client.get(url("threshold_edit", campaign, limit.key)).content.decode()
    client.post(url("threshold_edit", campaign, limit.key), sent(share="40%", is_at_least="at_least"))
    (other,) = limits(campaign)
    listed = client.get(url("threshold_list", campaign)).content.decode()
    client.post(url("threshold_list", campaign), {"thresholds": [], "judged": "overall"})

    assert f"已经保存：{SENTENCE}" in saved
    assert 'value="1/3"' in page
    assert (other.title, other.is_at_least) == ("不满意率达到40%的党组织", True)
    assert "“不满意”不少于40%时触发。限期整改；取消评先资格。" in listed
    assert limits(campaign) == []
    assert client.get(url("threshold_edit", campaign, other.key)).status_code == 404


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"target_kinds": None}, "请选定对哪类对象判断。"),
        ({"labels": None}, "请选定计哪几档。"),
        ({"labels": ["优秀"]}, "优秀"),
        ({"target_kinds": ["cadre"]}, "cadre"),
        ({"share": "4/3"}, "“4/3”不是大于0、小于1的界限；可写如：1/3、三分之一、40%、33.5%。"),
        ({"consequences": " \n"}, "这个字段是必填项。"),
        ({"consequences": "同\n同"}, "“同”写了两次。"),
        ({"is_at_least": "less"}, "less"),
    ],
)
def test_a_threshold_that_breaks_a_rule_is_refused_and_stays_on_the_page(cast, campaign, as_user, overrides, words):
    answer = as_user(cast.secretary).post(url("threshold_add", campaign), sent(**overrides))

    assert words in answer.content.decode()
    assert limits(campaign) == []


def test_about_people_a_review_comes_first(cast, campaign, as_user):
    campaign.questionnaires.update(target_kind="secretary", target_rule="its_secretary")
    client = as_user(cast.secretary)

    refused = client.post(url("threshold_add", campaign), sent(target_kinds=["secretary"])).content.decode()
    client.post(url("threshold_add", campaign), sent(target_kinds=["secretary"], needs_review="on"))

    assert "党组织书记是个人，须先复核，认定以后才能运用结果。" in refused
    assert [limit.review_state for limit in limits(campaign)] == ["待组织复核认定"]


def test_the_same_sense_is_refused_beside_the_library_s_own(cast, campaign, as_user):
    campaign.thresholds = ["org-dissatisfied-third"]
    campaign.save()

    answer = as_user(cast.secretary).post(url("threshold_add", campaign), sent())

    assert "与“不满意率超过三分之一的党组织”是同一条界限；后果请合写在一条里。" in answer.content.decode()
    assert len(limits(campaign)) == 1


def test_units_below_choose_a_threshold_of_the_organizer_and_nobody_else_does(cast, as_user):
    branch = make_organization("一支部", parent=cast.organization, kind="branch")
    make_campaign(cast.organization, thresholds=[kept_limit()])
    below = make_campaign(branch, title="支部的")
    elsewhere = make_campaign(make_organization("别处党委"), title="别处的")
    client = as_user(cast.secretary)

    client.post(url("threshold_list", below), {"thresholds": [own_limit().key], "judged": "overall"})

    assert limits(below) == [own_limit()]
    assert actions.own_thresholds_for(elsewhere) == {}
    # And the committee does not see what a branch made for itself.
    actions.write_threshold(below, own_limit(share=(1, 2)))
    assert list(actions.own_thresholds_for(make_campaign(cast.organization, title="另一次"))) == [own_limit().key]


def test_the_thresholds_of_an_open_campaign_stay(cast, campaign, as_user):
    actions.write_threshold(campaign, own_limit())
    open_campaign(campaign, by=None)
    client = as_user(cast.secretary)

    client.post(url("threshold_add", campaign), sent())
    client.post(url("threshold_edit", campaign, own_limit().key), sent())
    client.post(url("threshold_list", campaign), {"thresholds": [], "judged": "overall"})
    page = client.get(url("threshold_list", campaign)).content.decode()

    assert limits(campaign) == [own_limit()]
    assert own_limit().sentence in page
    assert "自定阈值" not in page


def test_a_threshold_whose_grades_were_changed_away_is_missing_something(cast, campaign):
    actions.write_threshold(campaign, own_limit())
    campaign.refresh_from_db()
    assert readiness.missing(campaign) == []

    campaign.questionnaires.update(scale=actions.scale_from_library("good-4"))

    (missing,) = readiness.missing(campaign)
    assert "阈值“不满意率达到40%的党组织”：评议党组织的评议表没有同时有“不满意”的量表" in missing.text
    assert missing.route == "campaigns:threshold_list"
    campaign.thresholds = []
    assert readiness.missing(campaign) == []


def test_the_opening_page_says_every_threshold(cast, campaign, as_user):
    actions.write_threshold(campaign, own_limit())

    page = as_user(cast.secretary).get(reverse("ballots:campaign_open", args=[campaign.pk])).content.decode()

    assert own_limit().sentence in page


def test_a_campaign_without_questionnaires_is_told_to_begin_there(cast, campaign, as_user):
    actions.remove_questionnaire(campaign.questionnaires.get())

    page = as_user(cast.secretary).get(url("threshold_add", campaign)).content.decode()

    assert "本活动还没有可以判断的评议表" in page
