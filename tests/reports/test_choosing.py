"""Campaigns and units by name on the command line: a doubt is refused with the way out."""

import pytest

from reports.choosing import NotFound, campaign_called, unit_called
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db


def test_a_title_that_two_organizers_have_is_told_apart_by_either_name():
    first, second = make_campaign(make_organization("甲局")), make_campaign(make_organization("乙局"))

    with pytest.raises(NotFound, match="有2个，请写明组织单位：“甲局/2026年度群众评议”、“乙局/2026年度群众评议”"):
        campaign_called("2026年度群众评议")

    assert campaign_called("乙局/2026年度群众评议") == second
    assert campaign_called("2026年度群众评议", unit="甲局") == first


def test_a_title_that_is_not_there_is_refused():
    with pytest.raises(NotFound, match="没有名为“2030年度”的评议活动"):
        campaign_called("2030年度")


def test_a_unit_is_looked_for_at_and_below_the_organizer_alone():
    root = make_organization("甲局")
    branches = [make_organization("机关支部", parent=make_organization(name, parent=root)) for name in ("一处", "二处")]
    make_organization("外单位支部")
    campaign = make_campaign(root)

    with pytest.raises(NotFound, match="有2个，请写明上级：“一处/机关支部”、“二处/机关支部”"):
        unit_called(campaign, "机关支部")
    with pytest.raises(NotFound, match="“甲局”及其下级中没有名为“外单位支部”的单位"):
        unit_called(campaign, "外单位支部")

    assert unit_called(campaign, "二处/机关支部") == branches[1]
