"""Sets of forms as files: what is written is read back alike, and a wrong file is refused with every place."""

import json
from copy import deepcopy

import pytest

from ballots.campaign_file import InvalidFile
from ballots.campaign_file.library_checking import read_library_file
from tests.ballots.campaign_file.test_configuration_checking import SCORING
from tests.campaigns.form_sets.handed import make_form_set
from tests.factories import make_organization

LIBRARY = {
    "format": "pingyi-library/1",
    "title": "2026年度规范表格",
    "note": "可以增加，不得删减。",
    "scales": [
        {
            "key": "consent",
            "title": "同意与否",
            "grades": [{"label": "同意", "positive": True}, {"label": "不同意"}, {"label": "弃权"}],
        }
    ],
    "questionnaires": [
        {
            "key": "org",
            "title": "基层党组织评议表",
            "target_kind": "organization",
            "scale": "satisfaction-3",
            "unknown": True,
            "indicators": ["学习情况", {"text": "总体评价", "overall": True}],
        },
        {
            "key": "vote",
            "title": "方案表决表",
            "target_kind": "document",
            "target_name": "整改方案（评议稿）",
            "scale": "consent",
            "indicators": ["是否同意"],
        },
    ],
    "thresholds": [
        {"target_kinds": ["document"], "grades": ["不同意"], "share": "1/3", "consequences": ["修改后再议"]}
    ],
    "pattern": {"channels": ["paper", "meeting"], "categories": [{"name": "党员"}], "rules": {"decimals": 2}},
}


def read(document):
    return read_library_file(json.dumps(document, ensure_ascii=False).encode())


def changed(*path, **changes):
    document = deepcopy(LIBRARY)
    place = document
    for step in path:
        place = place[step]
    for key, value in changes.items():
        if value is ...:
            del place[key]
        else:
            place[key] = value
    return document


@pytest.mark.django_db
def test_what_an_office_downloads_another_reads_back_alike():
    contents = make_form_set(make_organization()).contents

    assert read(contents) == contents


def test_a_list_to_choose_from_keeps_its_limit_and_needs_no_name():
    document = changed("questionnaires", 1, scale="most-satisfied-2", target_name=..., most_chosen=3)
    contents = read({**document, "thresholds": []})

    listed = contents["questionnaires"][1]
    assert (listed["most_chosen"], listed["target_name"]) == (3, "")
    assert read(contents) == contents


def test_what_may_be_left_out_gets_its_default():
    contents = read(LIBRARY)

    first, second = contents["questionnaires"]
    assert (first["target_rule"], first["opinion_prompt"]) == ("organization_itself", "您的意见和建议")
    assert (second["target_rule"], second["target_name"]) == ("a_document", "整改方案（评议稿）")
    assert contents["pattern"]["channels"] == ["meeting", "paper"]
    assert read(contents) == contents
    plain = read(
        changed(scales=..., thresholds=..., pattern=..., note=..., questionnaires=LIBRARY["questionnaires"][:1])
    )
    assert (plain["note"], plain["scales"], plain["thresholds"], "pattern" in plain) == ("", [], [], False)


@pytest.mark.parametrize(
    ("document", "errors"),
    [
        (changed(format="pingyi-campaign/1"), ["$.format：现为“pingyi-campaign/1”，应为“pingyi-library/1”。"]),
        (changed(title=...), ["$：缺少“title”。"]),
        (
            changed(campaign={}),
            ["$.campaign：不认识的键，这里可以有：format、title、questionnaires、note、scales、thresholds、pattern。"],
        ),
        (changed("questionnaires", 1, scale="none"), None),
        (
            changed("questionnaires", 1, target_name=...),
            ["$.questionnaires[1]：缺少票面上的名称“target_name”。"],
        ),
        (changed("questionnaires", 1, most_chosen=51), None),
        (
            changed("questionnaires", 0, most_chosen=3),
            ["$.questionnaires[0].most_chosen：“most_chosen”只用于一份文件稿（a_document）的评议表。"],
        ),
        (
            changed("questionnaires", 0, target_rule="its_members"),
            ["$.questionnaires[0].target_rule：“its_members”不是评议谁，应为organization_itself之一。"],
        ),
        (
            changed("scales", 0, grades=[{"label": "同意", "positive": True}, {"label": "弃权"}]),
            None,
        ),
        (
            changed("thresholds", 0, grades=["差"]),
            ["$.thresholds[0].grades：评议文件稿的评议表没有同时有“差”的量表；计入分母的等次有：同意、不同意、弃权。"],
        ),
        (changed("pattern", channels=[]), ["$.pattern.channels：有0项，至少应有1项。"]),
        (
            changed("pattern", rules={"stop_on_time": True}),
            None,
        ),
        (
            changed("pattern", categories=[{"name": "党员", "weight": 50}]),
            ["$.pattern.categories：权重之和为50，应为100。"],
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_places(document, errors):
    with pytest.raises(InvalidFile) as refusal:
        read(document)

    told = [str(problem) for problem in refusal.value.problems]
    assert told
    assert all(error.startswith("$") for error in told)
    if errors:
        assert told == errors


@pytest.mark.parametrize("content", [b"", b"{", b"[]", '{"format": 1}'.encode("gb18030"), "规范".encode("gb18030")])
def test_what_is_no_such_file_is_refused(content):
    with pytest.raises(InvalidFile):
        read_library_file(content)


def handed_with(**pattern) -> dict:
    document = deepcopy(LIBRARY)
    document["pattern"] = {"channels": ["meeting"], "categories": [{"name": "党员", "weight": None}], **pattern}
    return document


def test_steps_later_rules_and_a_scheme_of_points_are_read_and_written_alike():
    steps = [{"kind": "self", "starts_on": "2026-03-01"}, {"kind": "grade"}]
    rules = {"judgement": "score", "excellent_limit": "attended", "self_excluded": True}
    document = handed_with(steps=steps, rules=rules, scoring={**SCORING, "questionnaire": "org"})

    pattern = read_library_file(json.dumps(document).encode())["pattern"]

    assert (pattern["steps"], pattern["rules"], pattern["scoring"]) == (steps, rules, SCORING)


def test_a_set_is_refused_for_a_wrong_step_a_wrong_scheme_and_a_rule_that_is_the_campaigns_own():
    document = handed_with(
        steps=[{"kind": "vote"}], rules={"single_keying": True}, scoring={**SCORING, "questionnaire": "vote"}
    )

    with pytest.raises(InvalidFile) as refused:
        read_library_file(json.dumps(document).encode())

    assert [problem.path for problem in refused.value.problems] == [
        "$.pattern.rules",
        "$.pattern.steps[0].kind",
        "$.pattern.scoring.questionnaire",
    ]
