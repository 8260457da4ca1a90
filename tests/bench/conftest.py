"""The bench measures no migration: its databases begin with the kept tables."""

from pathlib import Path

import pytest

from bench.databases import Databases
from tests import empty


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
