"""Files of results; each draws the same content as the page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from campaigns.marks import export_mark
from campaigns.permissions import can_read_opinions, require
from campaigns.views.reasons import OPINIONS_INSIDE, ask_reason

from ..comments import comments_content
from ..files import excel, pdf, word
from ..files.feedback import feedback_content
from ..files.registration import registration_content
from ..forms.ledger_filter import LedgerFilterForm
from ..ledger.content import LedgerContent, ledger_of
from ..models import Export, Problem
from ..opinions import OpinionsContent, opinions_content
from ..permissions import can_export, can_read_ledger, can_read_opinions_below, can_read_some_ledger, ledger_paths
from ..report import Report, content_of_poll, content_of_unit, report_for_download
from ..scope import Scope
from ..wording import date_text
from . import results
from .fetching.address import chosen_campaign
from .fetching.feedback import material_of_letter, target_with_letter
from .fetching.ledger import unit_of_ledger
from .fetching.members import material_of_registration, member_of_poll
from .fetching.opinions import poll_to_read
from .fetching.results import chosen_scope_and_size, poll_of_results
from .sending import PDF, XLSX, attachment
from .summary import download, poll_desk, unit_desk

# Problems of the ledger that are drawn in the request: 100 take two seconds in print, a fifth of one in a workbook.
MOST_PRINTED, MOST_ROWS = 50, 300


@never_cache
def count_sheet(request, poll_id):
    poll = poll_of_results(request, poll_id)
    body = pdf.draw_count_sheet(content_of_poll(poll))
    return attachment(body, name=f"计票结果报告单-{poll.unit_name}.pdf", content_type=PDF)


@never_cache
def results_pdf(request, poll_id):
    poll = poll_of_results(request, poll_id)
    body = pdf.results_sheet(content_of_poll(poll))
    return attachment(body, name=f"评议结果-{poll.unit_name}.pdf", content_type=PDF)


@never_cache
def results_workbook(request, poll_id):
    poll = poll_of_results(request, poll_id)
    opinions = opinions_content(Scope.of_poll(poll)) if can_read_opinions(request.user, poll) else None
    if asked := _ask_for_opinions(request, opinions):
        return asked
    body = excel.draw_poll_workbook(content_of_poll(poll), opinions=opinions, mark=export_mark(request.user))
    return attachment(body, name=f"评议结果-{poll.unit_name}.xlsx", content_type=XLSX)


@never_cache
def campaign_workbook(request, campaign_id):
    """The workbook of a unit's results; that of many units is left to the worker."""
    scope, count = chosen_scope_and_size(request, campaign_id)
    if count > results.MOST_AT_ONCE:
        return _left_to_the_worker(request, scope, count, Export.Kind.WHOLE_RESULTS)
    may_read = can_read_opinions_below(request.user, scope.unit)
    opinions = opinions_content(scope) if may_read else None
    if asked := _ask_for_opinions(request, opinions):
        return asked
    body = excel.draw_campaign_workbook(content_of_unit(scope), opinions=opinions, mark=export_mark(request.user))
    return attachment(body, name=f"评议结果汇总-{scope.unit}.xlsx", content_type=XLSX)


def _left_to_the_worker(request, scope: Scope, count: int, kind: Export.Kind):
    """The page on which the workbook is asked for, or for those who may not, the results, with whom to ask."""
    query = f"?{urlencode({'unit': scope.organization.pk, 'contents': f'{kind}.{Export.Format.XLSX}'})}"
    if can_export(request.user, scope.unit):
        messages.info(request, f"这里有{count}个评议点，{kind.label}由后台程序生成：在下面按“开始导出”。")
        return redirect(reverse("reports:export_add", args=[scope.campaign.pk]) + query)
    messages.warning(request, f"这里有{count}个评议点，{kind.label}要由后台程序生成，请党务干事在“批量导出”里导出。")
    return redirect(f"{reverse('reports:campaign_results', args=[scope.campaign.pk])}?unit={scope.organization.pk}")


@never_cache
def report_workbook(request, poll_id):
    poll = poll_of_results(request, poll_id)
    report, may_read = asked_report(request, Scope.of_poll(poll)), can_read_opinions(request.user, poll)
    if asked := _ask_for_opinions(request, report.opinions if may_read else None):
        return asked
    body = excel.draw_report_workbook(
        report,
        may_read_opinions=may_read,
        may_read_ledger=can_read_ledger(request.user, poll.organization),
        mark=export_mark(request.user),
    )
    return attachment(body, name=f"评议报告-{poll.unit_name}.xlsx", content_type=XLSX)


@never_cache
def campaign_report_workbook(request, campaign_id):
    """The workbook of a unit's report; that about many units is left to the worker: a province's would take gigabytes."""
    scope, count = chosen_scope_and_size(request, campaign_id)
    if count > results.MOST_AT_ONCE:
        return _left_to_the_worker(request, scope, count, Export.Kind.WHOLE_REPORT)
    report, may_read = asked_report(request, scope), can_read_opinions_below(request.user, scope.unit)
    if asked := _ask_for_opinions(request, report.opinions if may_read else None):
        return asked
    body = excel.draw_report_workbook(
        report,
        may_read_opinions=may_read,
        may_read_ledger=can_read_ledger(request.user, scope.organization),
        mark=export_mark(request.user),
    )
    return attachment(body, name=f"评议报告汇总-{scope.unit}.xlsx", content_type=XLSX)


