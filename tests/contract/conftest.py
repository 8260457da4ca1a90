"""A site for each test, on each database: the server over HTTP, nothing replaced.

The databases are the test's own, whatever DATABASE_URL says: one run tries SQLite and PostgreSQL.
"""

import itertools

import pytest

from tests import empty

from .servers import ENGINES, Site, migrate

_numbers = itertools.count(1)


@pytest.fixture(scope="session", params=sorted(ENGINES, reverse=True))
def engine(request, tmp_path_factory):
    """An engine whose database `template` has all tables and no rows."""
    engine = ENGINES[request.param]()
    try:
        with empty.alone():
            url = engine.create("template")
            if not engine.began_with_tables:
                migrate(url, tmp_path_factory.mktemp("var"))
                if engine.vendor == "postgresql":
                    empty.keep_postgresql(url)
        yield engine
    finally:
        engine.remove()


@pytest.fixture
def site(engine, django_db_blocker):
    """A running server over an empty database; `site.database()` lets the project's own code work in it."""
    with django_db_blocker.unblock():
        site = Site(engine, f"site_{next(_numbers)}")
        try:
            site.start()
            yield site
        finally:
            site.remove()
