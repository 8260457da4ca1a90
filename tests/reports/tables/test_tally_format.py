"""The tally file: the example of the format word for word, the same bytes each time, and nothing that is too small."""

import csv
import io
import json

import pytest

from ballots.counting import closing, sealing
from campaigns import actions
from campaigns.models import Campaign, Organization
from reports.tables import tally_format
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_open_poll,
    make_organization,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db


def document(campaign, **options):
    return json.loads(tally_format.to_json(tally_format.build(campaign, **options)))


def sealed(*batches, **overrides):
    """A sealed poll from (channel, category, marks) triples."""
    poll = make_open_poll(**overrides)
    for channel, category, marks in batches:
        enter_ballots(make_batch(poll, channel=channel, category=category, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_a_row_is_that_of_the_format_key_for_key():
    poll = make_sealed_poll({"11": 39, "21": 1, "-x": 1})

    tally = document(poll.campaign)

    assert list(tally) == ["format", "campaign", "rows", "rollup", "findings", "checks"]
    assert list(tally["rows"][0].items()) == [
        ("unit", "某局党委"),
        ("path", ["某局党委"]),
        ("level", "poll"),
        ("target", "某局党委"),
        ("indicator", "兑现公开承诺情况"),
        ("overall", False),
        ("category", None),
        ("channel", None),
        ("issued", 41),
        ("returned", 41),
        ("void", 0),
        ("valid", 41),
        ("counts", {"满意": 39, "基本满意": 1, "不满意": 0}),
        ("unknown", 0),
        ("abstained", 1),
        ("spoiled", 0),
        ("base", 41),
        ("rates", {"满意": "95.1", "基本满意": "2.4", "不满意": "0.0", "弃权": "2.4"}),
        ("satisfaction", "95.1"),
        ("positive", "97.6"),
        ("score", None),
        ("suppressed", False),
    ]
    assert tally["rollup"][0] == {
        "unit": "某局党委",
        "questionnaire": "基层党组织评议表",
        "indicator": "兑现公开承诺情况",
        "polls": 1,
        "units": 1,
        "units_sealed": 1,
        "counts": {"满意": 39, "基本满意": 1, "不满意": 0},
        "unknown": 0,
        "abstained": 1,
        "spoiled": 0,
        "base": 41,
        "satisfaction": "95.1",
    }
    assert tally["checks"] == [
        {"code": "sum-not-100", "unit": "某局党委", "message": "因四舍五入，各项之和可能不等于100%"}
    ]


def test_each_line_is_followed_by_its_categories_and_then_its_channels():
    poll = sealed(("paper", "群众代表", {"11": 10}), ("meeting", "党员", {"11": 20}))

    rows = document(poll.campaign)["rows"]

    assert [(row["indicator"], row["category"], row["channel"], row["valid"]) for row in rows] == [
        (indicator, category, channel, valid)
        for indicator in ("兑现公开承诺情况", "总体评价")
        for category, channel, valid in (
            (None, None, 30),
            ("党员", None, 20),
            ("群众代表", None, 10),
            (None, "meeting", 20),
            (None, "paper", 10),
        )
    ]


def test_a_small_group_and_the_one_that_would_give_it_away_have_no_figures():
    poll = sealed(("meeting", "党员", {"11": 20}), ("meeting", "群众代表", {"33": 4}))

    rows = document(poll.campaign)["rows"]

    split = [row for row in rows if row["category"]]
    assert {row["category"] for row in split} == {"党员", "群众代表"}
    for row in split:
        assert row["suppressed"] is True
        assert list(row) == list(rows[0])
        assert row["counts"] is row["rates"] is row["base"] is row["satisfaction"] is row["abstained"] is None
    assert [row["suppressed"] for row in rows if row["channel"]] == [False, False]


def test_c14_a_poll_that_returned_nothing_has_rows_with_zeros_and_no_rates():
    poll = make_open_poll()
    batch = make_batch(poll, method="entered")
    close_poll(poll, issued={batch.pk: 30})
    sealing.seal(poll, by=None)

    tally = document(poll.campaign)

    row = tally["rows"][0]
    assert (row["issued"], row["returned"], row["counts"]) == (30, 0, {"满意": 0, "基本满意": 0, "不满意": 0})
    assert row["rates"] == {"满意": None, "基本满意": None, "不满意": None, "弃权": None}
    assert row["satisfaction"] is None
    assert tally["findings"] == []
    assert [check["code"] for check in tally["checks"]] == ["nothing-returned"]


def test_an_unsealed_poll_is_named_and_not_counted():
    poll = make_open_poll()
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})

    tally = document(poll.campaign)

    assert tally["rows"] == []
    assert [(check["code"], check["unit"]) for check in tally["checks"]] == [("not-sealed", "某局党委")]
    assert tally["rollup"][0]["units"] == 1
    assert tally["rollup"][0]["units_sealed"] == 0
    assert tally["rollup"][0]["base"] == 0


def test_the_same_rows_give_the_same_bytes():
    campaign = sealed(("paper", "群众代表", {"11": 10}), ("meeting", "党员", {"11": 20})).campaign

    assert tally_format.to_json(tally_format.build(campaign)) == tally_format.to_json(tally_format.build(campaign))


