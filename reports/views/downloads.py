"""Files of results; each draws the same content as the page."""

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from campaigns.models import Organization
from campaigns.permissions import (
    OFFICER,
    SECRETARY,
    can_read_ledger,
    can_read_opinions,
    can_read_some_ledger,
    has_role,
    ledger_paths,
    require,
)

from .. import excel, pdf
from ..content import campaign_content, poll_content
from ..forms.ledger_filter import LedgerFilterForm
from ..ledger import LedgerContent, ledger_of
from ..models import Problem
from ..opinions import opinions_content
from ..report import Report, report_for_download
from ..scope import Scope
from ..wording import date_text
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
    opinions = opinions_content(Scope.of_poll(poll)) if can_read_opinions(request.user, poll) else None
    body = excel.poll_workbook(poll_content(poll), opinions=opinions)
    return attachment(body, name=f"评议结果-{poll.organization}.xlsx", content_type=XLSX)


@never_cache
def campaign_workbook(request, campaign_id):
    scope = chosen_scope(request, campaign_id)
    may_read = has_role(request.user, scope.organization, SECRETARY, OFFICER)
    opinions = opinions_content(scope) if may_read else None
    body = excel.campaign_workbook(campaign_content(scope.campaign, top=scope.organization), opinions=opinions)
    return attachment(body, name=f"评议结果汇总-{scope.organization}.xlsx", content_type=XLSX)


@never_cache
def report_workbook(request, poll_id):
    poll = visible_poll(request, poll_id)
    body = excel.report_workbook(
        asked_report(request, Scope.of_poll(poll)),
        may_read_opinions=can_read_opinions(request.user, poll),
        may_read_ledger=can_read_ledger(request.user, poll.organization),
    )
    return attachment(body, name=f"评议报告-{poll.organization}.xlsx", content_type=XLSX)


@never_cache
def campaign_report_workbook(request, campaign_id):
    scope = chosen_scope(request, campaign_id)
    may_read = can_read_ledger(request.user, scope.organization)
    report = asked_report(request, scope)
    body = excel.report_workbook(report, may_read_opinions=may_read, may_read_ledger=may_read)
    return attachment(body, name=f"评议报告汇总-{scope.organization}.xlsx", content_type=XLSX)


@never_cache
def ledger_workbook(request):
    content, title = asked_ledger(request)
    return attachment(excel.ledger_workbook(content, title), name="整改台账.xlsx", content_type=XLSX)


def asked_ledger(request) -> tuple[LedgerContent, str]:
    """The problems that the list's filters ask for, by unit, as they were registered; and what a file of them says."""
    require(can_read_some_ledger(request.user))
    today, paths = timezone.localdate(), ledger_paths(request.user)
    form = LedgerFilterForm(request.GET, paths=paths)
    if not form.is_valid():
        raise Http404
    problems = form.apply(Problem.objects.within(paths), today=today).order_by("organization__path", "pk")
    asked = (form.cleaned_data["campaign"], form.cleaned_data["unit"])
    title = "·".join([*(str(one) for one in asked if one), f"{date_text(today)}导出"])
    return ledger_of(problems, today=today), title


def chosen_scope(request, campaign_id: int) -> Scope:
    """The part of a campaign that the page shows."""
    campaign = visible_campaign(request, campaign_id)
    node = chosen_node(request, campaign)
    return Scope(campaign, Organization.objects.get(pk=node.organization_id))


def asked_report(request, scope: Scope) -> Report:
    """The report as it was filed last, or with `?draft=1` as it stands."""
    is_draft = request.GET.get("draft") == "1"
    return report_for_download(scope, today=timezone.localdate(), is_draft=is_draft)
