"""A campaign file that holds one of everything, and others that differ from it in one place."""

import json
from copy import deepcopy

import pytest

from ballots.campaign_file import InvalidFile, checking, parse
from ballots.campaign_file.document import Document

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


def document_of(document) -> Document:
    return checking.check_document(parse(json.dumps(document).encode()))


def errors_of(document) -> list[str]:
    with pytest.raises(InvalidFile) as caught:
        checking.check_document(parse(json.dumps(document).encode()))
    return [str(problem) for problem in caught.value.problems]
