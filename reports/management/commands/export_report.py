"""Writes one report of one unit to a file (formats/README 4)."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand

from ballots.tally import IdentityError
from campaigns.models import Campaign, Organization, Poll
from reports import excel, pdf
from reports.choosing import NotFound, campaign_called, unit_called
from reports.content import campaign_content, poll_content
from reports.opinions import opinions_content
from reports.scope import Scope
from reports.summary import SummaryContent, campaign_summary, poll_summary

KINDS = ("summary", "count-sheet", "results", "ledger", "comments", "announcement")
FORMATS = ("pdf", "xlsx", "docx")


class Refused(Exception):
    """A report that cannot be made; the message says why."""


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
            body = _report(found, chosen, kind=kind, format=format, is_draft=draft)
            write_whole(Path(output), body)
        except (NotFound, Refused, IdentityError) as error:
            self._give_up(str(error))
        except OSError as error:
            self._give_up(f"不能写入“{output}”：{error.strerror}。")
        self.stdout.write(f"已写出 {output}（{len(body)}字节）。")

    def _give_up(self, message: str):
        self.stderr.write(message)
        raise SystemExit(1)


def _report(campaign: Campaign, unit: Organization, *, kind: str, format: str, is_draft: bool) -> bytes:
    """The bytes of one report: of the unit's own poll where it has one, else of all below it."""
    makers = _makers_of_poll if Poll.objects.filter(campaign=campaign, organization=unit).exists() else _makers_above
    makers = makers(campaign, unit, is_draft)
    if (kind, format) not in makers:
        can = "、".join(f"{one} {way}" for one, way in makers)
        raise Refused(f"“{unit}”不能导出 {kind} {format}；可以导出：{can}。")
    return makers[kind, format]()


def _makers_of_poll(campaign: Campaign, unit: Organization, is_draft: bool) -> dict:
    poll = campaign.polls.select_related("campaign__organizer", "organization").get(organization=unit)
    if poll.state != Poll.State.SEALED:
        raise Refused(f"“{unit}”的评议点现为“{poll.get_state_display()}”，封存以后才有结果。")
    return {
        ("summary", "pdf"): lambda: _summary(poll_summary(poll), is_draft),
        ("count-sheet", "pdf"): lambda: pdf.count_sheet(poll_content(poll)),
        ("results", "pdf"): lambda: pdf.results_sheet(poll_content(poll)),
        ("results", "xlsx"): lambda: excel.poll_workbook(
            poll_content(poll), opinions=opinions_content(Scope.of_poll(poll))
        ),
    }


def _makers_above(campaign: Campaign, unit: Organization, is_draft: bool) -> dict:
    below = {"organization__path__gte": unit.path, "organization__path__lt": unit.path + "z"}
    sealed = Poll.objects.sealed().filter(campaign=campaign, **below)
    if not sealed.exists():
        raise Refused(f"“{unit}”及其下级在本次活动中没有已封存的评议点，没有结果。")
    return {
        ("summary", "pdf"): lambda: _summary(campaign_summary(campaign, top=unit), is_draft),
        ("results", "xlsx"): lambda: excel.campaign_workbook(
            campaign_content(campaign, top=unit), opinions=opinions_content(Scope(campaign, unit))
        ),
    }


def _summary(content: SummaryContent, is_draft: bool) -> bytes:
    if not content.is_complete and not is_draft:
        raise Refused(f"小结还有【待填】：{'、'.join(content.missing)}。补齐后再导出，或加 --draft 导出草稿。")
    return pdf.summary(content, is_draft=is_draft)


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
