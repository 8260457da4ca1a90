"""The file of a 公示 to hang up: a short one is drawn here, a long one by the worker."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pingyi.addresses import public_address

from ..announcements.actions import NoticeOnPage, notice_on_page
from ..exports.queue import ask_for_export
from ..files import pdf
from ..models import Announcement, Export
from ..report import content_of_announcement
from .fetching.announcements import visible_announcement
from .sending import PDF, attachment

# Lines of tables and entries that are drawn in the request: a hundred take a second.
MOST_LINES = 100


@never_cache
def announcement_pdf(request, announcement_id):
    """The notice to hang up; what is not up bears across it what it is."""
    announcement = visible_announcement(request, announcement_id)
    if is_left_to_the_worker(notice_on_page(announcement)):
        messages.info(request, "这份公示很长，PDF由后台程序生成：按下面的“生成PDF”。")
        return redirect("reports:announcement_detail", announcement.pk)
    body = pdf.draw_notice(
        announcement, content_of_announcement(announcement), address=printed_address(request, announcement)
    )
    return attachment(body, name=f"{pdf.name_of_notice(announcement)}.pdf", content_type=PDF)


@require_POST
def announcement_export(request, announcement_id):
    """Leave the notice to the worker; whoever sees it may ask."""
    announcement = visible_announcement(request, announcement_id)
    export, is_new = ask_for_export(
        announcement.scope,
        kind=Export.Kind.ANNOUNCEMENT,
        format=Export.Format.PDF,
        by=request.user,
        announcement=announcement,
        address=printed_address(request, announcement),
    )
    if not is_new:
        messages.info(request, "同样的文件正在生成，不用再来一次。")
    return redirect("reports:export_detail", export.pk)


def is_left_to_the_worker(on_page: NoticeOnPage) -> bool:
    """Whether the file of a notice would keep the request."""
    return on_page.shown.lines > MOST_LINES


def address_of_notice(request, announcement: Announcement) -> str:
    """The whole address of the public page."""
    return public_address(request, reverse("reports:announcement_public", args=[announcement.token]))


def printed_address(request, announcement: Announcement) -> str:
    """The address that the notice bears; none where it has no page."""
    has_page = announcement.is_public and not announcement.is_draft
    return address_of_notice(request, announcement) if has_page else ""
