import pytest

from ballots.voting import codes
from tests.factories import make_batch, make_open_poll, make_organization


@pytest.fixture
def batch():
    return make_batch(make_open_poll())


@pytest.fixture
def screen():
    batch = make_batch(make_open_poll(make_organization("另一局党委")), method="screen")
    codes.admit(batch, 2)
    return batch
