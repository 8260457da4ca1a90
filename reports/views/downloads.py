"""Files of results; each draws the same content as the page."""

from urllib.parse import quote

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from campaigns.models import Organization, Poll
from campaigns.permissions import OFFICER, SECRETARY, can_read_opinions, has_role

from .. import excel, pdf
from ..content import all_opinion_groups, campaign_content, opinion_groups, poll_content
from .results import chosen_node, visible_campaign, visible_poll

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(body: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A download under a Chinese name."""
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


@never_cache
def count_sheet(request, poll_id):
    poll = visible_poll(request, poll_id)
    body = pdf.count_sheet(poll_content(poll))
    return attachment(body, name=f"计票结果报告单-{poll.organization}.pdf", content_type=PDF)


@never_cache
def results_pdf(request, poll_id):
    poll = visible_poll(request, poll_id)
    body = pdf.results_sheet(poll_content(poll))
    return attachment(body, name=f"评议结果-{poll.organization}.pdf", content_type=PDF)


@never_cache
def results_workbook(request, poll_id):
    poll = visible_poll(request, poll_id)
    opinions = opinion_groups(poll) if can_read_opinions(request.user, poll) else None
    body = excel.poll_workbook(poll_content(poll), opinions=opinions)
    return attachment(body, name=f"评议结果-{poll.organization}.xlsx", content_type=XLSX)


@never_cache
def campaign_workbook(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    top = Organization.objects.get(pk=chosen_node(request, campaign).organization_id)
    opinions = None
    if has_role(request.user, top, SECRETARY, OFFICER):
        below = {"organization__path__gte": top.path, "organization__path__lt": top.path + "z"}
        opinions = all_opinion_groups(Poll.objects.sealed().filter(campaign=campaign, **below))
    body = excel.campaign_workbook(campaign_content(campaign, top=top), opinions=opinions)
    return attachment(body, name=f"评议结果汇总-{top}.xlsx", content_type=XLSX)
