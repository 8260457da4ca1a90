"""Each command that changes or hands out anything leaves a row, with the system's user and without what is secret."""

import os
import pwd
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from ballots.counting import sealing
from campaigns.accounts import second_factor
from campaigns.models import BegunDeed, TrailEntry
from pingyi.commanding import KeptCommands
from reports.trail import commands
from reports.trail.chain import faults
from reports.trail.commands import LEAVE_NO_ROW, keeping_trail, system_user
from reports.trail.reading import trail_visible_to
from tests.factories import make_organization, make_sealed_poll, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OURS = {name for name, place in get_commands().items() if place in ("campaigns", "ballots", "reports")}
# They are run in tests/contract/test_backups.py.
ELSEWHERE = {"backup", "restore", "move"}


def run(name, *arguments, **options):
    """As `manage.py` runs it, but for the end of the process."""
    command = KeptCommands(["manage.py", name]).fetch_command(name)
    return call_command(command, *arguments, stdout=StringIO(), stderr=StringIO(), **options)


def rows():
    return list(TrailEntry.objects.order_by("number").values_list("route", "object_name", "result"))


@pytest.mark.parametrize("name", sorted(get_commands()))
def test_every_command_is_kept_or_stands_in_the_list_of_those_without(name):
    done = []

    keeping_trail(name, lambda *arguments, **options: done.append(options))(password="secret", name="姓名")

    leaves_none = name in LEAVE_NO_ROW or name == "migrate"
    assert done == [{"password": "secret", "name": "姓名"}]
    assert rows() == ([] if leaves_none else [(name, name, "done")])
    assert not BegunDeed.objects.exists()


def test_the_list_names_commands_that_are_there_each_with_a_reason():
    assert LEAVE_NO_ROW.keys() <= get_commands().keys()
    assert all(LEAVE_NO_ROW.values())


def prepare_factor():
    secret = second_factor.new_secret()
    second_factor.add_factor(make_user("owner"), secret, second_factor.code_at(secret, second_factor.present_step()))


@pytest.fixture
def sealed():
    poll = make_sealed_poll()
    sealing.erase_traces()
    return poll


# The arguments of each, and the name of the row's thing.
RUNS = {
    "audit": lambda poll, folder: (["--archive", folder / "trail"], "audit"),
    "clear_old": lambda poll, folder: ([], "clear_old"),
    "export_report": lambda poll, folder: (
        [
            *("--campaign", poll.campaign.title, "--unit", poll.organization.name, "--kind", "results"),
            *("--format", "xlsx", "--output", folder / "table.xlsx"),
        ],
        f"export_report {poll.campaign.title} {poll.organization.name} results xlsx",
    ),
    "first_administrator": lambda poll, folder: (["chief"], "first_administrator chief"),
    "import_ballots": lambda poll, folder: (
        ["--campaign", poll.campaign.title, folder / "none.csv"],
        f"import_ballots {poll.campaign.title}",
    ),
    "load_campaign": lambda poll, folder: ([folder / "none.json"], "load_campaign"),
    "recount_kit": lambda poll, folder: (
        ["--campaign", poll.campaign.title, "--output", folder / "kit.zip"],
        f"recount_kit {poll.campaign.title}",
    ),
    "save_campaign": lambda poll, folder: (
        ["--campaign", poll.campaign.title, "--output", folder / "campaign.json"],
        f"save_campaign {poll.campaign.title}",
    ),
    "take_second_factor": lambda poll, folder: (["owner"], "take_second_factor owner"),
    "tally": lambda poll, folder: (["--campaign", poll.campaign.title], f"tally {poll.campaign.title} json"),
}
REFUSED = {"audit", "first_administrator", "import_ballots", "load_campaign"}


def test_each_command_of_ours_is_run():
    assert RUNS.keys() == OURS - LEAVE_NO_ROW.keys() - ELSEWHERE