def test_csv_has_a_column_for_each_count_and_rate_and_no_formulas():
    poll = make_sealed_poll({"11": 39, "21": 1, "-1": 1}, organizer=make_organization("=1+1党委"))

    rows = list(csv.DictReader(io.StringIO(tally_format.to_csv(tally_format.build(poll.campaign)))))

    assert rows[0]["unit"] == "'=1+1党委"
    assert (rows[0]["counts.满意"], rows[0]["rates.满意"], rows[0]["rates.弃权"]) == ("39", "95.1", "2.4")
    assert (rows[0]["category"], rows[0]["overall"], rows[0]["suppressed"]) == ("", "false", "false")


def test_a_unit_s_tally_has_the_polls_at_and_below_it():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)

    tally = document(campaign, unit=Organization.objects.get(name="乙支部"))

    assert [check["unit"] for check in tally["checks"]] == ["乙支部"]
    assert tally["rollup"] == []


def test_channels_are_kept_and_categories_hidden_where_both_would_give_away_a_few_people():
    poll = sealed(
        ("meeting", "党员", {"11": 20}), ("meeting", "群众代表", {"33": 4}), ("paper", "群众代表", {"11": 30})
    )

    rows = document(poll.campaign)["rows"]

    assert {row["category"]: row["suppressed"] for row in rows if row["category"]} == {"党员": True, "群众代表": True}
    assert {row["channel"]: row["suppressed"] for row in rows if row["channel"]} == {"meeting": False, "paper": False}


def test_categories_are_kept_where_the_campaign_puts_them_first():
    poll = sealed(
        ("meeting", "党员", {"11": 20}), ("meeting", "群众代表", {"33": 4}), ("paper", "群众代表", {"11": 30})
    )
    Campaign.objects.update(first_split="category")

    rows = document(poll.campaign)["rows"]

    assert {row["category"]: row["suppressed"] for row in rows if row["category"]} == {"党员": False, "群众代表": False}
    assert {row["channel"]: row["suppressed"] for row in rows if row["channel"]} == {"meeting": True, "paper": True}


def test_a_small_category_is_joined_with_the_next_smallest_into_one_row_and_the_channels_stay_apart():
    poll = make_open_poll()
    poll.campaign.categories.create(name="应邀代表", position=9)
    for channel, category, marks in (
        ("meeting", "党员", {"11": 41}),
        ("paper", "群众代表", {"11": 32}),
        ("paper", "应邀代表", {"31": 3}),
    ):
        enter_ballots(make_batch(poll, channel=channel, category=category, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)

    tally = document(poll.campaign)

    rows = [(row["category"], row["channel"], row["valid"], row.get("joined", False)) for row in tally["rows"][:5]]
    assert rows == [
        (None, None, 76, False),
        ("党员", None, 41, False),
        ("群众代表、应邀代表", None, 35, True),
        (None, "meeting", 41, False),
        (None, "paper", 35, False),
    ]
    assert not any(row["suppressed"] for row in tally["rows"])
    reasons = [check["message"] for check in tally["checks"] if check["code"] == "group-suppressed"]
    assert reasons == ["应邀代表有效票少于5张，与群众代表合并列示。"]


def test_channels_are_shown_where_no_small_group_follows_from_the_sums():
    poll = sealed(
        ("meeting", "党员", {"11": 20}), ("meeting", "群众代表", {"33": 6}), ("paper", "群众代表", {"11": 30})
    )

    rows = document(poll.campaign)["rows"]

    assert not any(row["suppressed"] for row in rows)


def test_c8_every_line_has_its_own_rate_and_the_overall_is_no_mean():
    satisfied = (4321, 4269, 4220, 4308, 4330)
    marks = {}
    for place in range(4378):
        ballot = "".join("1" if place < count else "2" for count in satisfied)
        marks[ballot] = marks.get(ballot, 0) + 1
    poll = make_sealed_poll(marks, indicators=("承诺", "中心工作", "办实事", "队伍建设", "总体评价"))

    tally = document(poll.campaign)

    assert [row["satisfaction"] for row in tally["rows"] if not (row["category"] or row["channel"])] == [
        "98.7",
        "97.5",
        "96.4",
        "98.4",
        "98.9",
    ]
    assert tally["rollup"][-1]["satisfaction"] == "98.9"


def test_c13_a_voided_batch_is_named_and_counts_nowhere():
    poll = make_open_poll()
    wrong, right = make_batch(poll, channel="paper", method="entered"), make_batch(poll, method="entered")
    enter_ballots(wrong, {"33": 51})
    enter_ballots(right, {"11": 50})
    closing.void_batch(wrong, by=None, reason="收回的测评票多于发出的测评票")
    close_poll(poll)
    sealing.seal(poll, by=None)

    tally = document(poll.campaign)

    assert tally["rows"][0]["counts"] == {"满意": 50, "基本满意": 0, "不满意": 0}
    assert tally["rows"][0]["issued"] == 50
    assert tally["rollup"][0]["base"] == 50
    assert tally["checks"] == [
        {
            "code": "batch-void",
            "unit": "某局党委",
            "message": "书面评议·党员的票批已作废（收回的测评票多于发出的测评票），不计入结果。",
        }
    ]
