"""Two answers for whoever watches the server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from pingyi.heartbeat import beat

ROOT = Path(__file__).resolve().parent.parent
# The answers of a server in production to plain http from its own machine.
ASKING = """
import django; django.setup()
from django.test import Client
for path in ("/healthz", "/readyz", "/metrics", "/login/"):
    print(Client().get(path, HTTP_HOST="127.0.0.1").status_code)
"""


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_process_answers_without_asking_the_database(client):
    answer = client.get(reverse("healthz"))

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies


@pytest.mark.django_db
def test_the_server_is_ready_while_its_database_answers(client, monkeypatch):
    beat()
    assert client.get(reverse("readyz")).status_code == 200

    def gone():
        raise OperationalError("the database is gone, says host db.example")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get(reverse("readyz"))

    assert answer.status_code == 503
    assert "db.example" not in answer.content.decode()


@pytest.mark.django_db
def test_the_server_is_not_ready_without_its_worker(client):
    answer = client.get(reverse("readyz"))

    assert (answer.status_code, answer.content.decode()) == (503, "后台程序（manage.py work_exports）没有运行\n")


def test_nothing_can_be_sent_to_them(client):
    assert client.post(reverse("healthz")).status_code == 405


def test_whoever_watches_in_plain_http_is_not_sent_to_https(tmp_path):
    environment = os.environ | {
        "PINGYI_HTTPS": "1",
        "PINGYI_HOSTS": "pingyi.example.org,127.0.0.1",
        "PINGYI_VAR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "pingyi.settings",
    }

    told = subprocess.run(
        [sys.executable, "-c", ASKING], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == ["200", "503", "200", "301"]
