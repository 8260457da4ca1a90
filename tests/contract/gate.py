"""Settings of a worker that a test can hold up between two files of an export, for as long as the test likes.

All else is as in use: DJANGO_SETTINGS_MODULE names this module, and whatever the worker starts inherits it. However slow
the test is, the export does not end before it has looked; a number of files in `gate`, in the folder of data, is the
most that may be there.
"""

import time
from functools import partialmethod
from pathlib import Path

from django.apps import AppConfig

from pingyi.settings import *  # noqa: F403
from pingyi.settings import INSTALLED_APPS, VAR_DIR
from reports.exports.archives import Parts

SECONDS_BETWEEN_LOOKS = 0.02
INSTALLED_APPS = [*INSTALLED_APPS, "tests.contract.gate.Gate"]


class Gate(AppConfig):
    """The door before the place of each file."""

    name, label = "tests.contract", "gate"

    def ready(self):
        Parts.put = partialmethod(_put_when_allowed, Parts.put)


def _put_when_allowed(parts, put, key, body):
    while not _is_allowed(parts.path(key).parent):
        time.sleep(SECONDS_BETWEEN_LOOKS)
    put(parts, key, body)


def _is_allowed(folder):
    gate = Path(VAR_DIR) / "gate"
    return not gate.exists() or len([*folder.glob("[0-9]*.pdf")]) < int(gate.read_text())
