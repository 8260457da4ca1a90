"""Home, list, creation and overview of campaigns; their facts, rules and categories."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from ballots.actions import open_campaign, start_rehearsal
from campaigns import actions, library
from campaigns.forms.campaigns import CampaignForm, ClarityForm
from campaigns.models import Campaign
from tests.factories import make_campaign, make_comment, make_organization, make_sealed_poll, make_user

pytestmark = pytest.mark.django_db


def url(name, *keys):
    return reverse(f"campaigns:{name}", args=keys)


CAMPAIGN_PAGES = ["campaign_edit", "campaign_clarities", "campaign_rules", "threshold_list", "category_list"]
FACTS = {
    "campaign_edit": {
        "title": "2026年度党支部评议",
        "period": "2026年12月",
        "basis": "某发〔2026〕2号",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-02",
        "is_stopped_on_time": "False",  # as the box is when it is not ticked
    },
    "campaign_clarities": {
        "participant_scope": "甲\r\n乙",
        "procedure": "丙",
        "method": "丁",
        "content": "戊",
        "use_of_results": "己",
    },
    "campaign_rules": {
        "channels": ["paper", "online"],
        "base": "returned",
        "blank": "invalid",
        "decimals": "2",
        "sum_to_100": "last",
        "min_group": "0",
        "min_poll": "4",
        "first_split": "category",
        "judgement": "majority",
        "excellent_limit": "attended",
        "is_self_excluded": "on",
        "unknown": "inside",
    },
    "threshold_list": {"thresholds": ["org-dissatisfied-third"], "judged": "each"},
    "category_list": {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-name": "干部",
        "form-0-ORDER": "2",
        "form-1-name": "群众",
        "form-1-ORDER": "1",
    },
}


def state_of(campaign):
    """Everything that the configuration pages could change."""
    return (
        Campaign.objects.filter(pk=campaign.pk).values().get(),
        list(campaign.categories.values_list("name", "weight")),
    )


# Creation


def new_campaign(cast, **overrides):
    return {
        "appraisal": "branch-secretary-members",
        "organizer": cast.organization.pk,
        "title": "2026年度党支部群众评议",
        "period": "2026年度",
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-30",
        **overrides,
    }


def test_a_campaign_is_made_from_a_ready_made_appraisal(cast, as_user):
    response = as_user(cast.secretary).post(url("campaign_add"), new_campaign(cast))

    campaign = Campaign.objects.get()
    assert response.url == url("campaign_detail", campaign.pk)
    assert (campaign.title, campaign.organizer, campaign.created_by) == (
        "2026年度党支部群众评议",
        cast.organization,
        cast.secretary,
    )
    assert campaign.ends_on == datetime.date(2026, 11, 30)
    assert campaign.questionnaires.count() == 3 and campaign.categories.count() == 6


def test_the_picker_shows_every_appraisal_with_its_indicators(cast, as_user):
    page = as_user(cast.secretary).get(url("campaign_add")).content.decode()

    for appraisal in library.appraisals().values():
        assert appraisal.title in page and appraisal.description in page
        for key in appraisal.questionnaires:
            assert all(indicator.text in page for indicator in library.questionnaires()[key].indicators)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"starts_on": "2026-11-30", "ends_on": "2026-11-01"}, "结束日期不能早于开始日期。"),
        ({"title": "Survey 2026"}, "请用中文写明"),
        ({"title": "评议\x07活动"}, "控制字符"),
        ({"title": "  "}, "这个字段是必填项"),
        ({"title": "评" * 101}, "100"),
        ({"appraisal": "horoscope"}, "不在可用的选项中"),
        ({"appraisal": ""}, "这个字段是必填项"),
        ({"starts_on": "2026-02-30"}, "有效的日期"),
    ],
)
def test_a_bad_campaign_is_refused_in_chinese_and_nothing_is_written(overrides, message, cast, as_user):
    response = as_user(cast.secretary).post(url("campaign_add"), new_campaign(cast, **overrides))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Campaign.objects.exists()


def test_a_second_campaign_of_the_same_title_is_refused(cast, campaign, as_user):
    response = as_user(cast.secretary).post(url("campaign_add"), new_campaign(cast, title=campaign.title))

    assert "该单位已有同名的评议活动。" in response.content.decode()
    assert Campaign.objects.count() == 1


def test_nobody_makes_a_campaign_for_another_unit(cast, as_user):
    elsewhere = make_organization("另一党委")

    response = as_user(cast.secretary).post(url("campaign_add"), new_campaign(cast, organizer=elsewhere.pk))

    assert response.status_code == 200 and not Campaign.objects.exists()


@pytest.mark.parametrize("role", ["teller", "officer", "administrator"])
def test_only_secretaries_create(role, cast, as_user):
    assert as_user(getattr(cast, role)).post(url("campaign_add"), new_campaign(cast)).status_code == 403
    assert not Campaign.objects.exists()


# Overview


def test_the_overview_lists_what_is_missing_with_links_and_offers_no_opening(cast, campaign, as_user):
    Campaign.objects.update(starts_on=None, procedure="")

    page = as_user(cast.secretary).get(url("campaign_detail", campaign.pk)).content.decode()

    assert "评议的起止日期未填。" in page and "五明确：评议程序未填。" in page
    assert f'href="{url("campaign_edit", campaign.pk)}">去填写' in page
    assert reverse("ballots:campaign_open", args=[campaign.pk]) not in page


def test_a_complete_campaign_offers_opening(cast, campaign, as_user):
    page = as_user(cast.secretary).get(url("campaign_detail", campaign.pk)).content.decode()

    assert "还缺什么" not in page
    assert reverse("ballots:campaign_open", args=[campaign.pk]) in page


def test_an_officer_sees_the_overview_without_steps(cast, campaign, as_user):
    page = as_user(cast.officer).get(url("campaign_detail", campaign.pk)).content.decode()

    assert "组织单位正在筹备" in page and "筹备步骤" not in page and "删除这个活动" not in page


def test_a_branch_sees_its_own_poll_alone(cast, client):
    branch = make_organization("第一党支部", parent=cast.organization, kind="branch")
    other = make_organization("第二党支部", parent=cast.organization, kind="branch")
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, [branch, other])
    cast.outsider.roles.create(organization=branch, kind="secretary")
    client.force_login(cast.outsider)

    page = client.get(url("campaign_detail", campaign.pk)).content.decode()

    assert "第一党支部" in page and "第二党支部" not in page


def test_polls_are_found_by_name_and_state_page_by_page(cast, as_user):
    units = [make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in range(1, 56)]
    campaign = make_campaign(cast.organization)
    polls = actions.make_polls(campaign, units)
    start_rehearsal(polls[6])
    client = as_user(cast.secretary)
    address = url("campaign_detail", campaign.pk)

    assert len(client.get(address).context["page"]) == 50
    assert len(client.get(address, {"page": 2}).context["page"]) == 5
    assert [poll.organization for poll in client.get(address, {"name": "第54"}).context["page"]] == [units[53]]
    assert [poll.organization for poll in client.get(address, {"state": "rehearsing"}).context["page"]] == [units[6]]
    next_page = re.search(r'href="([?][^"]*page=2[^"]*)"', client.get(address, {"name": "党支"}).content.decode())
    assert len(client.get(address + html.unescape(next_page[1])).context["page"]) == 5


def test_sealed_polls_link_to_their_results(cast, as_user):
    poll = make_sealed_poll(organizer=cast.organization)

    page = as_user(cast.secretary).get(url("campaign_detail", poll.campaign_id)).content.decode()

    assert "已封存" in page and "集中截止" not in page and "集中封存" not in page


# Facts, 五明确, rules, categories


@pytest.mark.parametrize("name", CAMPAIGN_PAGES)
def test_a_page_saves_what_was_entered_and_nothing_else(name, cast, campaign, as_user):
    before, _ = state_of(campaign)

    response = as_user(cast.secretary).post(url(name, campaign.pk), FACTS[name])

    assert response.url == url("campaign_detail", campaign.pk)
    after, categories = state_of(campaign)
    changed = {field for field in after if after[field] != before[field]}
    if name == "category_list":
        assert (changed, categories) == (set(), [("群众", None), ("干部", None)])
    else:
        assert changed == set(FACTS[name])
        assert after.get("participant_scope") in ("甲\n乙", before["participant_scope"])


@pytest.mark.parametrize("name", [*CAMPAIGN_PAGES, "campaign_delete"])
def test_an_opened_campaign_refuses_the_post_and_says_why(name, cast, campaign, as_user):
    open_campaign(campaign, by=cast.secretary)
    before = state_of(campaign)

    response = as_user(cast.secretary).post(url(name, campaign.pk), FACTS.get(name, {}), follow=True)

    assert response.redirect_chain == [(url("campaign_detail", campaign.pk), 302)]
    assert "评议活动已经开启，票面和规则都已冻结，不能再改。" in response.content.decode()
    assert state_of(campaign) == before


@pytest.mark.parametrize("name", CAMPAIGN_PAGES)
def test_even_a_form_with_mistakes_is_answered_by_saying_that_all_is_frozen(name, cast, campaign, as_user):
    open_campaign(campaign, by=cast.secretary)

    response = as_user(cast.secretary).post(url(name, campaign.pk), {})

    assert response.url == url("campaign_detail", campaign.pk)


def test_two_people_on_two_pages_do_not_undo_each_other(campaign):
    form = CampaignForm(FACTS["campaign_edit"], instance=Campaign.objects.get(pk=campaign.pk))
    other = ClarityForm(FACTS["campaign_clarities"], instance=Campaign.objects.get(pk=campaign.pk))

    assert form.is_valid() and other.is_valid()
    form.save()
    other.save()

    campaign.refresh_from_db()
    assert (campaign.title, campaign.procedure) == ("2026年度党支部评议", "丙")


@pytest.mark.parametrize("name", CAMPAIGN_PAGES)
def test_an_opened_campaign_shows_its_configuration_as_text(name, cast, campaign, as_user):
    open_campaign(campaign, by=cast.secretary)

    page = as_user(cast.secretary).get(url(name, campaign.pk)).content.decode()

    body = page.split('<main id="main"')[1]
    assert "以下只供查看" in body and "<form" not in body and "<input" not in body
    expected = {
        "campaign_edit": str(campaign.starts_on),
        "campaign_clarities": "集中评议。",
        "category_list": "群众代表",
    }
    expected["threshold_list"] = "没有设阈值。"
    assert expected.get(name, "集中评议、书面评议") in body


@pytest.mark.parametrize("name", [*CAMPAIGN_PAGES, "campaign_delete"])
def test_a_rehearsal_must_end_before_anything_changes(name, cast, campaign, as_user):
    start_rehearsal(campaign.polls.get())
    before = state_of(campaign)

    response = as_user(cast.secretary).post(url(name, campaign.pk), FACTS.get(name, {}), follow=True)

    assert "请先结束演练" in response.content.decode()
    assert state_of(campaign) == before


@pytest.mark.parametrize("name", CAMPAIGN_PAGES)
def test_others_may_not_configure_and_outsiders_find_nothing(name, cast, campaign, as_user):
    before = state_of(campaign)
    statuses = [
        as_user(user).post(url(name, campaign.pk), FACTS[name]).status_code
        for user in (cast.teller, cast.officer, cast.administrator, cast.outsider)
    ]

    assert statuses == [403, 403, 403, 404]
    assert state_of(campaign) == before


def test_dates_upside_down_are_refused_beside_the_field(cast, campaign, as_user):
    posted = FACTS["campaign_edit"] | {"ends_on": "2026-11-30"}

    response = as_user(cast.secretary).post(url("campaign_edit", campaign.pk), posted)

    assert response.context["form"].errors == {"ends_on": ["结束日期不能早于开始日期。"]}


def test_the_title_of_another_campaign_is_refused(cast, campaign, as_user):
    make_campaign(cast.organization, title="上半年评议")
    posted = FACTS["campaign_edit"] | {"title": "上半年评议"}

    response = as_user(cast.secretary).post(url("campaign_edit", campaign.pk), posted)

    assert "该单位已有同名的评议活动。" in response.content.decode()


@pytest.mark.parametrize(
    ("overrides", "is_open"),
    [({"channels": []}, False), ({"decimals": "3"}, True)],
    ids=["an error among the first", "an error behind the heading"],
)
def test_seldom_changed_rules_are_folded_unless_something_is_wrong_there(overrides, is_open, cast, campaign, as_user):
    page = url("campaign_rules", campaign.pk)
    before = as_user(cast.secretary).get(page).content.decode()

    after = as_user(cast.secretary).post(page, FACTS["campaign_rules"] | overrides).content.decode()

    assert '<details class="panel panel-quiet">' in before
    assert ('<details class="panel panel-quiet" open>' in after) is is_open


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"channels": []}, "请至少选定一种评议渠道。"),
        ({"decimals": "3"}, "小于或等于2"),
        ({"min_group": "101"}, "小于或等于100"),
        ({"min_poll": "11"}, "小于或等于10"),
        ({"base": "everything"}, "everything"),
        ({"judgement": "by-lot"}, "by-lot"),
        ({"excellent_limit": "half"}, "half"),
    ],
)
def test_bad_rules_are_refused(overrides, message, cast, campaign, as_user):
    before = state_of(campaign)

    response = as_user(cast.secretary).post(url("campaign_rules", campaign.pk), FACTS["campaign_rules"] | overrides)

    assert message in response.content.decode()
    assert state_of(campaign) == before


def rows(*categories, **overrides):
    posted = {"form-TOTAL_FORMS": str(len(categories)), "form-INITIAL_FORMS": "0", **overrides}
    for place, (name, weight) in enumerate(categories):
        posted |= {f"form-{place}-name": name, f"form-{place}-weight": weight, f"form-{place}-ORDER": str(place + 1)}
    return posted


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (rows(("甲", "50"), ("乙", "40.5")), "各类别权重之和为90.5%，应为100%。"),
        (rows(("甲", "100"), ("乙", "")), "权重应全部填写或全部不填。"),
        (rows(("甲", "0"), ("乙", "100")), "权重应大于0且不超过100。"),
        (rows(("甲", "-1"), ("乙", "101")), "权重应大于0且不超过100。"),
        (rows(("甲", ""), (" 甲", "")), "类别“甲”填了两次。"),
        (rows(("甲", "半")), "输入一个数字"),
        ({"form-TOTAL_FORMS": "x", "form-INITIAL_FORMS": "0"}, "没有完整送到"),
        ({"form-TOTAL_FORMS": "900", "form-INITIAL_FORMS": "0"}, "最多100行。"),
    ],
)
def test_bad_categories_are_refused_and_the_old_ones_stay(posted, message, cast, campaign, as_user):
    before = state_of(campaign)

    response = as_user(cast.secretary).post(url("category_list", campaign.pk), posted)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert state_of(campaign) == before


def test_weights_that_add_up_are_saved_and_empty_rows_are_dropped(cast, campaign, as_user):
    posted = rows(("甲", "33.3"), ("", ""), ("乙", "66.7"))

    as_user(cast.secretary).post(url("category_list", campaign.pk), posted)

    assert [(category.name, str(category.weight)) for category in campaign.categories.all()] == [
        ("甲", "33.30"),
        ("乙", "66.70"),
    ]


def test_more_rows_keep_what_was_typed_and_write_nothing(cast, campaign, as_user):
    before = state_of(campaign)

    response = as_user(cast.secretary).post(url("category_list", campaign.pk), rows(("甲", "50"), more="1"))

    assert len(response.context["formset"].forms) == 6
    assert 'value="甲"' in response.content.decode()
    assert state_of(campaign) == before


def test_an_unopened_campaign_is_deleted(cast, campaign, as_user):
    response = as_user(cast.secretary).post(url("campaign_delete", campaign.pk))

    assert response.url == url("campaign_list")
    assert not Campaign.objects.exists()


def test_a_campaign_with_comments_is_not_deleted(cast, campaign, as_user):
    make_comment(campaign, cast.organization)

    response = as_user(cast.secretary).post(url("campaign_delete", campaign.pk), follow=True)

    assert "名下已经登记了领导点评，不能去掉，也不能删除。" in response.content.decode()
    assert Campaign.objects.get().polls.get().targets.exists()


def test_looking_says_what_would_go_and_does_not_delete(cast, campaign, as_user):
    page = as_user(cast.secretary).get(url("campaign_delete", campaign.pk)).content.decode()

    assert "<li>评议表：" in page
    assert "<li>评议点：" in page
    assert "确认删除" in page
    assert Campaign.objects.exists()


# Queries


@pytest.mark.parametrize("role", ["secretary", "teller", "officer", "administrator"])
@pytest.mark.parametrize("name", ["campaign_list", "campaign_detail"])
def test_pages_take_as_many_queries_for_three_rows_as_for_one(name, role, cast, as_user, count_queries):
    units = [make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in range(3)]

    def make(number, polls):
        made = make_campaign(cast.organization, title=f"第{number}次评议")
        actions.make_polls(made, polls)
        open_campaign(made, by=None)
        return made

    first = make(1, units[:1])
    keys = [first.pk] if name == "campaign_detail" else []
    client = as_user(getattr(cast, role))
    before = count_queries(client, url(name, *keys))
    third = [make(number, units) for number in (2, 3)][-1]
    after = count_queries(client, url(name, *([third.pk] if keys else [])))

    assert after == before


def test_the_list_of_polls_in_preparation_takes_constant_queries(cast, as_user, count_queries):
    units = [make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in range(3)]
    campaign = make_campaign(cast.organization, starts_on=None)
    client = as_user(cast.secretary)
    counts = []
    for chosen in (units[:1], units):
        actions.make_polls(campaign, chosen)
        counts.append(count_queries(client, url("campaign_detail", campaign.pk)))

    assert counts[0] == counts[1]


def test_the_leading_group_is_shown_to_all_who_see_the_campaign_once_it_is_recorded(cast, campaign, as_user):
    page = url("campaign_detail", campaign.pk)
    before = as_user(cast.officer).get(page).content.decode()
    group = {"group_head": "王某（党委书记）", "group_members": "钱某、孙某"}

    as_user(cast.secretary).post(url("campaign_clarities", campaign.pk), FACTS["campaign_clarities"] | group)

    after = as_user(cast.officer).get(page).content.decode()
    campaign.refresh_from_db()
    assert campaign.leading_group == [("组长", "王某（党委书记）"), ("成员", "钱某、孙某")]
    assert "评议工作领导小组" not in before
    assert "评议工作领导小组" in after and "钱某、孙某" in after and "<dt>副组长</dt>" not in after


def test_a_sealed_campaign_says_neither_what_to_do_after_its_days_nor_how_to_take_it_back(client):
    poll = make_sealed_poll(starts_on="2020-01-01", ends_on="2020-01-31")
    secretary = make_user("of the organizer", kind="secretary", organization=poll.organization)
    client.force_login(secretary)

    pages = [
        client.get(reverse(name, args=[key])).content.decode()
        for name, key in (("campaigns:campaign_detail", poll.campaign_id), ("ballots:poll_detail", poll.pk))
    ]

    assert all("录完请截止" not in page and "退回筹备" not in page for page in pages)
    assert "2020年1月31日" in pages[0]
