"""The way from the demo to earnest use: the first administrator is written into the real database, which the demo's
programs never open themselves, and the server goes over to it."""

import os
import secrets
import signal
import subprocess
import sys

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction

from pingyi.addresses import is_at_machine

from ..models import AccountDeed
from .deeds import record_deed

# How the command ends that opens the first account where there is one already.
IN_USE_STATUS = 3
SECONDS_TO_BEGIN = 60


class AlreadyInUse(Exception):
    """The database has an account: whoever administers there opens others."""

    def __init__(self):
        super().__init__("正式的数据库里已经有账号，不能再建首任管理员；其他账号由已有的管理员在账号页新增。")


class CannotBegin(Exception):
    """The real database could not be written; the message is for whoever stands at the machine."""


def is_in_use() -> bool:
    """Whether anybody has an account in this database."""
    return User.objects.exists()


def open_first_administrator(username: str, *, name: str, password: str) -> User:
    """Open the account that administers everything, in a database without any; raises AlreadyInUse.

    The password has been looked at by the form. Of two at the same time one waits, and is refused.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {User._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        if is_in_use():
            raise AlreadyInUse
        account = User.objects.create_superuser(username, password=password, first_name=name)
        record_deed(account, AccountDeed.Kind.OPENED, by=None)
    return account


def begin_in_earnest(username: str, *, name: str, password: str) -> None:
    """Let the command of that name open the first account in the real database; raises AlreadyInUse and CannotBegin."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "first_administrator"]
    try:
        ended = subprocess.run(
            [*command, f"--name={name}", "--", username],
            input=password,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PINGYI_DEMO": "0"},
            stdout=subprocess.DEVNULL,
            timeout=SECONDS_TO_BEGIN,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotBegin("正式的数据库没有回答，没有建成账号，请稍后再试。") from error
    if ended.returncode == IN_USE_STATUS:
        raise AlreadyInUse
    if ended.returncode:
        raise CannotBegin("正式的数据库没有写成，原因显示在启动评议系统的屏幕上。")


def may_begin(request) -> bool:
    """Whether the demo's page may open the first account: at this machine, where the start showed a code."""
    return bool(settings.START_CODE) and is_at_machine(request)


def is_start_code(text: str) -> bool:
    return bool(settings.START_CODE) and secrets.compare_digest(
        text.strip().lower().encode(), settings.START_CODE.encode()
    )


def go_over() -> bool:
    """Ask whoever started the server to start it anew with the real database; False where nobody would."""
    if os.environ.get("PINGYI_GOES_OVER") != "1":
        return False
    os.kill(os.getppid(), signal.SIGTERM)
    return True


def demo_context(request):
    """Template context: whether this is the demo."""
    return {"is_demo": settings.DEMO}
