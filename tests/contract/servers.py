"""The real thing for a test: gunicorn with the project's configuration over a database of its own; both can be killed."""

import http.client
import itertools
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from unittest import mock

import psycopg2
from django.conf import settings
from django.db import connections
from django.db.utils import load_backend

from pingyi import settings as pingyi_settings
from tests import empty, postgres

ROOT = Path(__file__).resolve().parent.parent.parent
# A start, or anything else that is waited for, on a machine that is busy with something else.
SECONDS_TO_START = 180
# A killed process, unlike a power cut, leaves what it wrote with the kernel, so nothing waits for the disk; but a page may
# be half written, and a restart has to mend that.
KILLABLE = {
    "fsync": "off",
    "full_page_writes": "on",
    "wal_recycle": "off",
    "autovacuum": "off",
    "max_connections": "50",
    "listen_addresses": "",
    "log_min_error_statement": "panic",
}
# Below the ports that clients get: one that knocks on a stopped server's port must not be put through to itself. Each process
# of a run has its own and takes one after another, as the port of a stopped server must be free when it starts again.
PORTS_OF_PROCESS, PROCESSES = 1000, 18
PORTS = range(12000, 12000 + PORTS_OF_PROCESS * PROCESSES)


class SQLite:
    """Databases in files; nothing to start, nothing to kill."""

    vendor = "sqlite"
    began_with_tables = False

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="contract"))

    def create(self, name, *, template=None):
        """A database, empty (with its tables where those are kept) or a copy of one; returns its URL."""
        if template:
            with (
                closing(sqlite3.connect(self._path(template))) as old,
                closing(sqlite3.connect(self._path(name))) as new,
            ):
                old.backup(new)
        else:
            self.began_with_tables = empty.begin(self._path(name))
        return f"sqlite:///{self._path(name)}"

    def _path(self, name):
        return self.folder / f"{name}.sqlite3"

    def files(self, name):
        """Every file of a database, its log last."""
        return sorted(self.folder.glob(f"{name}.sqlite3*"), key=lambda path: path.name.endswith("-wal"))

    def logs(self):
        return []

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL:
    """A private cluster."""

    vendor = "postgresql"
    began_with_tables = False

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir=postgres.SHORT_FOLDER))
        self._server = None
        try:
            postgres.initialize(self.folder)
            self.start()
        except BaseException:
            self.remove()
            raise

    def start(self):
        self._server = postgres.start(self.folder, KILLABLE)

    def create(self, name, *, template=None):
        """A database, empty (with its tables where those are kept) or a copy of one that nobody is connected to; returns
        its URL."""
        with closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
        url = postgres.url(self.folder, name)
        if not template:
            self.began_with_tables = empty.begin_postgresql(url)
        return url

    def connect(self, name):
        return psycopg2.connect(host=str(self.folder), user=postgres.ACCOUNT, dbname=name)

    def kill(self):
        """SIGKILL to the server and everything it started; returns when all of them are gone."""
        self._server.send_signal(signal.SIGSTOP)  # it must not start more meanwhile
        children = children_of(self._server.pid)
        for pid in (*children, self._server.pid):
            kill(pid)
        self._server.wait()
        wait_for(lambda: not any(is_running(pid) for pid in children))

    def files(self, name):
        """Every file of a database with the cluster's write-ahead log last, checkpointed so that all is on disk."""
        with closing(self.connect(name)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [name])
            (oid,) = cursor.fetchone()
        data = self.folder / "data"
        return [
            *sorted((data / "base" / str(oid)).iterdir()),
            *sorted(path for path in (data / "pg_wal").iterdir() if path.is_file()),
        ]

    def drop_old_log(self, name):
        """Go on in a new segment of the write-ahead log; the checkpoint removes those before, as `wal_recycle` is off."""
        with closing(self.connect(name)) as connection:
            connection.autocommit = True
            connection.cursor().execute("SELECT pg_switch_wal()")
            connection.cursor().execute("CHECKPOINT")

    def logs(self):
        return [self.folder / "log"]

    def remove(self):
        if self._server and self._server.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


