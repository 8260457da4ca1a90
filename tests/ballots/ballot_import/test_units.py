"""Units as a table names them: by name, by path and in other brackets, and only those that take ballots."""

import pytest

from ballots import actions as ballot_actions
from ballots.ballot_import.units import UnitProblem, Units
from ballots.counting import sealing
from ballots.models import Batch
from campaigns import actions
from campaigns.models import Organization
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv, imported, problems
from tests.factories import (
    close_poll,
    make_campaign,
    make_open_poll,
    make_organization,
)

pytestmark = pytest.mark.django_db


# Reading and writing


def test_a_unit_may_be_named_by_its_path(two_units):
    root = two_units.organizer
    other = make_organization("第三党总支", parent=root, kind="general_branch")
    twin = make_organization("第一党支部", parent=other, kind="branch")
    campaign = make_campaign(root, title="另一次评议")
    first = Organization.objects.get(name="第一党支部", parent=root)
    actions.make_polls(campaign, [first, twin])
    ballot_actions.open_campaign(campaign, by=None)
    heading = ["单位", "渠道", "类别", "第一党支部｜兑现公开承诺情况", "第一党支部｜总体评价"]
    row = ["书面", "党员", "满意", "满意"]

    imported(campaign, as_csv(["某局党委/第三党总支／第一党支部", *row], heading=heading))

    assert Batch.objects.get().poll.organization == twin
    assert problems(campaign, as_csv(["第一党支部", *row], heading=heading)) == [
        "第2行A列“第一党支部”：同名的单位有2个；请写路径，可写“某局党委/第一党支部”、“某局党委/第三党总支/第一党支部”。"
    ]


# All or nothing


@pytest.mark.parametrize(("state", "told"), [("closed", "已截止"), ("sealed", "已封存")])
def test_rows_for_a_poll_that_takes_no_ballots_are_refused(poll, campaign, state, told):
    close_poll(poll)
    if state == "sealed":
        sealing.seal(poll, by=None)

    assert problems(campaign, as_csv(ROW)) == [f"第2行A列“某局党委”：这个评议点现为“{told}”，只有“评议中”的才能导入。"]


def test_rows_for_a_rehearsal_are_refused():
    organizer = make_organization()
    campaign = make_campaign(organizer)
    actions.make_polls(campaign, [organizer])
    ballot_actions.start_rehearsal(campaign.polls.get())

    assert problems(campaign, as_csv(ROW)) == ["第2行A列“某局党委”：这个评议点现为“演练中”，只有“评议中”的才能导入。"]


# Tables as offices make them


def test_a_category_spaced_out_and_a_unit_in_other_brackets_are_found():
    poll = make_open_poll(make_organization("第三党支部(机关)", kind="branch"))
    heading = [text.replace("某局党委", "第三党支部(机关)") for text in HEADING]

    imported(poll.campaign, as_csv(["第三党支部（机关）", "书面", "党 员", "满意", "满意", ""], heading=heading))

    assert poll.batches.get().category.name == "党员"


def test_a_poll_is_labelled_by_its_name_and_where_there_are_twins_by_its_path(two_units):
    root = two_units.organizer
    other = make_organization("第三党总支", parent=root, kind="general_branch")
    twin = make_organization("第一党支部", parent=other, kind="branch")
    campaign = make_campaign(root, title="另一次评议")
    actions.make_polls(campaign, [*root.children.filter(kind="branch"), twin])
    ballot_actions.open_campaign(campaign, by=None)
    units = Units(campaign)

    labels = [units.label(units.find(name)) for name in ("第二党支部", "第三党总支/第一党支部")]

    assert labels == ["第二党支部", "某局党委/第三党总支/第一党支部"]


def test_a_campaign_without_polls_names_no_unit():
    with pytest.raises(UnitProblem, match="——本活动还没有评议点"):
        Units(make_campaign(make_organization())).find("某局党委")


def test_slashes_and_spaces_around_a_path_do_not_matter(two_units):
    assert Units(two_units).find(" ／ 某局党委 / 第二党支部／").name == "第二党支部"
