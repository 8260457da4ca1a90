"""An open poll, whose opinions are gathered."""

import pytest

from tests.factories import make_open_poll


@pytest.fixture
def poll():
    return make_open_poll()
