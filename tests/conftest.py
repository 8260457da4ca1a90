"""The ground of every test: a database on disk, plain static files, and no glyph left undrawn."""

import gc
import logging
import os
from collections import Counter
from contextlib import ExitStack, closing
from functools import lru_cache
from pathlib import Path

import psycopg2
import pyrage
import pytest
import time_machine
from django.conf import settings
from django.db import DataError, connections, models, transaction
from django.db.models.query import ModelIterable
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from pingyi import drawing
from tests import empty, midnight, postgres, quick_age, statements

# A page driven by Playwright runs an event loop in the test's thread; Django's guard does not know that.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A slow machine is no failure.
hypothesis_settings.register_profile("pingyi", deadline=None)
hypothesis_settings.load_profile("pingyi")


# A slow test takes as long as so many others.
SLOW_WEIGHT = 60
# Who waits longer for a lock waits for a mistake, and not for a busy machine.
SECONDS_FOR_A_LOCK = 120


def pytest_addoption(parser):
    parser.addoption("--note-statements", action="store_true", help="note what each test sends to the database")
    parser.addoption(
        "--each-statement-once", action="store_true", help="only tests that together send all that was noted"
    )


def pytest_configure(config):
    if host := postgres.own_host(os.environ.get("PYTEST_XDIST_WORKER")):
        connections["default"].settings_dict["HOST"] = host
    wait_long_for_locks()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Pages are visited with a password alone; the tests of the second factor ask for it themselves.
    settings.SECOND_FACTOR_DEMANDED = False
    # Static files come from their folders, so that no test depends on what was collected last.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = True
    # A middleware that listed them all when it is made would do so again for each client of each test.
    settings.WHITENOISE_AUTOREFRESH = True
    if config.getoption("note_statements"):
        config.pluginmanager.register(NotedStatements(), "noted statements")
        if not hasattr(config, "workerinput"):
            statements.begin()


def wait_long_for_locks():
    options = connections["default"].settings_dict["OPTIONS"]
    if is_sqlite():
        options["timeout"] = SECONDS_FOR_A_LOCK
    else:
        options["options"] = options["options"].replace(
            f"lock_timeout={settings.LOCK_SECONDS}s", f"lock_timeout={SECONDS_FOR_A_LOCK}s"
        )
    settings.LOCK_SECONDS = SECONDS_FOR_A_LOCK


@pytest.hookimpl(tryfirst=True)  # before any fixture asks for the day
def pytest_runtest_setup():
    midnight.let_it_pass()


class NotedStatements:
    """Keeps for each test what it sent, see `statements`."""

    def __init__(self):
        self.notes = statements.Notes()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self):
        with statements.noted(self.notes):
            try:
                return (yield)
            finally:
                self.notes.write(statements.path_of_worker())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid):
        self.notes.test = nodeid

    def pytest_runtest_logreport(self, report):
        if not report.passed:
            self.notes.forget(report.nodeid)


def pytest_collection_finish():
    """Look for garbage seldom, and not among what was imported: a twelfth of the time would go into it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # marks before `-m` chooses, and has the last word on the order
def pytest_collection_modifyitems(config, items):
    """Whatever reads or writes the database is for PostgreSQL too: pages too, whose queries it takes more strictly.

    A slow test is so only when it says `database` itself. The longest files come first: of two processes none then
    works on alone at the end.
    """
    for item in items:
        uses_database = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
        if uses_database and not item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.database)
    result = yield
    if config.getoption("each_statement_once"):
        needed = statements.needed(items, statements.read(statements.folder().glob("*.json")))
        config.hook.pytest_deselected(items=[item for item in items if item not in needed])
        items[:] = needed
    weights = Counter()
    for item in items:
        weights[item.path] += SLOW_WEIGHT if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: -weights[item.path])
    return result


def is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


def own_cluster() -> bool:
    """Whether PostgreSQL is that of `tests/postgres.py`, reached by a socket in its folder."""
    return not is_sqlite() and settings.DATABASES["default"]["HOST"].startswith(postgres.SHORT_FOLDER)


def own_cluster_url(database: str) -> str:
    return postgres.url(settings.DATABASES["default"]["HOST"], database).replace("postgres://", "postgresql://", 1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """SQLite on disk as in use, where threads have connections of their own; in memory they would share one."""
    if is_sqlite():
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        settings.DATABASES["default"]["TEST"]["NAME"] = str(path)
        empty.begin(path)
    elif own_cluster():
        name = f"tables_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
        with closing(psycopg2.connect(own_cluster_url("postgres"))) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}"')
        if empty.begin_postgresql(own_cluster_url(name)):
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """SQLite goes on with the tables that it begins with; its folder is the run's own."""
    return django_db_keepdb or is_sqlite()


