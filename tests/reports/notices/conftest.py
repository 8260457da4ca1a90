"""Notices may go, and robots may stand on the loopback."""

import pytest

from pingyi.addresses import networks
from reports.notices import reaching


@pytest.fixture(autouse=True)
def _patiently(monkeypatch):
    """A robot in a thread of its own may be as slow as the machine is."""
    monkeypatch.setattr(reaching, "SECONDS", 120)


@pytest.fixture
def on_loopback(settings):
    settings.WEBHOOK_NETWORKS = networks("127.0.0.0/8")
    settings.HAS_PLAIN_WEBHOOKS = True


@pytest.fixture
def site(settings):
    settings.SITE = "https://pingyi.example.cn"
    return settings.SITE


@pytest.fixture
def with_mail(settings):
    settings.HAS_MAIL = True
    settings.DEFAULT_FROM_EMAIL = "pingyi@example.cn"
