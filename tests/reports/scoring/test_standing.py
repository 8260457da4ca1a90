"""How far each unit's scoring has come, in words."""

import pytest

from reports.scoring.standing import units_standing
from tests.reports.scoring.rated import FULL, finish, key_scores, make_scored_campaign, poll_named, seal_poll

pytestmark = pytest.mark.django_db


def test_a_unit_goes_from_nothing_to_the_seal_and_its_sheets_are_not_counted(django_assert_num_queries):
    names = ("甲社区党委", "乙社区党委", "丙社区党委", "丁社区党委")
    campaign = make_scored_campaign(names=names)
    for name in names[1:]:
        key_scores(poll_named(campaign, name), "群众代表", *[FULL] * 5)
    for name in names[2:]:
        finish(poll_named(campaign, name), answer="spread")
    seal_poll(poll_named(campaign, names[3]))

    with django_assert_num_queries(3):
        units = units_standing(campaign, campaign.polls.select_related("organization").order_by("pk"))

    assert [(unit.poll.unit_name, unit.label) for unit in units] == [
        ("甲社区党委", "未录入"),
        ("乙社区党委", "录入中"),
        ("丙社区党委", "录入完毕，等评议点封存"),
        ("丁社区党委", "录入完毕"),
    ]
