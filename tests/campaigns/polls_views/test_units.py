"""Units of a campaign are chosen, and their rosters followed."""

import pytest

from campaigns import actions
from campaigns.models import Organization, Poll
from tests.factories import (
    make_campaign,
    make_member,
    make_organization,
)

from .asking import url

pytestmark = pytest.mark.django_db


def chosen(campaign) -> list[str]:
    return list(campaign.polls.values_list("organization__name", flat=True))


def test_units_are_ticked_and_unticked(cast, campaign, units, as_user):
    client = as_user(cast.secretary)
    first, second, _ = units

    response = client.post(url("poll_list", campaign.pk), {"units": [first.pk, second.pk]}, follow=True)

    assert chosen(campaign) == ["第一党支部", "第二党支部"]
    assert "新增2个，移除1个" in response.content.decode()
    client.post(url("poll_list", campaign.pk), {})
    assert chosen(campaign) == []


def test_choosing_units_again_keeps_the_facts_of_a_unit_that_stays(cast, campaign, poll, units, as_user):
    Poll.objects.update(place="会议室")
    poll.targets.update(name="改过的名称")

    as_user(cast.secretary).post(url("poll_list", campaign.pk), {"units": [cast.organization.pk, units[0].pk]})

    kept = campaign.polls.get(organization=cast.organization)
    assert (kept.pk, kept.place, kept.targets.get().name) == (poll.pk, "会议室", "改过的名称")


@pytest.mark.parametrize(
    ("tick", "names"),
    [
        ("all", ["某局党委", "第一党支部", "第二党支部"]),
        ("none", []),
        ("branch", ["某局党委", "第一党支部", "第二党支部"]),
        ("committee", ["某局党委"]),
    ],
)
def test_buttons_tick_without_saving(tick, names, cast, campaign, units, as_user):
    before = chosen(campaign)

    response = as_user(cast.secretary).post(
        url("poll_list", campaign.pk), {"units": [cast.organization.pk], "tick": tick}
    )

    assert [row.unit.name for branch in response.context["branches"] for row in branch.rows if row.is_ticked] == names
    assert chosen(campaign) == before


@pytest.mark.parametrize("which", ["elsewhere", "inactive", "nonsense"])
def test_units_that_cannot_take_part_are_refused(which, cast, campaign, units, as_user):
    keys = {"elsewhere": cast.outsider.roles.get().organization_id, "inactive": units[2].pk, "nonsense": "x"}

    response = as_user(cast.secretary).post(url("poll_list", campaign.pk), {"units": [keys[which], units[0].pk]})

    assert response.status_code == 200
    assert chosen(campaign) == ["某局党委"]


def test_a_unit_closed_down_later_stays_on_the_list_to_be_unticked(cast, campaign, units, as_user):
    actions.make_polls(campaign, units[:1])
    Organization.objects.filter(pk=units[0].pk).update(is_active=False)

    page = as_user(cast.secretary).get(url("poll_list", campaign.pk)).content.decode()

    assert "第一党支部" in page and "撤销支部" not in page


def test_412_units_in_one_submission(cast, as_user):
    units = [make_organization(f"第{n}单位", parent=cast.organization, kind="branch") for n in range(412)]
    campaign = make_campaign(cast.organization)
    client = as_user(cast.secretary)

    client.post(url("poll_list", campaign.pk), {"units": [unit.pk for unit in units]})

    assert campaign.polls.count() == 412
    page = client.get(url("poll_list", campaign.pk)).content.decode()
    assert page.count(" checked>") == 412


def test_a_large_tree_is_folded_by_branch_and_a_branch_is_ticked_at_once(cast, as_user):
    parent = make_organization("机械厂党委", parent=cast.organization)
    below = [make_organization(f"机械厂第{n}支部", parent=parent, kind="branch") for n in range(60)]
    campaign = make_campaign(cast.organization)
    client = as_user(cast.secretary)

    page = client.get(url("poll_list", campaign.pk)).content.decode()
    ticked = client.post(url("poll_list", campaign.pk), {"tick": parent.path})

    assert "加选机械厂党委的全部单位" in page and "已选0个，共61个" in page
    branch = ticked.context["branches"][1]
    assert {row.unit for row in branch.rows if row.is_ticked} == {parent, *below}
    assert ticked.context["ticked_count"] == 61


def test_chosen_units_are_listed_a_page_at_a_time_found_and_sorted(cast, as_user):
    units = [make_organization(f"第{n:02}支部", parent=cast.organization, kind="branch") for n in range(60)]
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, units)
    client, address = as_user(cast.secretary), url("poll_list", campaign.pk)

    def listed(**asked):
        return [poll.organization.name for poll in client.get(address, asked).context["listing"]]

    assert listed(page="2") == [f"第{n}支部" for n in range(50, 60)]
    assert listed(name="第3 支部") == [f"第{n}支部" for n in range(30, 40)]
    assert listed(sort="-name")[0] == "第59支部"


def test_questionnaires_that_a_ballot_lacks_are_pointed_out(cast, campaign, units, as_user):
    make_member(units[0], "张三", post="secretary")
    actions.make_polls(campaign, units[:2])
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "secretary-three")

    page = as_user(cast.secretary).get(url("poll_list", campaign.pk)).content.decode()

    assert "“基层党组织书记群众评议表”：2个评议点的票上没有，如某局党委、第二党支部。" in page


def test_the_roster_is_followed_on_demand(cast, campaign, poll, as_user):
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "member-three")
    make_member(cast.organization, "新党员")

    response = as_user(cast.secretary).post(url("targets_refresh", campaign.pk))

    assert response.url == url("poll_list", campaign.pk)
    assert list(poll.targets.values_list("name", flat=True)) == ["某局党委", "新党员"]


def test_units_take_constant_queries(cast, campaign, units, as_user, count_queries):
    client = as_user(cast.secretary)
    address = url("poll_list", campaign.pk)
    before = count_queries(client, address)
    actions.make_polls(campaign, units[:2])
    make_organization("第三党支部", parent=units[0], kind="branch")

    assert count_queries(client, address) == before
