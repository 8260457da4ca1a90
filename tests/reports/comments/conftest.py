"""A committee with a branch and its people, and a campaign about them."""

import pytest
import time_machine

from tests.factories import make_campaign, make_cast, make_member, make_organization


@pytest.fixture
def cast():
    return make_cast(make_organization("某局党委"))


@pytest.fixture
def branch(cast):
    branch = make_organization("第一党支部", parent=cast.organization, kind="branch")
    make_member(branch, "张三")
    make_member(branch, "买买提·艾力", post="secretary")
    return branch


@pytest.fixture
def campaign(cast, branch):
    return make_campaign(cast.organization)


@pytest.fixture
def later():
    """A day after all the comments of these tests."""
    with time_machine.travel("2026-12-20 10:00+08:00", tick=False):
        yield
