"""The open problems of a unit that becomes part of another go there, and each says so."""

import pytest

from campaigns.actions import TreeError
from reports.ledger.merging import merge_unit
from tests.factories import make_closed_problem, make_member, make_organization, make_problem, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    root = make_organization()
    return [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]


def test_open_problems_go_along_and_closed_ones_stay(units):
    source, destination = units
    waiting, closed = make_problem(source), make_closed_problem(source)

    merge_unit(source, destination, by=make_user())

    waiting.refresh_from_db()
    closed.refresh_from_db()
    assert (waiting.organization, closed.organization) == (destination, source)
    assert waiting.changes.last().text == "“第一党支部”并入“第二党支部”，问题转入"


def test_a_merger_that_cannot_be_leaves_the_problems(units):
    for unit in units:
        make_member(unit, "张三")
    problem = make_problem(units[0])

    with pytest.raises(TreeError, match="张三"):
        merge_unit(*units, by=None)

    problem.refresh_from_db()
    assert problem.organization == units[0]