def _ask_for_opinions(request, opinions: OpinionsContent | None):
    """The page that asks for a reason where a workbook holds opinions."""
    return ask_reason(request, OPINIONS_INSIDE) if opinions and opinions.entries else None


@never_cache
def ledger_workbook(request):
    if refused := _refuse_long_ledger(request, MOST_ROWS):
        return refused
    content, title = asked_ledger(request)
    return attachment(excel.draw_ledger_workbook(content, title), name="整改台账.xlsx", content_type=XLSX)


def asked_ledger(request) -> tuple[LedgerContent, str]:
    """The problems that the list's filters ask for, by unit, as they were registered; and what a file of them says."""
    form, problems, today = _asked_problems(request)
    asked = (form.cleaned_data["campaign"], form.cleaned_data["unit"])
    title = "·".join([*(str(choice) for choice in asked if choice), f"{date_text(today)}导出"])
    return ledger_of(problems.order_by("organization__path", "pk"), today=today), title


def _asked_problems(request):
    require(can_read_some_ledger(request.user))
    today, paths = timezone.localdate(), ledger_paths(request.user)
    form = LedgerFilterForm(request.GET, paths=paths)
    if not form.is_valid():
        raise Http404
    return form, form.apply(Problem.objects.within(paths), today=today), today


def _refuse_long_ledger(request, most: int):
    """Back to the list where a file of so many problems would keep the request; None where it would not."""
    form, problems, _ = _asked_problems(request)
    count = problems.count()
    if count <= most:
        return None
    campaign, unit = form.cleaned_data["campaign"], form.cleaned_data["unit"]
    if campaign:
        query = urlencode({"unit": unit.pk} if unit else {})
        address = f"{reverse('reports:export_add', args=[campaign.pk])}?{query}"
        messages.info(request, f"台账有{count}个问题，文件由后台程序生成：在下面选“整改台账”，按“开始导出”。")
        return redirect(address)
    messages.error(
        request, f"台账有{count}个问题，超过{most}个的文件由后台程序生成：请先在“筛选”里选定评议活动，再下载。"
    )
    return redirect(f"{reverse('reports:problem_list')}?{request.GET.urlencode()}")


def asked_report(request, scope: Scope) -> Report:
    """The report as it was filed last, or with `?draft=1` as it stands."""
    is_draft = request.GET.get("draft") == "1"
    return report_for_download(scope, today=timezone.localdate(), is_draft=is_draft)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
def summary_docx(request, poll_id):
    return download(request, poll_desk(request, poll_id), draw=word.draw_summary_docx, ending="docx", content_type=DOCX)


@never_cache
def campaign_summary_docx(request, campaign_id):
    return download(
        request, unit_desk(request, campaign_id), draw=word.draw_summary_docx, ending="docx", content_type=DOCX
    )


@never_cache
def feedback_pdf(request, poll_id, target_id):
    poll = poll_to_read(request, poll_id)
    target = target_with_letter(poll, target_id)
    body = pdf.feedback(feedback_content(target, material_of_letter(target), issued_on=timezone.localdate()))
    return attachment(body, name=f"评议结果反馈函-{target.name}.pdf", content_type=PDF)


@never_cache
def registration_pdf(request, poll_id, member_id):
    """A member's page of the appraisal of members, for those who read opinions."""
    poll = poll_to_read(request, poll_id)
    member = member_of_poll(poll, member_id)
    if asked := ask_reason(request, "一名党员的姓名、评议情况和等次"):
        return asked
    body = pdf.registration(registration_content(member, poll, material_of_registration(poll, member)))
    return attachment(body, name=f"民主评议党员登记表-{member.name}.pdf", content_type=PDF)


@never_cache
def opinions_pdf(request, poll_id):
    poll = poll_to_read(request, poll_id)
    if asked := ask_reason(request, OPINIONS_INSIDE):
        return asked
    title, mark = f"{poll.campaign}·{poll.unit_name}", export_mark(request.user)
    body = pdf.opinions_list(opinions_content(Scope.of_poll(poll)), title, mark=mark)
    return attachment(body, name=f"意见建议清单-{poll.unit_name}.pdf", content_type=PDF)


@never_cache
def ledger_pdf(request):
    if refused := _refuse_long_ledger(request, MOST_PRINTED):
        return refused
    content, title = asked_ledger(request)
    return attachment(pdf.ledger(content, title), name="整改台账.pdf", content_type=PDF)


@never_cache
def comments_pdf(request):
    """The comments of a campaign at and below a unit, as the list's page chooses them."""
    campaign = chosen_campaign(request)
    require(campaign is not None)
    unit = unit_of_ledger(request, within=campaign.organizer)
    body = pdf.comments(comments_content(Scope.of(campaign, unit)), f"{campaign}·{unit}")
    return attachment(body, name=f"领导点评台账-{unit}.pdf", content_type=PDF)
