"""The machine under an installation, in remarks: fonts, disk, clock, keys, worker, unlocked copies, mail, the database's log."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from pingyi.heartbeat import has_worker, seconds_of_silence

from .backups.records import last_backup
from .remarks import FAULT, FINE, WARNING, Remark

FACES = ("FandolFang-Regular", "FandolKai-Regular", "FandolHei-Regular", "FandolSong-Regular", "FandolSong-Bold")
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * 2**30, 200 * 2**20
SHORTEST_KEY = 32
FARTHEST_CLOCKS = timedelta(seconds=30)
# An archive or copy that somebody laid beside the data; a working folder that a killed backup left behind.
COPIES = ("*.sqlite3*", "*.dump", "*.sql", "*.sql.gz", "backup*/contents")
_CLOCK_IS_ADRIFT = 5  # TIME_ERROR of <sys/timex.h>


def look_over_machine() -> Iterator[Remark]:
    for look in (_fonts, _disk, _clock, _keys, _worker, _copies, _mail, _statements):
        yield from look()


def _fonts() -> Iterator[Remark]:
    missing = [name for name in FACES if not (Path(settings.FONTS_DIR) / f"{name}.otf").is_file()]
    if missing:
        yield Remark(
            WARNING,
            f"公文字体缺{len(missing)}种（{'、'.join(missing)}），PDF 里用 Noto 宋体代替。"
            f"请执行 make setup，或者把 .otf 文件放进 {settings.FONTS_DIR}。",
        )
    else:
        yield Remark(FINE, "公文字体齐全。")


def _disk() -> Iterator[Remark]:
    free = shutil.disk_usage(settings.VAR_DIR).free
    told = f"{settings.VAR_DIR} 所在的磁盘剩余 {free / 1e9:.1f} GB"
    if free < TOO_LITTLE_SPACE:
        yield Remark(FAULT, f"{told}，快满了：投票会被拒绝。请马上清理，如旧的备份、日志。")
    elif free < LITTLE_SPACE:
        yield Remark(WARNING, f"{told}，不多了。备份时要有数据库两倍的空间，请清理旧的备份、日志。")
    else:
        yield Remark(FINE, f"{told}。")


def _clock() -> Iterator[Remark]:
    """The clock decides when phones may cast, when announcements end, and whether a factor's code is right."""
    now, earliest = timezone.now(), _surely_past()
    if now < earliest:
        yield Remark(
            FAULT,
            f"本机的时钟是{timezone.localtime(now):%Y-%m-%d %H:%M}，比以前记下的"
            f"{timezone.localtime(earliest):%Y-%m-%d %H:%M}还早。请校准时钟（timedatectl set-ntp true）。",
        )
    elif (apart := abs(now - _time_of_database(now))) > FARTHEST_CLOCKS:
        yield Remark(FAULT, f"本机与数据库服务器的时钟相差{apart.total_seconds():.0f}秒。请两台都用 NTP 校准。")
    elif not clock_is_kept():
        yield Remark(
            WARNING,
            "系统没有在用 NTP 校准时钟。请执行 timedatectl set-ntp true（说不支持的，先安装软件包 systemd-timesyncd）；"
            "没有网络的，开会以前对照手机看一眼时间。",
        )
    else:
        yield Remark(FINE, "时钟由系统校准。")


def _surely_past():
    """The latest moment that this installation wrote down long ago."""
    moments = [MigrationRecorder.Migration.objects.order_by("-applied").values_list("applied", flat=True).first()]
    if last := last_backup():
        moments.append(last.made_at)
    return max(filter(None, moments))


def _time_of_database(now):
    if connection.vendor == "sqlite":
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def clock_is_kept() -> bool:
    """Whether a program keeps the system's clock, as the kernel knows; True where the kernel cannot be asked."""
    try:
        return ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) != _CLOCK_IS_ADRIFT
    except (AttributeError, OSError):
        return True


def _keys() -> Iterator[Remark]:
    kept = Path(settings.VAR_DIR) / "secret_key"
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield Remark(
            FAULT,
            f"密钥（PINGYI_SECRET_KEY）只有{len(settings.SECRET_KEY)}个字，猜得出来。请换成 openssl rand -hex 32 给出的，"
            "旧的写进 PINGYI_SECRET_KEY_FALLBACKS，印出的码条仍然有效。",
        )
    elif kept.is_file() and kept.read_text().strip() not in {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS}:
        yield Remark(
            WARNING,
            f"{kept} 里有一个以前的密钥，现在用的是另一个：用它印出的码条、发出的链接打不开。"
            "请把它写进 PINGYI_SECRET_KEY_FALLBACKS；确实不再用的，删去这个文件。",
        )
    else:
        yield Remark(FINE, "密钥够长，没有被忘下的旧密钥。")


def _worker() -> Iterator[Remark]:
    if has_worker():
        yield Remark(FINE, "后台程序在运行。")
        return
    silent = seconds_of_silence()
    since = "从来没有动静" if silent is None else f"已经{silent / 60:.0f}分钟没有动静"
    yield Remark(
        FAULT,
        f"后台程序{since}：批量导出、清除痕迹都停着。请启动它（systemctl restart pingyi-worker，或者 make run 带着它）。",
    )


def _copies() -> Iterator[Remark]:
    """Copies of the data that no passphrase locks; whoever takes them along has everything."""
    folder = Path(settings.VAR_DIR)
    own = str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else ""
    copies = sorted(
        path
        for pattern in COPIES
        for path in folder.glob(pattern)
        if not (own and str(path).removesuffix("-wal").removesuffix("-shm") == own)
    )
    if copies:
        yield Remark(
            WARNING,
            f"数据旁边有没有加密的副本，请移走或者销毁（shred -u）：{'、'.join(os.fspath(path) for path in copies)}",
        )
    else:
        yield Remark(FINE, "数据旁边没有未加密的副本。")


def _mail() -> Iterator[Remark]:
    """Nothing where no mail is sent."""
    if not settings.HAS_MAIL:
        return
    try:
        with get_connection():
            pass
    except OSError as error:
        yield Remark(
            FAULT,
            f"邮件服务器连不上（{error}），提醒发不出去。请核对 PINGYI_EMAIL_URL 的地址、端口、账号，"
            "改好以后在系统管理页“发一封试试”。",
        )
        return
    if settings.SITE:
        yield Remark(FINE, "邮件服务器连得上。")
    else:
        yield Remark(WARNING, "邮件服务器连得上；没有设 PINGYI_SITE，提醒里没有网址。")


def _statements() -> Iterator[Remark]:
    """PostgreSQL's log must not keep the statement of a ballot that failed: code and marks stand in it together."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('log_min_error_statement'), current_setting('log_statement'), current_user"
        )
        of_errors, of_all, role = cursor.fetchone()
    if of_errors == "panic" and of_all in ("none", "ddl"):
        yield Remark(FINE, "数据库的日志不记投票的语句。")
    else:
        yield Remark(
            FAULT,
            "数据库的日志会记下出错的语句，投票的语句里选票码和票面在一起。请由数据库管理员执行 "
            f"ALTER ROLE {role} SET log_min_error_statement = 'panic'; ALTER ROLE {role} SET log_statement = 'none'; "
            "再重新启动网页服务和后台程序。",
        )
