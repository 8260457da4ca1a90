"""结果运用: the decisions about one finding with the appeals against them, and the list of those in force."""

from collections.abc import Iterable

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from campaigns.forms.seen import save_seen
from campaigns.listing import Head, Listing, in_order_of
from campaigns.models import Organization, Poll
from campaigns.permissions import require
from campaigns.pinyin import ByPinyin
from campaigns.views.posting import posted
from campaigns.views.reasons import ask_reason

from ..consequences import RestrictionsContent, restrictions_content
from ..consequences.actions import record_appeal, record_consequence, revoke_consequence
from ..consequences.content import consequences_in_force
from ..files import pdf
from ..findings import crossings_of
from ..forms.consequences import AppealForm, ConsequenceForm, RestrictionFilterForm, RevokeForm
from ..forms.ledger import carry_out
from ..models import Appeal, Consequence, Finding
from ..permissions import can_decide_findings, can_read_ledger
from ..results.poll import all_results
from .fetching.address import query_with
from .fetching.findings import appeal_to_answer, consequence_to_revoke, crossing_of_poll, finding_to_use
from .fetching.ledger import unit_of_ledger, units_around
from .fetching.results import poll_of_results
from .sending import PDF, attachment

RESTRICTIONS_PER_PAGE = 50
SUBJECT = ("finding__target__poll__organization", "finding__target__name")
RESTRICTION_HEADS = (
    Head("对象", "subject", (ByPinyin("finding__target__name"),)),
    Head("结果运用", "kind", (in_order_of("kind", Consequence.Kind.values),)),
    Head("评议结果（票数和分母）", "campaign", ("finding__target__poll__campaign",)),
    Head("决定和依据", "decided", ("decided_on",)),
    Head("执行到", "until", ("until",)),
    Head("申诉"),
)


def consequence_list(request, poll_id, rule, target_id):
    """All that was decided because of one finding."""
    poll = poll_of_results(request, poll_id)
    require(can_read_ledger(request.user, poll))
    crossing = crossing_of_poll(poll, rule, target_id)
    finding = Finding.objects.filter(rule=rule, target=target_id, state=Finding.State.CONFIRMED).first()
    context = {
        "poll": poll,
        "crossing": crossing,
        "finding": finding,
        "consequences": Consequence.objects.filter(finding=finding).select_related("recorded_by", "revoked_by"),
        "appeals": Appeal.objects.filter(finding=finding),
        "can_decide": can_decide_findings(request.user, poll),
    }
    return render(request, "reports/consequence_list.html", context)


def consequence_add(request, finding_id):
    finding = finding_to_use(request, finding_id)
    form = ConsequenceForm(posted(request), initial={"authority": finding.target.poll.campaign.organizer_name})
    if carry_out(form, lambda: record_consequence(finding, by=request.user, **form.facts)):
        messages.success(request, "已登记结果运用的决定。")
        return _to_finding(finding)
    return _form_page(request, finding, form, "登记结果运用的决定")


def consequence_revoke(request, consequence_id):
    consequence = consequence_to_revoke(request, consequence_id)
    form = RevokeForm(posted(request), consequence=consequence)
    if carry_out(form, lambda: revoke_consequence(consequence, by=request.user, **form.cleaned_data)):
        messages.success(request, "已撤销这项决定，记录仍在。")
        return _to_finding(consequence.finding)
    return _form_page(request, consequence.finding, form, f"撤销决定：{consequence.content}")


def appeal_add(request, finding_id):
    finding = finding_to_use(request, finding_id)
    form = AppealForm(posted(request))
    if carry_out(form, lambda: record_appeal(finding, by=request.user, **form.facts)):
        messages.success(request, "已登记申诉。")
        return _to_finding(finding)
    return _form_page(request, finding, form, "登记申诉")


def appeal_edit(request, appeal_id):
    appeal = appeal_to_answer(request, appeal_id)
    form = AppealForm(posted(request), instance=appeal)
    if save_seen(form):
        messages.success(request, "已保存申诉和答复。")
        return _to_finding(appeal.finding)
    return _form_page(request, appeal.finding, form, "申诉和答复")


def _to_finding(finding: Finding):
    return redirect("reports:consequence_list", finding.target.poll_id, finding.rule, finding.target_id)


def _form_page(request, finding: Finding, form, heading: str):
    context = {"finding": finding, "poll": finding.target.poll, "form": form, "heading": heading}
    return render(request, "reports/consequence_form.html", context)


def restriction_list(request):
    """The decisions in force at and below the unit that `?unit=` names."""
    unit = unit_of_ledger(request)
    filters = RestrictionFilterForm(query_with(request, unit=unit.pk), units=units_around(request, unit))
    rows = consequences_in_force([unit.path], timezone.localdate())
    listing = Listing(request.GET, filters.apply(rows), RESTRICTION_HEADS, size=RESTRICTIONS_PER_PAGE)
    context = {
        "content": _restrictions(unit, listing.page),
        "unit": unit,
        "filters": filters,
        "listing": listing,
        "page": listing.page,
        "subject_count": listing.rows.order_by().values(*SUBJECT).distinct().count(),
    }
    return render(request, "reports/restriction_list.html", context)


def restrictions_pdf(request):
    unit = unit_of_ledger(request)
    if asked := ask_reason(request, "一份人员名单和所作的处理"):
        return asked
    rows = consequences_in_force([unit.path], timezone.localdate())
    return attachment(pdf.restrictions(_restrictions(unit, rows)), name=f"结果运用名单-{unit}.pdf", content_type=PDF)


def _restrictions(unit: Organization, rows: Iterable[Consequence]) -> RestrictionsContent:
    rows, today = list(rows), timezone.localdate()
    polls = Poll.objects.filter(pk__in={row.finding.target.poll_id for row in rows})
    return restrictions_content(unit.name, rows, crossings_of(all_results(polls)), day=today)
