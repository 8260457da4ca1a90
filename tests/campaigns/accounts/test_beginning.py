"""The first account of the real database: opened once, by whoever stands at the machine."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from campaigns.accounts import beginning
from campaigns.accounts.beginning import AlreadyInUse, CannotBegin
from campaigns.models import AccountDeed
from tests import empty
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "fan-shui-qiao-lou-27"
CODE = "7rk3-qmzt"


@pytest.fixture
def typed(monkeypatch):
    """`typed(password)` is what comes in by the pipe."""
    return lambda password: monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))


def test_the_first_account_administers_everything_and_is_in_the_history(db):
    account = beginning.open_first_administrator("root", name="张三", password=PASSWORD)

    deed = AccountDeed.objects.get()
    assert (account.is_superuser, account.first_name, account.check_password(PASSWORD)) == (True, "张三", True)
    assert (deed.account, deed.kind, deed.done_by) == (account, "opened", None)


def test_there_is_no_second_first_account(db):
    make_user("teller")

    with pytest.raises(AlreadyInUse):
        beginning.open_first_administrator("root", name="张三", password=PASSWORD)

    assert User.objects.get().username == "teller"


def test_the_command_takes_the_password_from_a_pipe(db, typed):
    typed(PASSWORD)

    call_command("first_administrator", "root", stdout=io.StringIO())

    assert User.objects.get(username="root").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [
        ("root", "12345", "密码"),
        ("root", "pingyi2026", "太容易猜"),
        ("张 三", PASSWORD, "用户名"),
        ("", PASSWORD, "用户名"),
    ],
)
def test_the_command_keeps_the_rules_of_every_account(db, typed, username, password, reason):
    typed(password)

    with pytest.raises(CommandError, match=reason):
        call_command("first_administrator", username)

    assert not User.objects.exists()


def test_the_command_tells_a_database_in_use_by_its_exit_code(db, typed):
    make_user("teller")
    typed(PASSWORD)

    with pytest.raises(CommandError) as refusal:
        call_command("first_administrator", "root")

    assert refusal.value.returncode == beginning.IN_USE_STATUS


def test_the_command_writes_nothing_into_the_demo(db, settings, typed):
    settings.DEMO = True
    typed(PASSWORD)

    with pytest.raises(CommandError, match="演示"):
        call_command("first_administrator", "root")

    assert not User.objects.exists()


def test_a_database_is_in_use_as_soon_as_anybody_has_an_account(db):
    def answer():
        output = io.StringIO()
        call_command("which_data", stdout=output)
        return output.getvalue().strip()

    before = answer()
    make_user("teller")

    assert (before, answer()) == ("demo", "real")


@pytest.fixture
def real(monkeypatch, tmp_path):
    """`real(code)` runs code beside a real database of its own, as programs of the demo leave the environment to it."""
    monkeypatch.setenv("PINGYI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'real.sqlite3'}")
    monkeypatch.setenv("PINGYI_DEMO", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "pingyi.settings")

    def run(code, demo="0"):
        command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
        environment = os.environ | {"PINGYI_DEMO": demo}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    return run


NAME = "from django.conf import settings as s; print(s.DATABASES['default']['NAME'], s.SECRET_KEY, s.EXPORTS_DIR)"


def test_the_demo_has_a_database_a_key_and_files_of_its_own_whatever_the_variables_say(real, monkeypatch, tmp_path):
    monkeypatch.setenv("PINGYI_SECRET_KEY", "known")

    database, key, exports = real(NAME).split()
    demo_database, demo_key, demo_exports = real(NAME, demo="1").split()

    assert (database, key) == (str(tmp_path / "real.sqlite3"), "known")
    assert demo_database == str(tmp_path / "var" / "demo" / "demo.sqlite3")
    assert demo_key != key and demo_exports != exports


@pytest.mark.slow
def test_the_demo_s_page_opens_the_account_in_the_real_database_once(real, django_db_setup, tmp_path):
    empty.begin(tmp_path / "real.sqlite3")
    real("from django.core.management import call_command; call_command('migrate', verbosity=0)")

    beginning.begin_in_earnest("root", name="张三", password=PASSWORD)
    with pytest.raises(AlreadyInUse):
        beginning.begin_in_earnest("second", name="李四", password=PASSWORD)

    asked = f"from django.contrib.auth.models import User as U; print([(u.username, u.check_password('{PASSWORD}')) for u in U.objects.all()])"
    assert real(asked).strip() == "[('root', True)]"


def test_where_the_real_database_cannot_be_written_the_page_hears_of_it(real):
    with pytest.raises(CannotBegin, match="没有写成"):
        beginning.begin_in_earnest("root", name="张三", password=PASSWORD)


@pytest.mark.parametrize(
    ("code", "remote", "expected"), [(CODE, "127.0.0.1", True), ("", "127.0.0.1", False), (CODE, "10.0.0.9", False)]
)
def test_only_at_the_machine_and_where_a_code_was_shown_may_the_page_begin(settings, code, remote, expected):
    settings.START_CODE = code

    assert beginning.may_begin(RequestFactory(SERVER_NAME="localhost").get("/", REMOTE_ADDR=remote)) is expected


def test_the_code_is_taken_in_capitals_and_no_empty_code_is_right(settings):
    settings.START_CODE = CODE
    taken = [beginning.is_start_code(text) for text in (CODE, f" {CODE.upper()} ", "7rk3-qmzu", "")]
    settings.START_CODE = ""

    assert taken == [True, True, False, False]
    assert not beginning.is_start_code("")


def test_a_server_that_nobody_would_start_anew_goes_on(monkeypatch):
    monkeypatch.delenv("PINGYI_GOES_OVER", raising=False)
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("told to end"))

    assert beginning.go_over() is False
