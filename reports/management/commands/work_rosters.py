"""Does one turn of a long roster, as a process of its own that `work_exports` starts: reads and compares it, or writes it.

The memory that a workbook takes goes back to the system with it, and whatever kills it kills nothing else.
"""

import os
import sys

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from campaigns.models import RosterImport, TrailEntry
from campaigns.roster.working import work_next

from ...trail.chain import write_entry
from ...trail.deeds import Deed
from ...trail.objects import thing_of
from ...trail.watching import acting_as


class Command(BaseCommand):
    help = "Do one turn of a long roster that was uploaded; not for hand use."
    requires_system_checks = []

    def handle(self, **options):
        os.nice(10)  # people who vote and count come first
        try:
            work_next(leave_row)
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database is out of reach: {error}")
            sys.exit(os.EX_TEMPFAIL)


def leave_row(imported: RosterImport, is_done: bool) -> None:
    """Write how the writing of a confirmed roster ended into the trail, as the deed of the account that confirmed."""
    user = imported.asked_by
    write_entry(
        user=user,
        account=user.get_username(),
        role=acting_as(user, ""),
        address="",
        deed=Deed.ROSTER_IMPORT,
        route="campaigns:roster_confirm",
        thing=thing_of({"import_id": imported.pk}),
        result=TrailEntry.Result.DONE if is_done else TrailEntry.Result.REFUSED,
    )