ENGINES = {engine.vendor: engine for engine in (SQLite, PostgreSQL)}


def kill(pid):
    with suppress(ProcessLookupError):  # it may have gone by itself
        os.kill(pid, signal.SIGKILL)


def _status(pid):
    """State and parent of a process as the kernel tells them; None where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0], int(fields[1])


def children_of(pid):
    statuses = {int(path.name): _status(path.name) for path in Path("/proc").glob("[0-9]*")}
    return [child for child, status in statuses.items() if status and status[1] == pid]


def is_running(pid):
    status = _status(pid)
    return status is not None and status[0] != "Z"


def wait_for(condition, *, pause=0.02):
    deadline = time.monotonic() + SECONDS_TO_START
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)


class Site:
    """A database and the server over it."""

    def __init__(self, engine, name, *, template="template"):
        self.engine, self.name = engine, name
        self.url = engine.create(name, **({"template": template} if template else {}))
        self.folder = Path(tempfile.mkdtemp(prefix="contract"))
        self.log = self.folder / "log"
        self.port = free_port()
        self._server = None

    def start(self, **variables):
        """Start gunicorn on the site's own port; returns when it answers."""
        environment = server_environment(self.url) | {
            "PINGYI_BIND": f"127.0.0.1:{self.port}",
            "PINGYI_VAR": str(self.folder / "var"),
            # Asked for, so that what it would tell can be seen.
            "PINGYI_ACCESS_LOG": "-",
            # How soon a page says that the system is busy is for `test_locked`; elsewhere the machine may be as slow as it is.
            "PINGYI_LOCK_SECONDS": "60",
            **variables,
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "python:pingyi.gunicorn", "pingyi.wsgi"]
        with self.log.open("ab") as output:
            self._server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_for(self._answers)

    def _answers(self):
        assert self._server.poll() is None, self.log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_START)
        try:
            connection.request("GET", "/v/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def pid(self):
        """The master's, whose children are the workers."""
        return self._server.pid

    def kill(self):
        """SIGKILL to master and workers, which are one group of processes."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def stop(self):
        if self._server and self._server.poll() is None:
            self._server.terminate()
            try:
                self._server.wait(timeout=SECONDS_TO_START)
            except subprocess.TimeoutExpired:
                self.kill()

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments, **environment):
        """Run a command of the project over this site's database and folder; returns the finished process."""
        environment = server_environment(self.url) | {"PINGYI_VAR": str(self.folder / "var")} | environment
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    @contextmanager
    def database(self):
        """The project's own models over this site's database, in this thread."""
        with connected(self.url):
            yield


def _own_ports():
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PROCESSES
    own = PORTS[number * PORTS_OF_PROCESS : (number + 1) * PORTS_OF_PROCESS]
    first = random.randrange(PORTS_OF_PROCESS)
    return itertools.cycle([*own[first:], *own[:first]])


_ports = _own_ports()


def free_port():
    for port in itertools.islice(_ports, PORTS_OF_PROCESS):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def server_environment(url):
    """The environment of a server as in use: nothing of this machine's own server but its interpreter's paths."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PINGYI_", "DJANGO_"))}
    return kept | {"DATABASE_URL": url, "PINGYI_SECRET_KEY": settings.SECRET_KEY, "PYTHONUNBUFFERED": "1"}


def migrate(url, folder):
    environment = server_environment(url) | {"PINGYI_VAR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


@contextmanager
def connected(url):
    """Let this thread's queries go to a database with the very settings that a server would give it."""
    with mock.patch.dict(os.environ, {"DATABASE_URL": url}):
        database = connections.configure_settings({"default": pingyi_settings._database()})["default"]
    own = connections["default"]
    connections["default"] = load_backend(database["ENGINE"]).DatabaseWrapper(database, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = own
