"""Campaign files: what is created, what is refused with which words, and that nothing is half-written."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from ballots.campaign_file import InvalidFile, checking, load_campaign_file, parse, poll_checking
from ballots.campaign_file.nodes import JsonObject
from ballots.campaign_file.writing import write_document
from ballots.counting import boxes, recounting
from ballots.models import Ballot, Batch, Opinion, TallyRow
from campaigns.models import Campaign, Channel, Commitment, Member, Organization, Poll, Scale, Target, TargetKind
from campaigns.models.organization import DEEPEST
from tests.factories import make_member, make_organization

CAMPAIGN = {
    "format": "pingyi-campaign/1",
    "organizations": [
        {"name": "第一党支部", "kind": "branch", "parent": "某局党委"},
        {"name": "某局党委", "kind": "committee", "parent": None},
    ],
    "members": [
        {"name": "张三", "organization": "第一党支部", "status": "full", "post": "secretary"},
        {"name": "龚䶮", "organization": "第一党支部", "status": "probationary", "post": "member"},
    ],
    "commitments": [
        {
            "organization": "第一党支部",
            "member": "张三",
            "content": "全年无事故",
            "due_on": "2026-12-31",
            "status": "fulfilled",
        },
        {"organization": "第一党支部", "member": None, "content": "修好门前路", "due_on": None},
    ],
    "questionnaires": [
        {
            "key": "org",
            "title": "基层党组织评议表",
            "target_kind": "organization",
            "scale": "satisfaction-3",
            "indicators": ["兑现公开承诺情况", {"text": "总体评价", "overall": True}],
        },
        {
            "key": "sec",
            "title": "书记评议表",
            "target_kind": "secretary",
            "scale": "fair-4",
            "unknown": True,
            "indicators": ["联系群众"],
        },
    ],
    "campaign": {
        "title": "2026年度群众评议",
        "organizer": "某局党委",
        "period": "2026",
        "basis": "某发〔2026〕1号",
        "rules": {"base": "valid", "blank": "abstain", "decimals": 1, "sum_to_100": "note", "min_group": 5},
        "categories": [{"name": "党员", "weight": None}, {"name": "群众代表", "weight": None}],
        "thresholds": ["org-dissatisfied-third", "cadre-fair-or-worse-half"],
    },
    "polls": [
        {
            "organization": "第一党支部",
            "entitled": 45,
            "attended": 41,
            "targets": [
                {"kind": "organization", "name": "第一党支部", "questionnaire": "org"},
                {"kind": "secretary", "name": "张三", "questionnaire": "sec"},
            ],
            "batches": [
                {
                    "channel": "meeting",
                    "category": "党员",
                    "issued": 41,
                    "returned": 41,
                    "void": 1,
                    "ballots": [
                        {"count": 38, "marks": {"第一党支部": ["满意", "满意"], "张三": ["满意"]}},
                        {
                            "count": 1,
                            "marks": {"第一党支部": ["基本满意", "满意"], "张三": ["不了解"]},
                            "opinions": [{"target": "第一党支部", "text": "会议短一点。"}],
                        },
                        {"count": 1, "marks": {"第一党支部": ["", "*"], "张三": ["一般"]}},
                    ],
                },
                {"channel": "paper", "category": "群众代表", "issued": 5, "returned": 0, "void": 0},
            ],
        }
    ],
}


def changed(*path, **changes) -> dict:
    """The campaign above with something else at one place; a change to `...` takes the key away."""
    document = deepcopy(CAMPAIGN)
    place = document
    for step in path:
        place = place[step]
    for key, value in changes.items():
        if value is ...:
            del place[key]
        else:
            place[key] = value
    return document


def write_file(folder, document) -> str:
    path = folder / "campaign.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def errors_of(document) -> list[str]:
    with pytest.raises(InvalidFile) as caught:
        checking.check_document(parse(json.dumps(document).encode()))
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def campaign_file(tmp_path):
    return write_file(tmp_path, CAMPAIGN)


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
        "兑现公开承诺情况": (40, 38, 1, 0, 0, 0, 0, 1, 0),
        "总体评价": (40, 39, 0, 0, 0, 0, 0, 0, 1),
        "联系群众": (40, 38, 0, 1, 0, 0, 1, 0, 0),
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


def test_a_member_of_an_organization_below_can_be_a_target(db, tmp_path):
    load_campaign_file(write_file(tmp_path, changed("polls", 0, organization="某局党委")))

    assert Target.objects.get(name="张三").member.organization.name == "第一党支部"


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
        rules={"decimals": 2, "min_group": 0},
        categories=[{"name": "党员", "weight": 33.5}, {"name": "群众代表", "weight": 66.5}],
        period="第一季度",
    )
    del document["commitments"]

    load_campaign_file(write_file(tmp_path, document))

    campaign = Campaign.objects.get()
    assert (campaign.basis, campaign.thresholds, campaign.base) == ("", [], "valid")
    assert (campaign.decimals, campaign.min_group, campaign.sum_to_100) == (2, 0, "note")
    assert [str(weight) for weight in campaign.categories.values_list("weight", flat=True)] == ["33.50", "66.50"]
    assert campaign.starts_on == campaign.ends_on


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no such file; it vacuums")
@pytest.mark.django_db(transaction=True)
def test_after_seal_the_write_ahead_log_remembers_no_order(campaign_file):
    log = Path(f"{connection.settings_dict['NAME']}-wal")

    load_campaign_file(campaign_file, seal=True)

    assert log.stat().st_size == 0
    Member.objects.create(organization=Organization.objects.first(), name="后来")
    assert log.stat().st_size > 0


# --- what is there already -------------------------------------------------------------------------------------------


def test_organizations_and_members_that_are_there_are_used(db, campaign_file):
    committee = make_organization("某局党委")
    branch = make_organization("第一党支部", parent=committee, kind="branch")
    make_organization("第一党支部", kind="branch")  # another root so called
    secretary = make_member(branch, "张三", post="secretary")

    loaded = load_campaign_file(campaign_file)

    assert Campaign.objects.get().organizer == committee
    assert Target.objects.get(name="张三").member == secretary
    assert (loaded.roster.organization_count, loaded.roster.member_count) == (0, 1)


def test_the_same_file_again_is_refused_and_under_another_title_makes_no_second_roster(db, tmp_path):
    load_campaign_file(write_file(tmp_path, CAMPAIGN))
    with pytest.raises(InvalidFile) as caught:
        load_campaign_file(write_file(tmp_path, CAMPAIGN))
    loaded = load_campaign_file(write_file(tmp_path, changed("campaign", title="又一次评议")))

    assert [str(problem) for problem in caught.value.problems] == [
        "$.campaign.title：“某局党委”已有名为“2026年度群众评议”的评议活动，应换一个名称。"
    ]
    assert (Organization.objects.count(), Member.objects.count(), Commitment.objects.count()) == (2, 2, 2)
    assert loaded.roster.commitment_count == 0


def test_a_file_that_contradicts_stored_rows_is_refused_whole(db, campaign_file):
    committee = make_organization("某局党委", kind="group")
    branch = make_organization("第一党支部", parent=committee, kind="branch", is_active=False)
    make_member(branch, "张三", post="deputy")

    with pytest.raises(InvalidFile) as caught:
        load_campaign_file(campaign_file)

    assert [str(problem) for problem in caught.value.problems] == [
        "$.organizations[1].kind：系统中已有“某局党委”，类别为“group”，文件中为“committee”，应一致。",
        "$.organizations[0].name：系统中的“第一党支部”已停用，应先恢复使用。",
        "$.members[0].post：系统中“第一党支部”已有“张三”，post为“deputy”，文件中为“secretary”，应一致。",
    ]
    assert (Member.objects.count(), Campaign.objects.count()) == (1, 0)


# --- what is refused -------------------------------------------------------------------------------------------------

BALLOT = ("polls", 0, "batches", 0, "ballots", 0)
NO_INTEGER = "应为0至100000的整数"

REFUSED = [
    (changed(format="pingyi-campaign/2"), "$.format：现为“pingyi-campaign/2”，应为“pingyi-campaign/1”。"),
    (changed(format=...), "$：缺少“format”。"),
    (
        changed(note="x"),
        "$.note：不认识的键，这里可以有：format、organizations、questionnaires、campaign、polls、members、commitments。",
    ),
    (changed(polls=[]), "$.polls：有0项，至少应有1项。"),
    (changed(commitments=None), "$.commitments：现为null，应为数组。"),
    (
        changed("organizations", 0, kind="zhibu"),
        "$.organizations[0].kind：“zhibu”不是可选的值，应为committee、general_branch、branch、group、office、window之一。",
    ),
    (changed("organizations", 0, parent="无"), "$.organizations[0].parent：没有名为“无”的党组织，应为null或：第一党支部、某局党委。"),
    (changed("organizations", 0, path="1"), "$.organizations[0].path：不认识的键，这里可以有：name、kind、parent。"),
    (changed("members", 1, name="张三"), "$.members[1].name：“张三”重复，已见于$.members[0].name。"),
    (changed("members", 1, name="李\u0007四"), "$.members[1].name：有不可见的字符\\u0007，应删去。"),
    (changed("members", 1, name="李\u200b四"), "$.members[1].name：有不可见的字符\\u200b，应删去。"),
    (changed("members", 1, name="李四 "), "$.members[1].name：“李四 ”首尾有空格，应删去。"),
    (changed("members", 1, name=""), "$.members[1].name：是空字符串，应填写内容。"),
    (changed("members", 1, name="李" * 51), f"$.members[1].name：“{'李' * 40}…”有51字，至多50字。"),
    (changed("members", 1, status="好"), "$.members[1].status：“好”不是可选的值，应为full、probationary之一。"),
    (changed("members", 1, post=3), "$.members[1].post：3不是可选的值，应为secretary、deputy、cadre、member之一。"),
    (changed("members", 1, organization="二支部"), "$.members[1].organization：没有名为“二支部”的党组织，应为：某局党委、第一党支部。"),
    (changed("commitments", 0, member="李四"), "$.commitments[0].member：“李四”不在“第一党支部”的党员名册中。"),
    (changed("commitments", 0, due_on="2026-02-30"), "$.commitments[0].due_on：现为“2026-02-30”，应为“2026-12-31”这样的日期。"),
    (changed("commitments", 0, due_on="20261231"), "$.commitments[0].due_on：现为“20261231”，应为“2026-12-31”这样的日期。"),
    (changed("commitments", 0, status="done"), "$.commitments[0].status：“done”不是可选的值，应为ongoing、fulfilled、unfulfilled之一。"),
    (changed("questionnaires", 1, title="基层党组织评议表"), "$.questionnaires[1].title：“基层党组织评议表”重复，已见于$.questionnaires[0].title。"),
    (changed("questionnaires", 1, unknown="是"), "$.questionnaires[1].unknown：现为“是”，应为true或false。"),
    (
        changed("questionnaires", 0, indicators=[{"text": "甲", "overall": True}, {"text": "乙", "overall": True}]),
        "$.questionnaires[0].indicators[1].overall：总体评价至多一项，已见于$.questionnaires[0].indicators[0]。",
    ),
    (changed("questionnaires", 0, indicators=["甲", "甲"]), "$.questionnaires[0].indicators[1]：“甲”重复，已见于$.questionnaires[0].indicators[0]。"),
    (changed("campaign", organizer="某局"), "$.campaign.organizer：没有名为“某局”的党组织，应为：某局党委、第一党支部。"),
    (changed("campaign", period=2026), "$.campaign.period：现为2026，应为字符串。"),
    (changed("campaign", "rules", base="all"), "$.campaign.rules.base：“all”不是可选的值，应为valid、returned、attended、entitled之一。"),
    (changed("campaign", "rules", decimals=3), "$.campaign.rules.decimals：现为3，应为0至2的整数。"),
    (changed("campaign", "rules", decimals=True), "$.campaign.rules.decimals：现为true，应为0至2的整数。"),
    (changed("campaign", "rules", decimals=1.0), "$.campaign.rules.decimals：现为1.0，应为0至2的整数。"),
    (changed("campaign", "rules", min_group=float("nan")), "$.campaign.rules.min_group：现为NaN，应为0至100的整数。"),
    (changed("campaign", "categories", 0, weight=100), "$.campaign.categories：有的类别有权重，有的没有，应全部为null或全部填写。"),
    (
        changed("campaign", categories=[{"name": "党员", "weight": 30}, {"name": "群众代表", "weight": 69.5}]),
        "$.campaign.categories：权重之和为99.5，应为100。",
    ),
    (
        changed("campaign", "categories", 0, weight=float("inf")),
        "$.campaign.categories[0].weight：现为Infinity，应为大于0、不超过100的数，至多2位小数。",
    ),
    (
        changed("campaign", thresholds=["三分之一"]),
        "$.campaign.thresholds[0]：“三分之一”不是结果运用阈值，应为org-dissatisfied-third、cadre-fair-or-worse-half之一。",
    ),
    (changed("polls", 0, attended=46), "$.polls[0].attended：实际参评46人多于应参评45人，应不多于应参评人数。"),
    (
        changed("polls", 0, attended=40),
        "$.polls[0].attended：实际参评40人，集中评议却收回41张票，收回数应不多于实际参评人数。",
    ),
    (
        changed("polls", 0, "targets", 0, questionnaire="党员"),
        "$.polls[0].targets[0].questionnaire：“党员”不是questionnaires中的key，应为org、sec之一。",
    ),
    (
        changed("polls", 0, "targets", 0, kind="document"),
        "$.polls[0].targets[0].kind：现为“document”，评议表“org”评议的是“organization”，二者应一致。",
    ),
    (changed("polls", 0, "batches", 0, channel="网上"), "$.polls[0].batches[0].channel：“网上”不是可选的值，应为meeting、paper、online、interview、phone、mailbox、instant之一。"),
    (changed("polls", 0, "batches", 0, category="干部"), "$.polls[0].batches[0].category：没有名为“干部”的类别，应为：党员、群众代表。"),
    (changed("polls", 0, "batches", 0, issued=-1), f"$.polls[0].batches[0].issued：现为-1，{NO_INTEGER}。"),
    (changed("polls", 0, "batches", 0, void=False), f"$.polls[0].batches[0].void：现为false，{NO_INTEGER}。"),
    (changed("polls", 0, "batches", 0, issued="41"), f"$.polls[0].batches[0].issued：现为“41”，{NO_INTEGER}。"),
    (changed("polls", 0, "batches", 0, issued=...), "$.polls[0].batches[0]：缺少“issued”。"),
    (
        changed("polls", 0, "batches", 0, issued=40),
        "$.polls[0].batches[0].returned：收回41张多于发出40张，收回的测评票应不多于发出的测评票。",
    ),
    (changed("polls", 0, "batches", 1, void=1), "$.polls[0].batches[1].void：整票无效1张多于收回0张，应不多于收回数。"),
    (changed("polls", 0, "batches", 0, void=0), "$.polls[0].batches[0].ballots：各项count之和为40，应为41（收回41减整票无效0）。"),
    (changed("polls", 0, "batches", 1, returned=3), "$.polls[0].batches[1].ballots：各项count之和为0，应为3（收回3减整票无效0）。"),
    (changed(*BALLOT, count=0), "$.polls[0].batches[0].ballots[0].count：现为0，应为1至100000的整数。"),
    (changed(*BALLOT, "marks", 张三=...), "$.polls[0].batches[0].ballots[0].marks：缺少评议对象“张三”。"),
    (
        changed(*BALLOT, "marks", 李四=["满意"]),
        '$.polls[0].batches[0].ballots[0].marks["李四"]：“李四”不是这个评议点的评议对象，应为：第一党支部、张三。',
    ),
    (
        changed(*BALLOT, "marks", 张三=["很满意"]),
        '$.polls[0].batches[0].ballots[0].marks["张三"][0]：“很满意”不是量表的等次，应为满意、基本满意、一般、不满意、不了解、空字符串或“*”。',
    ),
    (
        changed(*BALLOT, "marks", 第一党支部=["满意", None]),
        '$.polls[0].batches[0].ballots[0].marks["第一党支部"][1]：null不是量表的等次，应为满意、基本满意、不满意、空字符串或“*”。',
    ),
    (
        changed(*BALLOT, "marks", 张三=["满意", "满意"]),
        '$.polls[0].batches[0].ballots[0].marks["张三"]：有2项，应有1项，与评议内容一一对应。',
    ),
    (
        changed(*BALLOT, "marks", 张三="满意"),
        '$.polls[0].batches[0].ballots[0].marks["张三"]：现为“满意”，应为数组。',
    ),
    (
        changed(*BALLOT, opinions=[{"target": "李四", "text": "好"}]),
        "$.polls[0].batches[0].ballots[0].opinions[0].target：“李四”不是这个评议点的评议对象，应为：第一党支部、张三。",
    ),
    (
        changed(*BALLOT, opinions=[{"target": "张三", "text": "好\u0000"}]),
        "$.polls[0].batches[0].ballots[0].opinions[0].text：有不可见的字符\\u0000，应删去。",
    ),
    (
        changed(*BALLOT, opinions=[{"target": "张三", "text": "好" * 100_000}]),
        f"$.polls[0].batches[0].ballots[0].opinions[0].text：“{'好' * 40}…”有100000字，至多1000字。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("document", "error"), REFUSED, ids=[error.partition("：")[0] for _, error in REFUSED])
def test_each_error_is_told_with_its_path_what_was_found_and_what_is_allowed(document, error):
    assert errors_of(document) == [error]


def test_the_campaign_that_the_errors_are_made_from_has_none():
    assert checking.check_document(parse(json.dumps(CAMPAIGN).encode())).campaign.title == "2026年度群众评议"


def test_all_errors_are_collected():
    document = changed("organizations", 0, kind="x")
    document["campaign"]["rules"]["blank"] = "y"
    document["polls"][0]["batches"][0]["ballots"][2]["marks"]["张三"] = ["z"]

    assert [error.partition("：")[0] for error in errors_of(document)] == [
        "$.organizations[0].kind",
        "$.campaign.rules.blank",
        '$.polls[0].batches[0].ballots[2].marks["张三"][0]',
    ]


def test_a_loop_of_parents_is_refused():
    document = changed("organizations", 1, parent="第一党支部")

    assert errors_of(document) == [
        "$.organizations[0].parent：上级成环：第一党支部→某局党委→第一党支部；应有一个上级为null的最上级党组织。",
        "$.organizations[1].parent：上级成环：某局党委→第一党支部→某局党委；应有一个上级为null的最上级党组织。",
    ]


def test_a_tree_deeper_than_the_database_can_hold_is_refused():
    document = deepcopy(CAMPAIGN)
    names = ["某局党委", *(f"第{level}级" for level in range(2, DEEPEST + 2))]
    document["organizations"] += [{"name": name, "kind": "branch", "parent": upper} for upper, name in pairwise(names)]

    assert errors_of(document) == [f"$.organizations[{DEEPEST + 1}].parent：在第16层，至多15层。"]


def test_a_unit_outside_the_organizer_and_a_second_poll_are_refused():
    document = changed("campaign", organizer="第一党支部")
    document["polls"][0]["organization"] = "某局党委"
    document["polls"].append(deepcopy(document["polls"][0]))

    errors = errors_of(document)

    outside = "organization：“某局党委”不在组织单位“第一党支部”之下，评议点应在组织单位之下。"
    assert errors == [
        f"$.polls[0].{outside}",
        "$.polls[1].organization：“某局党委”已有评议点，见$.polls[0].organization。",
        f"$.polls[1].{outside}",
    ]


def test_a_member_who_is_not_on_the_roster_or_not_one_alone_is_refused():
    document = changed("polls", 0, "targets", 1, name="李四")
    document["polls"][0]["batches"] = []
    document["organizations"].append({"name": "第二党支部", "kind": "branch", "parent": "某局党委"})
    document["members"].append({"name": "张三", "organization": "第二党支部", "status": "full", "post": "member"})
    document["polls"].append(deepcopy(document["polls"][0]))
    document["polls"][1]["organization"] = "某局党委"
    document["polls"][1]["targets"][1]["name"] = "张三"

    assert errors_of(document) == [
        "$.polls[0].targets[1].name：“李四”不在“第一党支部”及其下属党组织的党员名册中，应为名册中的党员。",
        "$.polls[1].targets[1].name：“某局党委”之下有2名“张三”，应能确定是哪一名。",
    ]


@pytest.mark.parametrize("base", ["attended", "entitled"])
def test_a_base_of_people_needs_their_number_and_no_more_ballots_than_people(base):
    document = changed("campaign", "rules", base=base)
    document["polls"][0][base] = None

    errors = errors_of(document)

    assert errors == [f"$.polls[0].{base}：rules的base为“{base}”，应填写人数。"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "$：第1行第1个字符处不合JSON格式，应为一个完整的JSON对象。"),
        (b'{"format": 1,}', "$：第1行第14个字符处不合JSON格式，应为一个完整的JSON对象。"),
        ("{“format”: 1}".encode("gb18030"), "$：第2个字节起不是UTF-8文字，文件应为UTF-8编码的JSON。"),
        (b"[" * 100_000, "$：括号嵌套过深，不是评议活动文件。"),
        (b"[" + b"9" * 5000 + b"]", "$：有位数过多的数字，不是评议活动文件。"),
        (b"[]", "$：现为数组，应为对象。"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_json_object_is_refused(content, error):
    with pytest.raises(InvalidFile) as caught:
        checking.check_document(parse(content))

    assert [str(problem) for problem in caught.value.problems] == [error]


def test_a_key_twice_in_one_object_is_refused():
    text = json.dumps(CAMPAIGN).replace('"count": 38,', '"count": 38, "count": 38,')

    with pytest.raises(InvalidFile) as caught:
        checking.check_document(parse(text.encode()))

    assert [str(problem) for problem in caught.value.problems] == [
        "$.polls[0].batches[0].ballots[0].count：这个键在同一个对象里出现了不止一次。"
    ]


def test_a_byte_order_mark_is_no_error():
    assert parse(b'\xef\xbb\xbf{"a": 1}') == JsonObject(a=1)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_tells_in_one_line_what_was_created(db, campaign_file, capsys):
    call_command("load_campaign", campaign_file, "--seal")

    assert capsys.readouterr().out == (
        "已载入评议活动“2026年度群众评议”：新建党组织2个、党员2名、公开承诺2项；"
        "评议点1个、票批2个、评议票40张、意见建议1条；已截止、封存并计票。\n"
    )


def test_the_command_refuses_with_status_1_one_line_an_error_and_writes_nothing(db, tmp_path, capsys):
    document = changed("polls", 0, "batches", 0, "ballots", 2, "marks", 张三=["z"])
    document["members"][0]["post"] = "书\n记"

    with pytest.raises(SystemExit) as stopped:
        call_command("load_campaign", write_file(tmp_path, document))

    printed = capsys.readouterr()
    assert (stopped.value.code, printed.out) == (1, "")
    assert [line.partition("：")[0] for line in printed.err.splitlines()] == [
        "$.members[0].post",
        '$.polls[0].batches[0].ballots[2].marks["张三"][0]',
    ]
    for model in (Organization, Member, Campaign, Scale, Ballot):
        assert not model.objects.exists()


def test_a_refused_closing_undoes_the_whole_load(db):
    document = checking.check_document(parse(json.dumps(CAMPAIGN).encode()))
    document = replace(document, polls=(replace(document.polls[0], attended=40),))

    with pytest.raises(InvalidFile) as caught:
        write_document(document, seal=True)

    assert [problem.path for problem in caught.value.problems] == ["$.polls[0]"]
    assert not Organization.objects.exists()


def test_a_file_that_cannot_be_read_is_said_so(db, tmp_path, capsys):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(SystemExit):
            call_command("load_campaign", str(path))

    missing, folder = capsys.readouterr().err.splitlines()
    assert missing.startswith("没有文件") and folder.startswith("读不了文件")


# --- the format and the models agree ---------------------------------------------------------------------------------


def test_the_enumerations_are_those_of_the_models():
    assert list(checking.ORGANIZATION_KINDS) == Organization.Kind.values
    assert list(checking.STATUSES) == Member.Status.values
    assert list(checking.POSTS) == Member.Post.values
    assert set(checking.FULFILMENTS) == set(Commitment.Status.values)
    assert list(checking.TARGET_KINDS) == TargetKind.values
    assert list(checking.BASES) == Campaign.Base.values
    assert list(checking.BLANKS) == Campaign.Blank.values
    assert list(checking.WAYS_TO_100) == Campaign.SumTo100.values
    assert list(poll_checking.CHANNELS) == Channel.values
    assert checking.MAX_DEPTH == DEEPEST


def test_the_queries_do_not_grow_with_the_roster(db, tmp_path, django_assert_max_num_queries):
    document = deepcopy(CAMPAIGN)
    for number in range(200):
        name = f"支部{number}"
        document["organizations"].append({"name": name, "kind": "branch", "parent": "某局党委"})
        document["members"].append({"name": "王五", "organization": name, "status": "full", "post": "member"})
        document["commitments"].append({"organization": name, "member": "王五", "content": "多走访"})

    with django_assert_max_num_queries(100):
        load_campaign_file(write_file(tmp_path, document))

    assert Member.objects.count() == 202
