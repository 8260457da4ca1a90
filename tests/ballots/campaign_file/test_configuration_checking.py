"""The parts that a campaign file may leave out: each error says where, what it is and what is allowed."""

from copy import deepcopy
from datetime import date

import pytest

from tests.ballots.campaign_file.documents import CAMPAIGN, changed, document_of, errors_of

SCORING = {
    "total": 500,
    "score_weight": 60,
    "satisfaction_weight": 40,
    "measure": "satisfaction",
    "questionnaire": "org",
    "indicators": [
        {"group": "党建", "text": "组织建设", "maximum": 300},
        {"group": "党建", "text": "承诺", "maximum": 200},
    ],
    "raters": [{"name": "上级考核组", "weight": 33.5}, {"name": "群众代表", "weight": 66.5}],
}


def scored(**changes) -> dict:
    return changed("campaign", scoring={**SCORING, **changes})


def test_all_parts_are_read_as_they_stand():
    steps = [{"kind": "self", "starts_on": "2026-03-01", "ends_on": "2026-03-05"}, {"kind": "grade"}]
    stages = [{"title": "评议", "due_on": "2026-04-01", "artefacts": ["会议通知"]}, {"title": "整改"}]
    clarity = {"method": " 无记名。\n", "content": ""}
    given = {"steps": steps, "stages": stages, "clarity": clarity, "channels": ["paper", "meeting"], "scoring": SCORING}

    entry = document_of(changed("campaign", partner_category="群众代表", **given)).campaign

    assert [(step.kind, step.starts_on, step.ends_on) for step in entry.steps] == [
        ("self", date(2026, 3, 1), date(2026, 3, 5)),
        ("grade", None, None),
    ]
    assert [(stage.title, stage.due_on, stage.artefacts) for stage in entry.stages] == [
        ("评议", date(2026, 4, 1), ("会议通知",)),
        ("整改", None, ()),
    ]
    assert (entry.clarity, entry.channels) == ({"method": "无记名。", "content": ""}, ("meeting", "paper"))
    assert (entry.partner_category, entry.scoring) == ("群众代表", SCORING)


