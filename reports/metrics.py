"""How the installation stands, in figures for Prometheus: the state of the machine and of the programs alone.

No request, ballot, visitor or poll is counted: a counter that moves while a poll is open tells turnout, or more. Free space
comes in large steps for the same reason. Failed requests are counted, whoever made them.
"""

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from pingyi.failures import Failure, failure_count
from pingyi.heartbeat import seconds_of_silence

from .backups.records import last_backup
from .models import Export

STEP_OF_SPACE = 100 * 2**20


def metrics_text() -> bytes:
    registry = CollectorRegistry()
    registry.register(_Installation())
    return generate_latest(registry)


class _Installation(Collector):
    """Looks when it is asked; nothing is kept between two questions."""

    def collect(self) -> Iterator[Metric]:
        waiting = _waiting_exports()
        yield _gauge("database_up", "Whether the database answers.", waiting is not None)
        yield _gauge("exports_waiting", "Exports that wait for the worker or are being made.", waiting)
        yield _gauge("worker_silence_seconds", "Time since the worker's last sign of life.", seconds_of_silence())
        yield _gauge("backup_age_seconds", "Age of the last backup that was read back.", _backup_age())
        free = shutil.disk_usage(settings.VAR_DIR).free // STEP_OF_SPACE * STEP_OF_SPACE
        yield _gauge("disk_free_bytes", "Free space where the data are, in steps of 100 MiB.", free)
        failed = CounterMetricFamily("pingyi_failed_requests", "Requests without a proper answer.", labels=["reason"])
        for kind in Failure:
            failed.add_metric([kind.name.lower()], failure_count(kind))
        yield failed


def _gauge(name: str, meaning: str, value: float | None) -> GaugeMetricFamily:
    """A gauge without a sample where there is nothing to tell."""
    return GaugeMetricFamily(f"pingyi_{name}", meaning, value=value)


def _waiting_exports() -> int | None:
    """`None` where the database does not answer."""
    try:
        return Export.objects.active().count()
    except DatabaseError:
        return None


def _backup_age() -> float | None:
    last = last_backup()
    return (timezone.now() - last.made_at).total_seconds() if last else None
