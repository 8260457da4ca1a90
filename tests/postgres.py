"""A private PostgreSQL for one command: a fresh cluster in a temporary folder, gone when the command ends.

    python tests/postgres.py pytest -m database

runs the command with DATABASE_URL set. Nothing listens on the network; the cluster is reached by a socket in its
own folder. PostgreSQL refuses to run as root, so root runs it as the user postgres.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

ACCOUNT = "postgres"
# The data is thrown away after the run: a power cut may take it.
SETTINGS = {
    "fsync": "off",
    # As the README asks of every installation: a ballot that fails is not kept in the log.
    "log_min_error_statement": "panic",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # Its statistics look at an older state of the database now and then, for which deleted rows are kept.
    "autovacuum": "off",
    "jit": "off",  # compiling a query takes longer than running it on a handful of rows
    "max_connections": "200",
    "listen_addresses": "",
}
# A socket's path has at most 107 characters, and the account must be able to enter.
SHORT_FOLDER = "/tmp"
SECONDS_TO_START = 180
# The variable with the URLs of all clusters of a run.
CLUSTERS = "DATABASE_URLS"


class ClusterError(Exception):
    """PostgreSQL is not there or does not start; the message says what to do."""


def program(name):
    """The path of one of the server's programs, which Debian keeps off the path."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    if folders:
        return str(max(folders, key=lambda folder: int(folder.parent.name)) / name)
    on_path = shutil.which(name)
    if not on_path:
        raise ClusterError("没有找到 PostgreSQL（Debian、Ubuntu：apt-get install postgresql）。")
    return on_path


def account():
    """How to start a program as somebody who is not root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise ClusterError(f"root 不能运行 PostgreSQL，又没有用户 {ACCOUNT}。请用普通用户执行测试。") from None
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def private_cluster(**settings):
    """Yield the DATABASE_URL of a fresh cluster; stop and remove it afterwards, whatever happened.

    The server's settings are those for throw-away data but for those given: measuring wants fsync="on".
    """
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=SHORT_FOLDER))
    server = None
    try:
        initialize(folder)
        server = start(folder, SETTINGS | settings)
        yield url(folder)
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def url(folder, database="postgres"):
    """The DATABASE_URL of a database in the folder's cluster."""
    return f"postgres://{ACCOUNT}@{quote(str(folder), safe='')}/{database}"


def initialize(folder):
    """Make a cluster in the folder."""
    if owner := account():
        os.chown(folder, owner["user"], owner["group"])
    cluster = folder / "data"
    making = [program("initdb"), "-D", cluster, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(making, cwd=folder, capture_output=True, text=True, check=False, **account())
    if made.returncode:
        raise ClusterError(f"initdb 失败：\n{made.stderr}")


def start(folder, settings=SETTINGS):
    """Start the server of the folder's cluster; returns when it answers."""
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as output:
        # A session of its own: Ctrl+C reaches the tests first, and `stop` the server.
        server = subprocess.Popen(
            [program("postgres"), "-D", folder / "data", "-k", folder, *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **account(),
        )
    try:
        wait_until_ready(server, folder)
    except BaseException:
        stop(server)
        raise
    return server


def wait_until_ready(server, folder):
    """Return when the server takes connections; stop waiting when it has died."""
    asking = [program("pg_isready"), "-q", "-h", folder, "-U", ACCOUNT]
    deadline = time.monotonic() + SECONDS_TO_START
    while subprocess.run(asking, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise ClusterError(f"PostgreSQL 没有启动：\n{(folder / 'log').read_text(errors='replace')}")
        time.sleep(0.1)


def stop(server):
    """End a server at once; its connections are dropped."""
    if server is None or server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)  # "fast" shutdown
    try:
        server.wait(timeout=60)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # "immediate"
        server.wait()


def processes_of(command):
    """How many processes run the tests of a command (`-n 2`), one where it does not say."""
    return int(command[command.index("-n") + 1]) if "-n" in command else 1


def own_host(worker):
    """The folder of the cluster of one of pytest's processes (gw0, gw1); None where there is only one for all.

    A transaction anywhere in a cluster keeps `VACUUM FULL` from leaving deleted rows out, in every database of it.
    """
    urls = os.environ.get(CLUSTERS, "").split()
    if not worker or not urls:
        return None
    return unquote(urlsplit(urls[int(worker.removeprefix("gw")) % len(urls)]).netloc.rpartition("@")[2])


def main(command):
    # A termination must unwind like an interrupt, or the server outlives us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(128 + signal.SIGHUP))
    try:
        with ExitStack() as clusters:
            urls = [clusters.enter_context(private_cluster()) for _ in range(processes_of(command))]
            named = {"DATABASE_URL": urls[0], CLUSTERS: " ".join(urls)}
            return subprocess.run(command, env=os.environ | named, check=False).returncode
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