def test_a_file_without_them_has_none():
    entry = document_of(CAMPAIGN).campaign

    assert (entry.steps, entry.stages, entry.clarity, entry.channels) == ((), (), {}, None)
    assert (entry.partner_category, entry.scoring) == ("", None)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"steps": [{"kind": "vote"}]},
            [
                "$.campaign.steps[0].kind：“vote”不是评议步骤，应为review、self、mutual、mass、votes、comment、meeting、grade之一。"
            ],
        ),
        ({"steps": [{"kind": "self"}, {"kind": "self"}]}, ["$.campaign.steps[1].kind：“self”重复，一种步骤只有一步。"]),
        (
            {"steps": [{"kind": "self", "starts_on": "2026-03-05", "ends_on": "2026-03-01"}]},
            ["$.campaign.steps[0].ends_on：一步的结束日期不能早于开始日期。"],
        ),
        (
            {"steps": [{"kind": "self", "starts_on": "2026-03-05"}, {"kind": "mass", "starts_on": "2026-03-01"}]},
            ["$.campaign.steps[1].starts_on：早于前面一步的开始日期2026-03-05，各步应依次开始。"],
        ),
        (
            {"stages": [{"title": "评议"}, {"title": "评议", "artefacts": ["通知", "通知"]}]},
            [
                "$.campaign.stages[1].artefacts[1]：“通知”重复，一个阶段的材料不能同名。",
                "$.campaign.stages[1].title：“评议”重复，阶段不能同名。",
            ],
        ),
        ({"channels": ["meeting", "meeting", "paper"]}, ["$.campaign.channels[1]：“meeting”重复。"]),
        (
            {"channels": ["meeting"]},
            ["$.polls[0].batches[1].channel：“paper”不在campaign的channels里，应为：meeting。"],
        ),
        (
            {"partner_category": "路人"},
            ["$.campaign.partner_category：没有名为“路人”的类别，应为：党员、群众代表。"],
        ),
        (
            {"clarity": {"means": "x"}},
            [
                "$.campaign.clarity.means：不认识的键，这里可以有：participant_scope、procedure、method、content、use_of_results。"
            ],
        ),
        (
            {"rules": {"judgement": "best", "self_excluded": 1}},
            [
                "$.campaign.rules.judgement：“best”不是可选的值，应为none、score、majority之一。",
                "$.campaign.rules.self_excluded：现为1，应为true或false。",
            ],
        ),
    ],
)
def test_each_error_says_where_what_and_what_is_allowed(changes, errors):
    assert errors_of(changed("campaign", **changes)) == errors


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"total": 600}, "$.campaign.scoring.indicators：各指标满分之和为500，应等于总分600。"),
        ({"score_weight": 70}, "$.campaign.scoring：考核得分权重70与满意度权重40之和应为100。"),
        (
            {"measure": "best"},
            "$.campaign.scoring.measure：“best”不是满意度的取法，应为satisfaction、positive、score之一。",
        ),
        (
            {"questionnaire": "sec"},
            "$.campaign.scoring.questionnaire：“sec”不是评议单位自身的评议表的key，应为org之一。",
        ),
        ({"questionnaire": None}, "$.campaign.scoring：满意度有权重，应写明取自哪张评议表“questionnaire”。"),
        ({"raters": [{"name": "甲", "weight": 99}]}, "$.campaign.scoring.raters：各考核组权重之和为99，应为100。"),
        (
            {"raters": [{"name": "甲", "weight": 50}, {"name": "甲", "weight": 50}]},
            "$.campaign.scoring.raters[1].name：“甲”重复，考核组不能同名。",
        ),
        ({"indicators": []}, "$.campaign.scoring.indicators：有0项，至少应有1项。"),
        (
            {"indicators": [{"group": "党建", "text": "组织建设", "maximum": 250}] * 2},
            "$.campaign.scoring.indicators[1].text：“组织建设”重复，考核指标不能相同。",
        ),
    ],
)
def test_a_scheme_of_points_adds_up_or_is_refused(changes, error):
    assert errors_of(scored(**changes)) == [error]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"most_chosen": 3}, "$.questionnaires[0].most_chosen：“most_chosen”只用于一份文件稿（a_document）的评议表。"),
        (
            {"target_rule": "its_members"},
            "$.questionnaires[0].target_rule：“its_members”不是评议谁，应为organization_itself之一。",
        ),
    ],
)
def test_a_questionnaire_says_only_what_goes_with_its_kind(changes, error):
    assert errors_of(changed("questionnaires", 0, **changes)) == [error]


def with_list(**changes) -> dict:
    document = deepcopy(CAMPAIGN)
    listed = {
        "key": "deeds",
        "title": "实事评选",
        "target_kind": "document",
        "scale": "most-satisfied-2",
        "indicators": ["最满意"],
        "most_chosen": 2,
    }
    document["questionnaires"].append({**listed, **changes})
    return document


def test_a_list_to_choose_from_is_read_and_asked_once_on_two_grades():
    assert document_of(with_list()).questionnaires[2].facts.most_chosen == 2
    assert errors_of(with_list(indicators=["甲", "乙"])) == [
        "$.questionnaires：“deeds”是选择清单（most_chosen），评议内容只能有一项。"
    ]
    (error,) = errors_of(with_list(scale="satisfaction-3"))
    assert error.startswith("$.questionnaires：“deeds”是选择清单（most_chosen），等次应为")


def with_poll(**changes) -> dict:
    document = changed("polls", 0, **changes)
    document["campaign"]["partner_category"] = "群众代表"
    return document


def second_poll(**changes) -> dict:
    target = {"kind": "organization", "name": "某局党委", "questionnaire": "org"}
    return {"organization": "某局党委", "targets": [target], "batches": [], **changes}


