"""The bench measures no migration: its databases begin with the kept tables."""

from pathlib import Path

import pytest

from bench import servers
from bench.databases import Databases
from tests import empty


@pytest.fixture(autouse=True)
def _locks_are_waited_for(monkeypatch):
    """A server that is as slow as the machine refuses nobody for it."""
    usual = servers.environment
    monkeypatch.setattr(servers, "environment", lambda url, **how: usual(url, PINGYI_LOCK_SECONDS="120", **how))


@pytest.fixture(autouse=True)
def tables_are_there(django_db_setup, monkeypatch):
    create = Databases.create

    def create_with_tables(databases, name):
        url = create(databases, name)
        if name == "bare":  # of another project
            pass
        elif databases.engine == "sqlite":
            empty.begin(Path(url.removeprefix("sqlite:///")))
        else:
            empty.begin_postgresql(url)
        return url

    monkeypatch.setattr(Databases, "create", create_with_tables)
