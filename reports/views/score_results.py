"""Results of 千分制考核: one unit's, the ranking, and their bonus and deductions with the evidence."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from campaigns.kept_files import MOST_BYTES, Unsuitable
from campaigns.models import Poll
from campaigns.models.reach import within_paths
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.fetching import visible_campaign
from campaigns.views.kept_files import kept_file
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import told
from pingyi.bodies import takes_files

from ..files import excel, pdf
from ..forms.ledger import carry_out
from ..forms.scoring import AdjustmentForm, WithdrawAdjustmentForm
from ..models import ScoreAdjustment, ScoreScheme
from ..permissions import can_adjust_scores
from ..results.poll import all_results
from ..results.scores import scores_of
from ..scoring.actions import adjustment_refusal, record_adjustment, withdraw_adjustment
from ..scoring.content import ScoredUnit, ScoreRanking, adjustment_entry, score_ranking, scored_units
from ..scoring.scheme import scheme_content
from .fetching.results import poll_of_results, trail_of, unit_of_results
from .fetching.scoring import adjustment_to_withdraw, poll_of_adjustments, scheme_of, visible_adjustment
from .sending import PDF, XLSX, attachment


def unit_score(request, poll_id):
    """Means of each indicator, bonus and deductions, and how the 综合得分 comes of them."""
    poll = poll_of_results(request, poll_id)
    scheme = scheme_of(poll.campaign)
    (unit,) = _scored(scheme, Poll.objects.filter(pk=poll.pk))
    context = {"poll": poll, "scheme": scheme_content(scheme), "unit": unit}
    return render(request, "reports/unit_score.html", context)


def _scored(scheme: ScoreScheme, polls) -> list[ScoredUnit]:
    results = all_results(polls)
    rows = polls.select_related("campaign", "organization").order_by("path").defer("form")
    return scored_units(scheme, list(rows), results, scores_of(results))


def score_rank(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    unit, content = _ranking(request, campaign)
    context = {
        "campaign": campaign,
        "unit": unit,
        "content": content,
        "trail": trail_of(request.user, campaign, unit),
    }
    return render(request, "reports/score_ranking.html", context)


@never_cache
def score_ranking_pdf(request, campaign_id):
    unit, content = _ranking(request, visible_campaign(request, campaign_id))
    return attachment(pdf.draw_score_ranking(content), name=f"考核结果-{unit}.pdf", content_type=PDF)


@never_cache
def score_ranking_workbook(request, campaign_id):
    unit, content = _ranking(request, visible_campaign(request, campaign_id))
    return attachment(excel.draw_score_workbook(content), name=f"考核结果-{unit}.xlsx", content_type=XLSX)


def _ranking(request, campaign) -> tuple:
    unit = unit_of_results(request, campaign)
    scheme = scheme_of(campaign)
    content: ScoreRanking = score_ranking(
        scheme, unit, _scored(scheme, campaign.polls.filter(within_paths([unit.path]))), today=timezone.localdate()
    )
    return unit, content


def adjustment_list(request, poll_id):
    """Bonus and deductions of a unit, withdrawn ones too; they are no result."""
    poll = poll_of_adjustments(request, poll_id)
    rows = ScoreAdjustment.objects.filter(poll=poll).select_related("recorded_by", "withdrawn_by").order_by("pk")
    context = {
        "poll": poll,
        "entries": [adjustment_entry(row) for row in rows],
        "can_adjust": can_adjust_scores(request.user, poll),
        "refusal": adjustment_refusal(poll),
    }
    return render(request, "reports/adjustment_list.html", context)


@takes_files(MOST_BYTES)
def adjustment_add(request, poll_id):
    poll = poll_of_adjustments(request, poll_id)
    require(can_adjust_scores(request.user, poll))
    form = AdjustmentForm(posted(request), posted_files(request))
    if form.is_valid() and _recorded(form, poll, request.user):
        messages.success(request, "已经登记。")
        return redirect("reports:adjustment_list", poll.pk)
    context = {"poll": poll, "form": form, "heading": "登记加分、扣分", "takes_file": True}
    return render(request, "reports/adjustment_form.html", context)


def _recorded(form: AdjustmentForm, poll, user) -> bool:
    try:
        record_adjustment(poll, **form.facts, upload=form.cleaned_data["file"], by=user)
    except Unsuitable as refusal:
        form.add_error("file", told(refusal))
        return False
    except StateError as refusal:
        form.add_error(None, told(refusal))
        return False
    return True


def adjustment_withdraw(request, adjustment_id):
    adjustment = adjustment_to_withdraw(request, adjustment_id)
    form = WithdrawAdjustmentForm(posted(request))
    if carry_out(form, lambda: withdraw_adjustment(adjustment, by=request.user, **form.cleaned_data)):
        messages.success(request, "已经撤销，记录仍在。")
        return redirect("reports:adjustment_list", adjustment.poll_id)
    heading = f"撤销：{adjustment_entry(adjustment).points}分，{adjustment.reason}"
    context = {"poll": adjustment.poll, "form": form, "heading": heading, "takes_file": False}
    return render(request, "reports/adjustment_form.html", context)


def adjustment_file(request, adjustment_id):
    """The evidence itself: saved by the browser, never shown as a page of this site."""
    adjustment = visible_adjustment(request, adjustment_id)
    if not adjustment.file_name:
        raise Http404
    return kept_file(adjustment.file_name, kind=adjustment.file_kind, name=f"加减分依据-{adjustment.pk}")
