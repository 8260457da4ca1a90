"""The real worker lets another process send: a mail arrives once, however many workers there are, over both databases."""

import itertools
import os
import subprocess
import sys

import pytest
from django.utils import timezone

from reports.models import Notice
from tests.factories import make_mail_address, make_user
from tests.reports.notices.servers import mail_server

from .servers import ROOT, connected, server_environment

pytestmark = pytest.mark.slow
_numbers = itertools.count(1)


@pytest.fixture
def url(engine, django_db_blocker):
    with django_db_blocker.unblock():
        yield engine.create(f"notices_{next(_numbers)}", template="template")


def worker(url, folder, port):
    mail = {"PINGYI_EMAIL_URL": f"smtp://127.0.0.1:{port}", "PINGYI_EMAIL_FROM": "pingyi@example.cn"}
    environment = server_environment(url) | {"PINGYI_VAR": str(folder)} | mail
    command = [sys.executable, "manage.py", "work_exports", "--until-idle"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)


def test_workers_send_what_waits_once_and_end(url, tmp_path):
    os.symlink(ROOT / "var" / "fonts", tmp_path / "fonts")
    with connected(url):
        user = make_user()
        make_mail_address(user)
        for number in range(5):
            facts = {"matter": f"late:{number}:1", "subject": f"第{number}件", "text": "【评议提醒】"}
            Notice.objects.create(**facts, user=user, day=timezone.localdate())

    with mail_server() as server:
        workers = [worker(url, tmp_path, server.server_address[1]) for _ in range(2)]
        codes = [process.wait(timeout=180) for process in workers]

    with connected(url):
        states = list(Notice.objects.values_list("state", "tries"))
    assert codes == [0, 0]
    assert states == [("sent", 1)] * 5
    assert len(server.mails) == 5
