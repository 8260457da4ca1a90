"""The condition of an installation, in sentences: the database, its log, who may read the files, whether now is a time to copy
them, the machine, the way in from a browser. `manage.py doctor` prints them, the administrators' page shows them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ballots.counting import erasing
from campaigns.models import Poll

from .backups.records import OLD_AFTER, last_backup
from .front_door import look_at_front_door
from .machine import look_over_machine
from .remarks import FAULT, FINE, WARNING, Remark
from .trail.chain import faults_at_end

SHOWN = 5
# Of the trail, so that the page of administrators need not wait for years of it.
ROWS_OF_TRAIL = 200


def look_over(*, is_thorough: bool) -> list[Remark]:
    """Everything that was looked at; a thorough look reads the whole of an SQLite file, which takes long in a large one."""
    remarks: list[Remark] = []
    looks: tuple[Callable[[], Iterator[Remark]], ...] = (
        _pooler,
        _migrations,
        _polls,
        _traces,
        _log,
        _modes,
        _backup,
        _trail,
        look_over_machine,
    )
    try:
        remarks += _database(is_thorough=is_thorough)
        for look in looks:
            remarks += look()
        remarks += look_at_front_door(is_thorough=is_thorough)
    except DatabaseError as error:
        remarks.append(Remark(FAULT, f"数据库读不出来：{error}"))
    return remarks


def _database(*, is_thorough: bool) -> Iterator[Remark]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite" and is_thorough:
            cursor.execute("PRAGMA quick_check(1)")
            (answer,) = cursor.fetchone()
            if answer != "ok":
                yield Remark(FAULT, f"数据库文件有损坏：{answer}。请停止服务，从备份恢复。")
                return
        else:
            cursor.execute("SELECT 1")
    yield Remark(FINE, f"数据库（{connection.display_name}）可以读。")


def _pooler() -> Iterator[Remark]:
    """Whether a pool such as pgbouncer stands between, which tells a number of its own for the server's process; and whether
    the server gives up waiting, as a pool leaves out what a connection asks for when it begins."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('lock_timeout')")
        number, patience = cursor.fetchone()
    if number != connection.connection.info.backend_pid:
        sentence = (
            "数据库前面有连接池（如pgbouncer）：只能用 session 模式。transaction、statement 模式下事先准备的语句会出错，"
            "投票慢一倍或者失败。见 docs/deploy.md 第八节，最好直接连PostgreSQL。"
        )
        yield Remark(WARNING, sentence)
    if patience == "0":
        sentence = (
            "数据库被占用时会一直等：连接里的 lock_timeout 没有生效（连接池略去了它）。"
            "请执行 ALTER ROLE 账号 SET lock_timeout = '4s'，见 docs/deploy.md 第八节。"
        )
        yield Remark(WARNING, sentence)


def _migrations() -> Iterator[Remark]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Remark(FAULT, f"有{len(waiting)}个数据库迁移没有执行。请执行 manage.py migrate，或者 make setup。")
    else:
        yield Remark(FINE, "数据库迁移都已执行。")


def _polls() -> Iterator[Remark]:
    count = Poll.objects.filter(state__in=[Poll.State.OPEN, Poll.State.CLOSED]).count()
    if count:
        yield Remark(
            WARNING,
            f"有{count}个评议点在收票或者还没有封存：现在复制的数据库、它的日志和密钥，同印出的选票码条放在一起，"
            "可以查出哪个码投了哪张票。请在封存以后再做备份；已有的这样的备份，封存以后请销毁。",
        )
    else:
        yield Remark(FINE, "没有正在收票、等待封存的评议点，可以复制数据。")


def _traces() -> Iterator[Remark]:
    count = Poll.objects.awaiting_erasure().count()
    if count:
        yield Remark(
            WARNING,
            f"有{count}个评议点封存已完成，痕迹清除等待中：删去的票还有字节在数据库的文件里，现在不要复制。"
            "请让后台程序（manage.py work_exports）运行，并结束正在读数据库的备份等程序。",
        )
    else:
        yield Remark(FINE, "封存的评议点都已清除痕迹。")


def _log() -> Iterator[Remark]:
    size = erasing.log_size()
    if size:
        yield Remark(WARNING, f"SQLite的预写日志里有{size}字节，还没有并入数据库；后台程序在没有人写的时候清空它。")
    elif erasing.log_path():
        yield Remark(FINE, "SQLite的预写日志是空的。")


def _modes() -> Iterator[Remark]:
    """Whether anybody but the owner can read what is generated; fonts and static files are nobody's secret."""
    folder = Path(settings.VAR_DIR)
    keys = [folder / name for name in ("secret_key", "secret_key_fallbacks", "code_key")]
    private = [folder, *keys, *_database_files()]
    for name in ("uploads", "exports", "attachments"):
        private += [folder / name, *(folder / name).rglob("*")]
    readable = [path for path in private if path.exists() and path.stat().st_mode & 0o077]
    if readable:
        names = "、".join(str(path) for path in readable[:SHOWN])
        yield Remark(FAULT, f"下列文件别的账号也能读，请改为只有本账号可读（chmod go= 文件）：{names}")
    else:
        yield Remark(FINE, f"{folder} 里的数据只有本账号可读。")


def _backup() -> Iterator[Remark]:
    """The age of the last backup that the program made and read back; of others it knows nothing."""
    last = last_backup()
    if last is None:
        yield Remark(WARNING, "没有备份记录。请用 manage.py backup 做一份，存到别的机器或者移动硬盘上。")
        return
    told = f"{timezone.localtime(last.made_at):%Y-%m-%d %H:%M}（{last.bytes / 1e6:.1f} MB，{last.path}）"
    if last.is_old:
        yield Remark(WARNING, f"最近一次备份是{told}，已经超过{OLD_AFTER.days}天。请用 manage.py backup 再做一份。")
    else:
        yield Remark(FINE, f"最近一次备份：{told}。")


def _trail() -> Iterator[Remark]:
    """Whether the last rows of the trail follow each other; all of them are checked by `manage.py audit --verify`."""
    if fault := next(faults_at_end(ROWS_OF_TRAIL), None):
        sentence = (
            f"审计记录第{fault.number}条{fault.sentence}。请用 manage.py audit --verify 逐条核对，查清以前不要归档。"
        )
        yield Remark(FAULT, sentence)
    else:
        yield Remark(FINE, f"审计记录的最后{ROWS_OF_TRAIL}条接得上。")


def _database_files() -> list[Path]:
    path = erasing.log_path()
    return [path, path.with_name(path.name.removesuffix("-wal"))] if path else []
