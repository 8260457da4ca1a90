"""Commands (`manage.py`) in the trail: who of the operating system's users ran which one, and how it ended."""

import logging
import os
import pwd
import sqlite3
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from campaigns.models import BegunDeed, Campaign, TrailEntry

from .chain import write_entry
from .objects import ThingInTrail
from .under_way import begin_deed, end_deed

logger = logging.getLogger(__name__)
Result = TrailEntry.Result
COMMAND = TrailEntry.Deed.COMMAND
LABEL = "命令行"
# Arguments that may be told: names of campaigns, units and accounts, never a password or a path.
TOLD = ("campaign", "unit", "username", "kind", "format")
# They put the database there, so that there is none before in which they could be told of.
MAKE_THE_DATABASE = ("restore", "migrate")

# Every other command leaves a row, one that is not known here too.
LEAVE_NO_ROW: dict[str, str] = {
    **dict.fromkeys(
        ("work_exports", "draw_export", "work_rosters", "work_deeds", "send_notices"),
        "后台程序自己的工作，不是谁办的事",
    ),
    **dict.fromkeys(("doctor", "recount", "which_data", "check", "showmigrations"), "只看，不改，不写出文件"),
    "roster_template": "空白的模板",
    "demo": "演示自己的数据库",
    **dict.fromkeys(
        (
            *("collectstatic", "findstatic", "compilemessages", "makemessages", "makemigrations", "optimizemigration"),
            *(
                "squashmigrations",
                "sqlmigrate",
                "sqlflush",
                "sqlsequencereset",
                "inspectdb",
                "startapp",
                "startproject",
            ),
            *("runserver", "test", "testserver"),
        ),
        "改程序的人用的，不碰数据",
    ),
}


def keeping_trail(name: str, execute: Callable) -> Callable:
    """A command that leaves a row of itself, where it changes or hands out anything."""
    if name in LEAVE_NO_ROW:
        return execute

    @wraps(execute)
    def keeping(*arguments, **options):
        if only_looks(name, options):
            return execute(*arguments, **options)
        known = applied_migrations()
        begun = _begin(name, options)
        result = Result.FAILED
        try:
            output = execute(*arguments, **options)
            result = Result.DONE
        except (CommandError, SystemExit) as end:
            result = Result.REFUSED if getattr(end, "code", 1) else Result.DONE
            raise
        finally:
            if name != "migrate" or (applied_migrations() != known and _has_accounts()):
                _end(name, options, begun, result)
        return output

    return keeping


def only_looks(name: str, options: Mapping[str, object]) -> bool:
    """Whether a command that else changes things was told to change nothing."""
    return bool((name == "audit" and options.get("verify")) or (name == "clear_old" and options.get("preview")))


def applied_migrations() -> int:
    """How many migrations the database knows of; none where it is not there yet."""
    if not _is_there():
        return 0
    try:
        return len(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return 0


def system_user() -> str:
    """The user of the operating system, and for whom it acts: 「root（sudo zhang）」."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    behind = os.environ.get("SUDO_USER", "")
    return f"{name}（sudo {behind}）" if behind and behind != name else name


def thing_of_command(name: str, options: Mapping[str, object]) -> ThingInTrail:
    """The command with those of its arguments that may be told, at the unit of the campaign that they name."""
    told = [str(options[option]) for option in TOLD if options.get(option)]
    campaigns = Campaign.objects.filter(title=str(options.get("campaign") or "")).select_related("organizer")
    campaign = campaigns.order_by("pk").first()
    place, unit = (campaign.path, campaign.organizer.name) if campaign else ("", "")
    return ThingInTrail("命令", name[:40], " ".join([name, *told]), place, unit)


def _is_there() -> bool:
    """Whether there is a database: to look into a file that is not there, or is empty, would make it."""
    name = str(connection.settings_dict["NAME"])
    file = Path(name)
    return connection.vendor != "sqlite" or name.startswith("file:") or (file.exists() and file.stat().st_size > 0)


def _has_accounts() -> bool:
    """Whether anybody has begun to use the installation: what makes its tables is no deed."""
    try:
        return User.objects.exists()
    except DatabaseError:
        return False


def _account() -> str:
    return f"{LABEL} {system_user()}"


def _begin(name: str, options: Mapping[str, object]) -> BegunDeed | None:
    """The row that says that it begins; None where the database takes none, which the end tells."""
    if name in MAKE_THE_DATABASE or not _is_there():
        return None
    try:
        with transaction.atomic():
            thing = thing_of_command(name, options)
            return begin_deed(user=None, account=_account(), role="", address="", deed=COMMAND, route=name, thing=thing)
    except (DatabaseError, sqlite3.Error):
        return None


def _end(name: str, options: Mapping[str, object], begun: BegunDeed | None, result: str) -> None:
    """Write the row. A command mends what is broken, so that it is run without one too, and the log says so."""
    try:
        if not _is_there():
            return
        thing = thing_of_command(name, options)
        if begun:
            end_deed(begun, role="", thing=thing, result=result)
        else:
            write_entry(
                user=None,
                account=_account(),
                role="",
                address="",
                deed=COMMAND,
                route=name,
                thing=thing,
                result=result,
            )
    except (DatabaseError, sqlite3.Error) as error:
        logger.error("这件事没有写进审计记录（%s）：%s", name, str(error).partition("\n")[0])
