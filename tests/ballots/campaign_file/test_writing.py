"""The rows that a campaign file creates, sealed or open, and that a refused one leaves nothing."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum

from ballots.campaign_file import InvalidFile, checking, load_campaign_file, parse
from ballots.campaign_file.writing import write_document
from ballots.counting import boxes, recounting
from ballots.models import Ballot, Batch, Opinion, TallyRow
from campaigns.models import Campaign, Commitment, Member, Organization, Poll, Target
from tests.ballots.campaign_file.documents import CAMPAIGN, changed, write_file

# --- what is created -------------------------------------------------------------------------------------------------


def test_a_file_creates_all_that_it_holds(db, campaign_file):
    load_campaign_file(campaign_file)

    committee, branch = Organization.objects.all()
    assert (committee.name, committee.kind, committee.parent) == ("某局党委", "committee", None)
    assert (branch.name, branch.kind, branch.parent) == ("第一党支部", "branch", committee)
    assert list(Member.objects.values_list("organization", "name", "status", "post")) == [
        (branch.pk, "张三", "full", "secretary"),
        (branch.pk, "龚䶮", "probationary", "member"),
    ]
    assert set(Commitment.objects.values_list("content", "member__name", "due_on", "status")) == {
        ("全年无事故", "张三", date(2026, 12, 31), "fulfilled"),
        ("修好门前路", None, None, "ongoing"),
    }
    campaign = Campaign.objects.get()
    assert (campaign.title, campaign.organizer, campaign.period) == ("2026年度群众评议", committee, "2026")
    assert campaign.thresholds == ["org-dissatisfied-third", "cadre-fair-or-worse-half"]
    assert campaign.channels == ["meeting", "paper"]
    assert list(campaign.categories.values_list("name", "weight")) == [("党员", None), ("群众代表", None)]
    poll = campaign.polls.get()
    assert (poll.organization, poll.entitled_count, poll.attended_count) == (branch, 45, 41)
    assert [
        (target.kind, target.organization, target.member and target.member.name) for target in poll.targets.all()
    ] == [
        ("organization", branch, None),
        ("secretary", None, "张三"),
    ]


def test_a_loaded_campaign_is_whole_and_open(db, campaign_file):
    load_campaign_file(campaign_file)

    campaign = Campaign.objects.get()
    assert campaign.state == Campaign.State.OPEN
    assert (campaign.starts_on, campaign.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert campaign.participant_scope == "党员、群众代表。"
    assert "联系群众" in campaign.content and "书面评议" in campaign.method
    assert campaign.procedure and campaign.use_of_results


def test_without_seal_the_poll_takes_ballots_and_keeps_what_was_counted(db, campaign_file):
    load_campaign_file(campaign_file)

    assert Poll.objects.get().state == Poll.State.OPEN
    assert list(Batch.objects.values_list("state", "issued_count", "returned_count", "void_count")) == [
        ("open", 41, 41, 1),
        ("open", 5, 0, 0),
    ]


def test_marks_are_stored_in_the_order_of_the_targets_with_blank_and_spoiled(db, campaign_file):
    load_campaign_file(campaign_file)

    marks = sorted(Ballot.objects.values_list("marks", flat=True))
    assert marks == ["-x3"] + ["111"] * 38 + ["215"]
    assert [section["grades"][-1]["label"] for section in Poll.objects.get().form["sections"]] == ["不满意", "不了解"]


def test_seal_closes_seals_and_tallies(db, campaign_file):
    load_campaign_file(campaign_file, seal=True)

    poll = Poll.objects.get()
    assert (poll.state, Ballot.objects.count(), recounting.recount(poll)) == (Poll.State.SEALED, 0, [])
    counted = {
        row.indicator.text: tuple(getattr(row, name) for name in boxes.COUNT_FIELDS)
        for row in TallyRow.objects.filter(channel="meeting")
    }
    assert counted == {
        "兑现公开承诺情况": (40, 38, 1, 0, 0, 0, 0, 0, 0, 1, 0),
        "总体评价": (40, 39, 0, 0, 0, 0, 0, 0, 0, 0, 1),
        "联系群众": (40, 38, 0, 1, 0, 0, 0, 0, 1, 0, 0),
    }
    assert list(Opinion.objects.values_list("target__name", "text")) == [("第一党支部", "会议短一点。")]


def test_scenario_c2_on_site_and_in_writing_add_up(db, tmp_path):
    name = "分析检查报告（评议稿）"
    document = deepcopy(CAMPAIGN)
    document["questionnaires"] = [
        {
            "key": "report",
            "title": "评议表",
            "target_kind": "document",
            "scale": "satisfaction-3",
            "indicators": ["总体评价"],
        }
    ]
    document["polls"] = [
        {
            "organization": "某局党委",
            "entitled": 78,
            "attended": 78,
            "targets": [{"kind": "document", "name": name, "questionnaire": "report"}],
            "batches": [
                {
                    "channel": channel,
                    "category": "党员",
                    "issued": issued,
                    "returned": returned,
                    "void": 0,
                    "ballots": [{"count": count, "marks": {name: [label]}} for label, count in counts.items()],
                }
                for channel, issued, returned, counts in (
                    ("meeting", 41, 41, {"满意": 39, "基本满意": 1, "": 1}),
                    ("paper", 37, 35, {"满意": 33, "基本满意": 2}),
                )
            ],
        }
    ]

    load_campaign_file(write_file(tmp_path, document), seal=True)

    sums = ("issued_count", "returned_count")
    assert Batch.objects.aggregate(**{column: Sum(column) for column in sums}) == {
        "issued_count": 78,
        "returned_count": 76,
    }
    sums = ("valid_count", "grade_1_count", "grade_2_count", "grade_3_count", "abstained_count")
    assert list(TallyRow.objects.aggregate(**{column: Sum(column) for column in sums}).values()) == [76, 72, 3, 0, 1]


def test_all_members_together_are_one_target_of_the_organization(db, tmp_path):
    document = changed("questionnaires", 1, target_kind="member")
    document["polls"][0]["targets"][1] = {"kind": "member", "name": "全体党员", "questionnaire": "sec"}
    for ballot in document["polls"][0]["batches"][0]["ballots"]:
        ballot["marks"]["全体党员"] = ballot["marks"].pop("张三")

    load_campaign_file(write_file(tmp_path, document))

    target = Target.objects.get(name="全体党员")
    assert (target.kind, target.organization.name, target.member) == ("member", "第一党支部", None)
    assert target.questionnaire.target_rule == "members_together"


def test_an_open_question_needs_no_marks(db, tmp_path):
    document = deepcopy(CAMPAIGN)
    document["questionnaires"].append(
        {"key": "deed", "title": "最满意的实事", "target_kind": "open", "scale": "satisfaction-3", "indicators": []}
    )
    document["polls"][0]["targets"].append({"kind": "open", "name": "最满意的实事", "questionnaire": "deed"})

    load_campaign_file(write_file(tmp_path, document), seal=True)

    assert Poll.objects.get().targets.count() == 3


def test_opinions_are_written_once_each_whatever_the_count(db, tmp_path):
    document = changed(
        "polls", 0, "batches", 0, "ballots", 0, opinions=[{"target": "张三", "text": " 多下基层。\n谢谢 "}]
    )

    load_campaign_file(write_file(tmp_path, document))

    assert list(Opinion.objects.filter(target__name="张三").values_list("text", flat=True)) == ["多下基层。\n谢谢"]


def test_weights_rules_and_optional_keys_are_taken_as_given(db, tmp_path):
    document = changed(
        "campaign",
        basis=...,
        thresholds=...,
        rules={"decimals": 2, "min_group": 0, "judged": "each", "unknown": "inside"},
        categories=[{"name": "党员", "weight": 33.5}, {"name": "群众代表", "weight": 66.5}],
        period="第一季度",
    )
    del document["commitments"]

    load_campaign_file(write_file(tmp_path, document))

    campaign = Campaign.objects.get()
    assert (campaign.basis, campaign.thresholds, campaign.base) == ("", [], "valid")
    assert (campaign.decimals, campaign.min_group, campaign.sum_to_100) == (2, 0, "note")
    assert (campaign.judged, campaign.unknown) == ("each", "inside")
    assert [str(weight) for weight in campaign.categories.values_list("weight", flat=True)] == ["33.50", "66.50"]
    assert campaign.starts_on == campaign.ends_on


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"starts_on": "2026-03-01", "ends_on": "2026-04-30"}, (date(2026, 3, 1), date(2026, 4, 30))),
        ({"starts_on": None, "ends_on": "2027-01-15"}, (date(2026, 1, 1), date(2027, 1, 15))),
        ({"starts_on": "2027-02-01"}, (date(2027, 2, 1), date(2027, 2, 1))),
        ({"ends_on": "2025-06-30"}, (date(2025, 6, 30), date(2025, 6, 30))),
    ],
)
def test_a_file_may_give_the_days_and_whether_phones_stop_with_them(db, tmp_path, given, days):
    document = changed("campaign", rules={"stop_on_time": False}, period="2026", **given)

    load_campaign_file(write_file(tmp_path, document))

    campaign = Campaign.objects.get()
    assert (campaign.starts_on, campaign.ends_on, campaign.is_stopped_on_time) == (*days, False)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no such file; it vacuums")
@pytest.mark.django_db(transaction=True)
def test_after_seal_the_write_ahead_log_remembers_no_order(campaign_file):
    log = Path(f"{connection.settings_dict['NAME']}-wal")

    load_campaign_file(campaign_file, seal=True)

    assert log.stat().st_size == 0
    Member.objects.create(organization=Organization.objects.first(), name="后来")
    assert log.stat().st_size > 0


# --- the command -----------------------------------------------------------------------------------------------------


def test_a_refused_closing_undoes_the_whole_load(db):
    document = checking.check_document(parse(json.dumps(CAMPAIGN).encode()))
    document = replace(document, polls=(replace(document.polls[0], attended=40),))

    with pytest.raises(InvalidFile) as caught:
        write_document(document, seal=True)

    assert [problem.path for problem in caught.value.problems] == ["$.polls[0]"]
    assert not Organization.objects.exists()


def test_a_cell_of_which_more_than_a_third_is_blank_is_pointed_out(db, tmp_path, campaign_file):
    document = deepcopy(CAMPAIGN)
    document["polls"][0]["batches"][0]["ballots"][0]["marks"]["第一党支部"] = ["满意", ""]

    loaded = load_campaign_file(write_file(tmp_path, document))

    assert loaded.notices == [
        "“第一党支部：第一党支部｜总体评价”，空白超过三分之一，按弃权或者无效计。从汇总表得来、没有填满的，请改为导入汇总表。"
    ]
