"""A committee with a branch, the people over it, and a superuser."""

import pytest

from tests.factories import make_cast, make_organization, make_user


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def branch(committee):
    return make_organization("第一党支部", kind="branch", parent=committee)


@pytest.fixture
def cast(committee):
    return make_cast(committee)


@pytest.fixture
def superuser():
    return make_user("root", is_superuser=True)
