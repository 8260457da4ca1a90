"""A sealed poll."""

import pytest

from tests.factories import make_sealed_poll


@pytest.fixture
def poll():
    return make_sealed_poll()