def test_pairs_name_each_other():
    document = with_poll(partner="某局党委")
    document["polls"].append(second_poll())

    assert errors_of(document) == ["$.polls[0].partner：“某局党委”的评议点没有同“第一党支部”结对，双方都应写明对方。"]
    assert errors_of(with_poll(partner="第一党支部")) == [
        "$.polls[0].partner：“第一党支部”不是另一个评议点的单位，应为：（文件中没有）。"
    ]


def test_pairs_want_the_category_of_those_who_come():
    document = changed("polls", 0, partner="某局党委")
    document["polls"].append(second_poll(partner="第一党支部"))

    assert {error.partition("：")[2] for error in errors_of(document)} == {
        "有结对的评议点，campaign的“partner_category”应写明结对单位的人属于哪一类。"
    }


def test_two_targets_of_one_name_are_told_apart_only_where_no_ballots_are_marked():
    document = deepcopy(CAMPAIGN)
    document["questionnaires"].append({**document["questionnaires"][0], "key": "org2", "title": "又一张"})
    twin = {"kind": "organization", "name": "第一党支部", "questionnaire": "org2"}
    document["polls"][0]["targets"].append(twin)

    assert errors_of(document) == [
        "$.polls[0].targets[2].name：“第一党支部”重复，已见于$.polls[0].targets[0].name；同一张票上的评议对象不能同名。"
    ]
    document["polls"][0]["batches"] = []
    assert [target.questionnaire for target in document_of(document).polls[0].targets] == ["org", "sec", "org2"]


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ({"organization": "某部"}, "organization：“某部”不是文件中的党组织，应为某局党委、第一党支部之一。"),
        ({"member": {"organization": "第一党支部", "name": "某人"}}, "member：“member”只用于书记、党员和干部。"),
        (
            {"commitment": {"organization": "第一党支部", "content": "修好门前路"}},
            "commitment：公开承诺只能用评议文件稿（document）的评议表来评议。",
        ),
        (
            {"document": {"kind": "novel", "title": "报告"}},
            "document.kind：“novel”不是报告的种类，应为duty、analysis之一。",
        ),
    ],
)
def test_a_target_refers_to_what_is_in_the_file(target, error):
    document = changed("polls", 0, "targets", 0, **target)

    assert f"$.polls[0].targets[0].{error}" in errors_of(document)


def test_a_promise_on_the_ballot_is_one_of_the_file_and_stands_once():
    document = deepcopy(CAMPAIGN)
    document["questionnaires"].append(
        {"key": "vow", "title": "评诺表", "target_kind": "document", "scale": "satisfaction-3", "indicators": ["兑现"]}
    )
    promise = {"organization": "第一党支部", "member": "张三", "content": "全年无事故"}
    document["polls"][0]["batches"] = []
    document["polls"][0]["targets"] += [
        {"kind": "document", "name": name, "questionnaire": "vow", "commitment": {**promise, **other}}
        for name, other in (("甲", {}), ("乙", {}), ("丙", {"content": "没有说过"}))
    ]

    assert errors_of(document) == [
        "$.polls[0].targets[3].commitment：这项承诺重复，已见于$.polls[0].targets[2].commitment。",
        "$.polls[0].targets[4].commitment：commitments中没有“第一党支部”的承诺“没有说过”。",
    ]


def test_two_reports_do_not_speak_at_once():
    document = changed("polls", 0, batches=[])
    for target in document["polls"][0]["targets"]:
        target["document"] = {"kind": "duty", "title": "述职报告", "speaking_order": 1}

    assert errors_of(document) == [
        "$.polls[0].targets[1].document：发言次序1重复，已见于$.polls[0].targets[0].document。"
    ]


def test_a_leading_group_is_read_by_its_parts_and_no_other():
    entry = document_of(changed("campaign", leading_group={"head": "王某（党委书记）", "office": ""})).campaign

    assert entry.leading_group == {"group_head": "王某（党委书记）"}
    assert errors_of(changed("campaign", leading_group={"chief": "王某"})) == [
        "$.campaign.leading_group.chief：不认识的键，这里可以有：head、deputies、members、office。"
    ]
