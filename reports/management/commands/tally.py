"""Prints the tally of a campaign's sealed polls (formats/README 3)."""

from django.core.management.base import BaseCommand

from ballots.counting.tally import IdentityError

from ...choosing import NotFound, campaign_called, unit_called
from ...tables import tally_format


class Command(BaseCommand):
    help = "Print the tally of a campaign's sealed polls, as JSON or CSV, to standard output."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, metavar="TITLE")
        parser.add_argument("--unit", metavar="NAME", help="only what is at and below this unit")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *, campaign, unit, format, **options):
        try:
            chosen_campaign = campaign_called(campaign, unit=unit)
            chosen_unit = unit_called(chosen_campaign, unit) if unit else None
            result = tally_format.build(chosen_campaign, unit=chosen_unit)
        except (NotFound, IdentityError) as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from None
        write = tally_format.to_json if format == "json" else tally_format.to_csv
        self.stdout.write(write(result), ending="")
