"""The figures for Prometheus: about the installation, for its own machine, and without a count of anybody's doings."""

import shutil
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from pingyi.failures import Failure, failure_count, note_failure
from pingyi.heartbeat import beat
from reports.backups.records import note_backup
from tests.factories import cast_ballots, make_batch, make_export, make_open_poll, make_user

pytestmark = pytest.mark.django_db
AT_MACHINE = {"HTTP_HOST": "127.0.0.1:8000"}


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def figures(client):
    """The samples by name, or by name and label."""
    answer = client.get(reverse("metrics"), **AT_MACHINE)
    assert answer["Content-Type"].startswith("text/plain; version=")
    return {
        ".".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_the_figures_tell_how_the_installation_stands(client, var):
    errors = failure_count(Failure.ERROR)
    before = figures(client)
    beat()
    (var / "a.backup").write_bytes(b"1")
    note_backup(var / "a.backup", boxes=3)
    make_export(make_open_poll().campaign, by=make_user())
    note_failure(Failure.ERROR)

    told = figures(client)

    assert before["pingyi_database_up"] == told["pingyi_database_up"] == 1
    assert not {"pingyi_worker_silence_seconds", "pingyi_backup_age_seconds"} & {*before}
    assert 0 <= told["pingyi_worker_silence_seconds"] < 60 and 0 <= told["pingyi_backup_age_seconds"] < 60
    assert told["pingyi_exports_waiting"] == 1
    assert told["pingyi_failed_requests_total.error"] == errors + 1
    assert told["pingyi_disk_free_bytes"] % (100 * 2**20) == 0


def test_a_database_that_does_not_answer_is_told_and_its_figures_are_left_out(client, monkeypatch):
    def gone(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    told = figures(client)

    assert told["pingyi_database_up"] == 0
    assert "pingyi_exports_waiting" not in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_HOST": "testserver"},
    ],
)
def test_nobody_gets_them_through_a_proxy_or_from_elsewhere(client, wrong):
    assert client.get(reverse("metrics"), **(AT_MACHINE | wrong)).status_code == 404


def test_no_figure_moves_with_a_ballot(client, monkeypatch):
    batch = make_batch(make_open_poll())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**33))
    before = figures(client)

    cast_ballots(batch, {"11": 7})

    assert figures(client) == before
