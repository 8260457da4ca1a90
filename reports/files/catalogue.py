"""Which file can be made of which report, by kind and format (formats/README 4)."""

from collections.abc import Callable
from datetime import date

from campaigns.models import Campaign, Organization, Poll

from ..comments import comments_content
from ..ledger.content import ledger_content
from ..models import Announcement
from ..opinions import opinions_content
from ..report import (
    content_of_announcement,
    content_of_poll,
    content_of_unit,
    report_for_download,
    summary_for_download,
)
from ..scope import Scope
from ..summary import SummaryContent
from . import excel, pdf, word

KINDS = ("summary", "count-sheet", "results", "ledger", "comments", "announcement")
FORMATS = ("pdf", "xlsx", "docx")
# Kinds that need no sealed poll: they show how far things have come.
WITHOUT_RESULTS = ("ledger", "comments")

Makers = dict[tuple[str, str], Callable[[], bytes]]


class CannotMake(Exception):
    """A file that cannot be made; the message says why."""


def file_of(
    campaign: Campaign, unit: Organization, *, kind: str, format: str, today: date, is_draft: bool = False
) -> bytes:
    """The report of the unit's own poll where it has one, else of all below it; raises CannotMake."""
    poll = campaign.polls.select_related("campaign__organizer", "organization").filter(organization=unit).first()
    scope = Scope.of_poll(poll) if poll else Scope.of(campaign, unit)
    makers = _makers(scope, today=today, is_draft=is_draft)
    if (kind, format) not in makers:
        can = "、".join(f"{known} {way}" for known, way in makers)
        raise CannotMake(f"“{unit}”不能导出 {kind} {format}；可以导出：{can}。")
    if kind not in WITHOUT_RESULTS:
        _refuse_before_the_seal(scope)
    return makers[kind, format]()


def _refuse_before_the_seal(scope: Scope) -> None:
    if scope.poll and scope.poll.state != Poll.State.SEALED:
        state = scope.poll.get_state_display()
        raise CannotMake(f"“{scope.unit}”的评议点现为“{state}”，封存以后才有结果。")
    if not scope.polls.exists():
        raise CannotMake(f"“{scope.unit}”及其下级在本次活动中没有已封存的评议点，没有结果。")


def _makers(scope: Scope, *, today: date, is_draft: bool) -> Makers:
    """The kinds of file that can be made of a scope, and how."""

    def summary():
        return _complete(summary_for_download(scope, is_draft=is_draft), is_draft)

    title = f"{scope.campaign}·{scope.unit}"
    makers = {
        ("summary", "pdf"): lambda: pdf.draw_summary_pdf(summary(), is_draft=is_draft),
        ("summary", "docx"): lambda: word.draw_summary_docx(summary(), is_draft=is_draft),
        ("summary", "xlsx"): lambda: excel.draw_report_workbook(
            report_for_download(scope, today=today, is_draft=is_draft)
        ),
    }
    makers |= _of_poll(scope.poll) if scope.poll else _of_unit(scope)
    return makers | {
        ("ledger", "pdf"): lambda: pdf.ledger(ledger_content(scope, today=today), title),
        ("ledger", "xlsx"): lambda: excel.draw_ledger_workbook(ledger_content(scope, today=today), title),
        ("comments", "pdf"): lambda: pdf.comments(comments_content(scope), title),
        ("comments", "xlsx"): lambda: excel.draw_comments_workbook(comments_content(scope), title),
        ("announcement", "pdf"): lambda: _announcement(scope),
    }


def _of_poll(poll: Poll) -> Makers:
    opinions = Scope.of_poll(poll)
    return {
        ("count-sheet", "pdf"): lambda: pdf.draw_count_sheet(content_of_poll(poll)),
        ("results", "pdf"): lambda: pdf.results_sheet(content_of_poll(poll)),
        ("results", "xlsx"): lambda: excel.draw_poll_workbook(
            content_of_poll(poll), opinions=opinions_content(opinions)
        ),
    }


def _of_unit(scope: Scope) -> Makers:
    return {
        ("results", "xlsx"): lambda: excel.draw_campaign_workbook(
            content_of_unit(scope), opinions=opinions_content(scope)
        )
    }


def _complete(content: SummaryContent, is_draft: bool) -> SummaryContent:
    if not content.is_complete and not is_draft:
        raise CannotMake(f"{''.join(content.reasons)}补齐后再导出，或加 --draft 导出草稿。")
    return content


def _announcement(scope: Scope) -> bytes:
    """The last one that was published and not withdrawn, else the last draft, which says that it is one."""
    standing = Announcement.objects.of(scope).filter(target=None, withdrawn_at=None).with_scope().order_by("-pk")
    announcement = standing.exclude(published_at=None).first() or standing.first()
    if announcement is None:
        raise CannotMake(f"“{scope.unit}”还没有公示，请先在网页上拟一份。")
    return pdf.announcement(content_of_announcement(announcement), mark="" if announcement.published_at else "草稿")
