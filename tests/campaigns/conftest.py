"""The cast, a campaign in preparation, and a way to be somebody and to count queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import actions
from tests.factories import make_campaign, make_cast, make_organization


@pytest.fixture
def cast():
    return make_cast(make_organization())


@pytest.fixture
def campaign(cast):
    """Ready to open, with one poll."""
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, [cast.organization])
    return campaign


@pytest.fixture
def as_user(client):
    def log_in(user):
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def count_queries():
    """How many queries a page takes, once everything is warm."""

    def count(client, url) -> int:
        assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    return count
