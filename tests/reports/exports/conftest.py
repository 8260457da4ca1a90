"""A sealed campaign, an export of it, and where its files go."""

import pytest

from tests import factories
from tests.reports.exports.claiming import make_sealed_campaign


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    return settings.EXPORTS_DIR


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


@pytest.fixture
def campaign(people):
    return make_sealed_campaign(people.organization)


@pytest.fixture
def export(campaign, people):
    return factories.make_export(campaign, by=people.secretary, total_count=3)
