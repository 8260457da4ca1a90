"""A branch's poll and a tree of units, to be drawn as workbooks."""

import pytest

from ballots.counting import sealing
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_branch_poll,
    make_organization,
)
from tests.reports.files.excel.reports import sealed_campaign


@pytest.fixture
def branch_poll():
    """A sealed poll about a branch, its secretary and two members, with one more who is not graded."""
    poll = make_branch_poll(member_count=3)
    batch = make_batch(poll, method="entered")
    width = sum(len(section["indicators"]) for section in poll.form["sections"])
    enter_ballots(batch, {"1" * width: 30, "2" * width: 15, "3" * width: 2, "-" + "x" * (width - 1): 1})
    poll.scrutineers, poll.tellers = "王五", "赵六"
    poll.save()
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


@pytest.fixture
def tree():
    """A company with a poll of its own over two branches with theirs and one whose poll is not sealed."""
    root = make_organization("某公司党委")
    mine = make_organization("第一总支", parent=root, kind="general_branch")
    units = [root, *(make_organization(name, parent=mine, kind="branch") for name in ("甲支部", "乙支部", "丙支部"))]
    return sealed_campaign(units, ({"11": 5, "21": 2}, {"11": 10}, {"11": 45, "33": 31, "22": 14}))
