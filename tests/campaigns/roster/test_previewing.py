"""A preview and the questions before it come back out of a file as they were."""

import json

import pytest

from campaigns.roster import previewing
from campaigns.roster.comparing import compare_roster
from campaigns.roster.nearness import NearUnit
from campaigns.roster.previewing import RosterOutcome, RosterPreview
from campaigns.roster.reading import Reading, read_workbook
from tests.factories import make_member, make_organization
from tests.workbooks import make_roster

pytestmark = pytest.mark.django_db


def again(outcome):
    return RosterOutcome.from_json(json.loads(json.dumps(outcome.to_json())))


def test_a_preview_shows_the_same_lines_persons_and_digest_after_it_was_kept(cast, committee, branch):
    make_member(branch, "王五")
    make_member(make_organization("第二党支部", kind="branch", parent=committee), "张三")
    reading = read_workbook(make_roster([], [("张三", "第一党支部", None, "书记")]))
    comparison = compare_roster(reading, cast.secretary)

    kept = again(RosterOutcome(reading, preview=RosterPreview.of(comparison), warning="有变动"))

    assert kept.preview == RosterPreview.of(comparison)
    assert (kept.preview.digest, kept.warning) == (comparison.digest, "有变动")
    assert [namesake.name for namesake in kept.preview.namesakes] == ["张三"]
    assert [member.name for member in kept.preview.absent] == ["王五"]


def test_errors_are_kept_to_the_cell(cast, branch):
    reading = read_workbook(make_roster([], [("张三", "第一党支部", "党外", None), ("李四", "没有的支部")]))
    comparison = compare_roster(reading, cast.secretary)

    kept = again(RosterOutcome(reading, preview=RosterPreview.of(comparison)))

    assert kept.preview.errors == comparison.errors
    assert [(error.sheet, error.row, error.column) for error in kept.preview.errors] == [
        ("党员", 2, "党员状态"),
        ("党员", 3, "党组织"),
    ]


def test_only_the_first_lines_are_kept_and_all_are_counted(cast, branch, monkeypatch):
    monkeypatch.setattr(previewing, "SHOWN_NEW", 1)
    reading = read_workbook(make_roster([], [("张三", "第一党支部"), ("李四", "第一党支部")]))

    (_, members, _) = RosterPreview.of(compare_roster(reading, cast.secretary)).sheets

    assert [line["label"] for line in members["new"]] == ["张三"]
    assert members["new_count"] == 2


def test_a_question_is_kept_without_the_rows():
    reading = Reading(
        hidden=["工作表“党员”是隐藏的。"], unplaced={"表": ["甲", "乙"]}, unknown={"党员·职务": ["支书"]}, shape="a"
    )

    kept = again(RosterOutcome(reading, near=[NearUnit("第一支部", "党员", 2, ("某局党委/第一党支部",))]))

    assert kept == RosterOutcome(reading, near=[NearUnit("第一支部", "党员", 2, ("某局党委/第一党支部",))])