@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_command_leaves_its_row(name, sealed, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("一个长长的口令不在这里\n"))
    if name == "take_second_factor":
        prepare_factor()
    arguments, thing = RUNS[name](sealed, tmp_path)

    try:
        run(name, *map(str, arguments))
        result = "done"
    except (CommandError, SystemExit):
        result = "refused"

    entry = TrailEntry.objects.get()
    organizer = sealed.campaign.organizer
    assert result == ("refused" if name in REFUSED else "done")
    assert rows() == [(name, thing, result)]
    assert (entry.account, entry.user, entry.deed, entry.address) == (f"命令行 {system_user()}", None, "command", "")
    assert entry.unit == (organizer.name if sealed.campaign.title in thing else "")
    assert not any("口令" in str(getattr(entry, field.attname)) for field in TrailEntry._meta.concrete_fields)
    assert list(faults()) == []


def test_a_look_leaves_none():
    run("audit", "--verify")
    run("clear_old", "--preview")

    assert rows() == []


def test_an_error_is_told_as_one_and_a_kill_as_interrupted(monkeypatch):
    monkeypatch.setattr(commands, "_end", lambda *facts: None)
    keeping_trail("tally", lambda **options: None)()
    begun = BegunDeed.objects.get()
    monkeypatch.undo()

    with pytest.raises(ZeroDivisionError):
        keeping_trail("backup", lambda **options: 1 / 0)()

    assert (begun.route, begun.account) == ("tally", f"命令行 {system_user()}")
    assert rows() == [("backup", "backup", "failed")]


def test_a_migration_leaves_a_row_where_anything_was_changed():
    def apply(**options):
        MigrationRecorder.Migration.objects.create(app="campaigns", name="9999_next", applied=timezone.now())

    keeping_trail("migrate", apply)()
    without_accounts = rows()
    MigrationRecorder.Migration.objects.filter(name="9999_next").delete()
    make_user("somebody")
    keeping_trail("migrate", apply)()

    assert (without_accounts, rows()) == ([], [("migrate", "migrate", "done")])


def test_a_command_goes_on_without_the_trail_and_the_log_says_so(monkeypatch, caplog):
    def refuse(**facts):
        raise DatabaseError("no such table")

    monkeypatch.setattr(commands, "begin_deed", refuse)
    monkeypatch.setattr(commands, "write_entry", refuse)

    assert keeping_trail("backup", lambda **options: "made")() == "made"
    assert "没有写进审计记录（backup）：no such table" in caplog.text


def test_who_is_behind_sudo_is_told(monkeypatch):
    name = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.delenv("SUDO_USER", raising=False)
    alone = system_user()
    monkeypatch.setenv("SUDO_USER", "zhang")

    assert (alone, system_user()) == (name, f"{name}（sudo zhang）")


def test_a_database_that_is_not_there_is_not_made(monkeypatch, tmp_path):
    monkeypatch.setattr(commands, "connection", Nowhere(tmp_path / "none.sqlite3"))

    keeping_trail("tally", lambda **options: None)()

    assert rows() == []
    assert list(tmp_path.iterdir()) == []


class Nowhere:
    vendor = "sqlite"

    def __init__(self, path):
        self.settings_dict = {"NAME": path}


def test_commands_are_read_by_the_auditor_of_all_and_no_other(sealed):
    top = sealed.campaign.organizer
    branch = make_organization("第一支部", parent=top, kind="branch")
    run("clear_old")

    seen = [
        trail_visible_to(make_user(f"auditor{unit.pk}", kind="auditor", organization=unit)).count()
        for unit in (top, branch)
    ]

    assert seen == [1, 0]


def test_rows_of_half_a_year_ago_are_archived_with_a_row_of_that(tmp_path):
    run("clear_old")
    later = timezone.now() + timedelta(days=200)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        run("audit", "--archive", str(tmp_path / "trail"))

    assert rows() == [("audit", "audit", "done")]
    assert list(faults()) == []
