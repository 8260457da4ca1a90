"""Deeds for all units of a part of a campaign: their 小结 filed, their results announced."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from campaigns.permissions import require
from campaigns.views.posting import posted

from ..announcements import STANDARD_WORKDAYS, working_days
from ..announcements.for_all import announce_planned, plan_announcing, questionnaires_to_announce
from ..forms.announcements import NoticePatternForm
from ..forms.summary import FileAllForm
from ..permissions import can_announce, can_write_unit_summary
from ..report.filing_all import file_planned, plan_filing
from .fetching.results import chosen_scope


def summary_file_all(request, campaign_id):
    """File the 小结 of every unit that is ready; the others are listed with what stands in the way."""
    scope = chosen_scope(request, campaign_id)
    require(can_write_unit_summary(request.user, scope.unit))
    plan, form, outcome = plan_filing(scope), FileAllForm(posted(request)), None
    if form.is_valid():
        today, with_unworded = timezone.localdate(), form.cleaned_data["with_unworded"]
        outcome = file_planned(plan, by=request.user, today=today, with_unworded=with_unworded)
        _tell(request, outcome, f"已为{len(outcome.done)}个单位的小结定稿。")
        if not outcome.refused:
            return HttpResponseRedirect(request.get_full_path())
        plan = plan_filing(scope)
    context = {"scope": scope, "campaign": scope.campaign, "plan": plan, "form": form, "outcome": outcome}
    return render(request, "reports/summary_file_all.html", context)


def announcement_add_all(request, campaign_id):
    """Announce the results of every unit that has none announced, by one pattern; the others are listed with the reason."""
    scope = chosen_scope(request, campaign_id)
    require(can_announce(request.user, scope))
    plan, outcome = plan_announcing(scope), None
    questionnaires = questionnaires_to_announce(scope.campaign)
    form = NoticePatternForm(posted(request), questionnaires=questionnaires, initial=_usual_days())
    if form.is_valid():
        today, is_published = timezone.localdate(), form.cleaned_data["is_published"]
        outcome = announce_planned(plan, form.pattern, by=request.user, today=today, is_published=is_published)
        done = "已发布" if is_published else "已做好草稿"
        _tell(request, outcome, f"{len(outcome.done)}个单位的公示{done}。")
        if not outcome.refused:
            return HttpResponseRedirect(request.get_full_path())
        plan = plan_announcing(scope)
    context = {"scope": scope, "campaign": scope.campaign, "plan": plan, "form": form, "outcome": outcome}
    return render(request, "reports/announcement_add_all.html", context)


def _usual_days() -> dict:
    starts_on = working_days.next_workday(timezone.localdate())
    return {"starts_on": starts_on, "ends_on": working_days.last_workday(starts_on, STANDARD_WORKDAYS)}


def _tell(request, outcome, done: str) -> None:
    """Say how many went, and how many wait for another press."""
    messages.success(request, done)
    if outcome.left:
        messages.warning(request, f"还有{len(outcome.left)}个没有办到，请再按一次，从没有办的接着办。")
