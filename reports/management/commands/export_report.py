"""Writes one report of one unit to a file (formats/README 4)."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from ballots.counting.tally import IdentityError
from pingyi.errors import CannotDraw

from ...choosing import NotFound, campaign_called, unit_called
from ...files.catalogue import FORMATS, KINDS, Refused, file_of


class Command(BaseCommand):
    help = "Write a report of a sealed poll, or of a campaign above its polls, to a file."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, metavar="TITLE")
        parser.add_argument("--unit", metavar="NAME", help="the organizer unless given")
        parser.add_argument("--kind", required=True, choices=KINDS)
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--output", required=True, metavar="FILE")
        parser.add_argument("--draft", action="store_true", help="a summary with blanks, marked as a draft")

    def handle(self, *, campaign, unit, kind, format, output, draft, **options):
        try:
            found = campaign_called(campaign, unit=unit)
            chosen = unit_called(found, unit) if unit else found.organizer
            today = timezone.localdate()
            body = file_of(found, chosen, kind=kind, format=format, today=today, is_draft=draft)
            write_whole(Path(output), body)
        except (NotFound, Refused, IdentityError, CannotDraw) as error:
            self._give_up(str(error))
        except OSError as error:
            self._give_up(f"不能写入“{output}”：{error.strerror}。")
        self.stdout.write(f"已写出 {output}（{len(body)}字节）。")

    def _give_up(self, message: str):
        self.stderr.write(message)
        raise SystemExit(1)


def write_whole(path: Path, body: bytes) -> None:
    """Write beside the file and rename: whoever looks sees the old file or the whole new one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
