"""Writes one report of one unit to a file (formats/README 4)."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from ballots.counting.tally import IdentityError
from pingyi.errors import CannotDraw
from pingyi.files import write_whole

from ...choosing import NotFound, campaign_called, unit_called
from ...files.catalogue import FORMATS, KINDS, CannotMake, file_of


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
            chosen_campaign = campaign_called(campaign, unit=unit)
            chosen_unit = unit_called(chosen_campaign, unit) if unit else chosen_campaign.organizer
            today = timezone.localdate()
            body = file_of(chosen_campaign, chosen_unit, kind=kind, format=format, today=today, is_draft=draft)
            with write_whole(Path(output), mode=0o644) as file:
                file.write(body)
        except (NotFound, CannotMake, IdentityError, CannotDraw) as error:
            self._give_up(str(error))
        except OSError as error:
            self._give_up(f"不能写入“{output}”：{error.strerror}。")
        self.stdout.write(f"已写出 {output}（{len(body)}字节）。")

    def _give_up(self, message: str):
        self.stderr.write(message)
        raise SystemExit(1)