@pytest.fixture(scope="session")
def while_tables_are_made():
    """Until this is closed the other processes of the run wait for the tables that one of them makes."""
    with ExitStack() as alone:
        alone.enter_context(empty.alone())
        yield alone


@pytest.fixture(scope="session")
def django_db_setup(while_tables_are_made, django_db_setup):
    if is_sqlite():
        _empty_kept_tables_too()
        empty.keep(Path(settings.DATABASES["default"]["TEST"]["NAME"]))
    elif own_cluster():
        empty.keep_postgresql(own_cluster_url(connections["default"].settings_dict["NAME"]))
    while_tables_are_made.close()


def _empty_kept_tables_too():
    """Let Django empty the tables after a test although triggers keep the rows of the trail; PostgreSQL truncates them."""
    operations = type(connections["default"].ops)
    flush = operations.execute_sql_flush

    def flush_without_triggers(self, statements):
        with transaction.atomic(), self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self, statements)
            for _, statement in triggers:
                cursor.execute(statement)

    operations.execute_sql_flush = flush_without_triggers


@pytest.fixture(scope="session", autouse=True)
def texts_fit():
    """SQLite refuses a text that is too long for its column, as PostgreSQL does by itself."""
    prepare = models.CharField.get_db_prep_save

    def prepare_what_fits(field, value, connection):
        if isinstance(value, str) and field.max_length and len(value) > field.max_length:
            raise DataError(f"value too long for type character varying({field.max_length})")
        return prepare(field, value, connection)

    with pytest.MonkeyPatch.context() as patch:
        if is_sqlite():
            patch.setattr(models.CharField, "get_db_prep_save", prepare_what_fits)
        yield


@pytest.fixture(scope="module")
def module_database(django_db_setup, django_db_blocker):
    """A transaction around a module: what its own fixtures write is there in each of its tests, and gone afterwards."""
    default = connections["default"]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        # Django closes the connection after each test, whose savepoint lies within; that would end this one too.
        patch.setattr(default, "close", lambda: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def drawn_once():
    """Draw a document once, however many tests and roles ask for the same one: nothing but its HTML goes into it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "_drawn", lru_cache(maxsize=256)(drawing._drawn))
        yield


@pytest.fixture(scope="session", autouse=True)
def quickly_locked():
    """Lock backups with little work; `test_envelope` holds that the real lock takes much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyrage.passphrase, "encrypt", quick_age.encrypt)
        yield


class _UndrawnGlyphs(logging.Handler):
    """Collects WeasyPrint's complaints about characters that no font has."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        if ".notdef glyph" in record.getMessage():
            self.messages.append(record.getMessage())


@pytest.fixture
def standing_clock():
    """The clock stands: what is let pass again after some seconds is not, however slow the machine is."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def uploads_folder(settings, tmp_path):
    """Where uploads of this test alone wait for their confirmation."""
    settings.VAR_DIR = tmp_path
    return tmp_path / "uploads"


@pytest.fixture(autouse=True)
def undrawn_glyphs():
    """Fail a test that drew a box in place of a character: the PDF looks empty although its text can be extracted."""
    collector = _UndrawnGlyphs()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(collector)
    yield collector.messages
    logger.removeHandler(collector)
    if collector.messages:
        pytest.fail("\n".join(collector.messages), pytrace=False)


@pytest.fixture(autouse=True)
def no_lost_order(monkeypatch):
    """A query that groups has lost the order of its model's Meta, and PostgreSQL then answers in an order of its own."""
    fetch = ModelIterable.__iter__

    def fetch_in_order(rows):
        query = rows.queryset.query
        counted_on_ordered_model = query.group_by and query.get_meta().ordering
        assert not (counted_on_ordered_model and query.default_ordering and not query.order_by), (
            f"give this query an order_by of its own: {query}"
        )
        return fetch(rows)

    monkeypatch.setattr(ModelIterable, "__iter__", fetch_in_order)
