"""Does the next long deed that was asked for, as a process of its own that `work_exports` starts.

Its memory goes back to the system with it, and whatever kills it kills nothing else.
"""

import os
import sys

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from ...long_deeds.working import work_next_deed


class Command(BaseCommand):
    help = "Do a deed that was asked for on a campaign of very many polls; not for hand use."
    requires_system_checks = []

    def handle(self, **options):
        os.nice(10)  # people who vote and count come first
        try:
            work_next_deed()
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database is out of reach: {error}")
            sys.exit(os.EX_TEMPFAIL)
