"""Two answers for whoever watches the server."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse


def test_the_process_answers_without_asking_the_database(client):
    answer = client.get(reverse("healthz"))

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies


@pytest.mark.django_db
def test_the_server_is_ready_while_its_database_answers(client, monkeypatch):
    assert client.get(reverse("readyz")).status_code == 200

    def gone():
        raise OperationalError("the database is gone, says host db.example")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get(reverse("readyz"))

    assert answer.status_code == 503
    assert "db.example" not in answer.content.decode()


def test_nothing_can_be_sent_to_them(client):
    assert client.post(reverse("healthz")).status_code == 405
