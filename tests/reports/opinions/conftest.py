"""A sealed poll and somebody who reads its opinions."""

import pytest

from tests.factories import (
    make_sealed_poll,
    make_user,
)


@pytest.fixture
def poll():
    return make_sealed_poll()


@pytest.fixture
def reader():
    return make_user("reader")
