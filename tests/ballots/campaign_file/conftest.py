"""A campaign file on disk."""

import pytest

from tests.ballots.campaign_file.documents import CAMPAIGN, write_file


@pytest.fixture
def campaign_file(tmp_path):
    return write_file(tmp_path, CAMPAIGN)
