"""An open batch, and a sealed poll."""

import pytest

from tests import factories


@pytest.fixture
def batch():
    return factories.make_batch(factories.make_open_poll())
