"""Deeds for all units of a part of a campaign: their 小结 filed, their results announced."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from campaigns.permissions import require
from campaigns.polls_for_deed import NamedPolls, is_as_seen, named_refusals
from campaigns.views.many import NOT_AS_SEEN, tell_left
from campaigns.views.posting import posted

from ..announcements import STANDARD_WORKDAYS, working_days
from ..announcements.for_all import announce_planned, plan_announcing, questionnaires_to_announce
from ..forms.announcements import NoticePatternForm
from ..forms.lists import PartSearchForm
from ..forms.summary import FileAllForm
from ..permissions import can_announce, can_write_unit_summary
from ..report.filing_all import file_planned, plan_filing
from .fetching.results import chosen_scope


def summary_file_all(request, campaign_id):
    """File the 小结 of every unit that is ready, or of those searched for; the others are listed with what stands in the way."""
    scope = chosen_scope(request, campaign_id)
    require(can_write_unit_summary(request.user, scope.unit))
    sent, filters = posted(request), _search(request)
    plan = plan_filing(scope, filters.apply(scope.planned), is_shown_alone=sent is None)
    form, outcome = FileAllForm(sent), None
    lists = _lists(filters, plan, "worded", "unworded", "filed", "waiting")
    if form.is_valid() and not is_as_seen(sent, plan.mark, lists["worded"], lists["unworded"]):
        messages.warning(request, NOT_AS_SEEN)
    elif form.is_valid():
        with_unworded, begin = form.cleaned_data["with_unworded"], sent.get("begin", "")
        today = timezone.localdate()
        outcome = file_planned(plan, by=request.user, today=today, with_unworded=with_unworded, begin=begin)
        messages.success(request, f"已为{len(outcome.done)}个单位的小结定稿。")
        tell_left(request, outcome)
        if not outcome.refused:
            return HttpResponseRedirect(request.get_full_path())
        plan = plan_filing(scope, filters.apply(scope.planned), is_shown_alone=True)
        lists = _lists(filters, plan, "worded", "unworded", "filed", "waiting")
    context = {"plan": plan, **lists, "form": form, **_outcome_shown(sent, outcome)}
    return render(request, "reports/summary_file_all.html", {**_place(scope, filters), **context})


def announcement_add_all(request, campaign_id):
    """Announce the results of every unit that has none announced, or of those searched for, by one pattern; the others are
    listed with the reason.
    """
    scope = chosen_scope(request, campaign_id)
    require(can_announce(request.user, scope))
    sent, filters = posted(request), _search(request)
    plan, outcome = plan_announcing(scope, filters.apply(scope.planned)), None
    lists = _lists(filters, plan, "ready", "announced", "waiting")
    questionnaires = questionnaires_to_announce(scope.campaign)
    form = NoticePatternForm(sent, questionnaires=questionnaires, initial=_usual_days())
    if form.is_valid() and not is_as_seen(sent, plan.mark, lists["ready"]):
        messages.warning(request, NOT_AS_SEEN)
    elif form.is_valid():
        is_published, begin = form.cleaned_data["is_published"], sent.get("begin", "")
        today = timezone.localdate()
        outcome = announce_planned(
            plan, form.pattern, by=request.user, today=today, is_published=is_published, begin=begin
        )
        messages.success(request, f"{len(outcome.done)}个单位的公示{'已发布' if is_published else '已做好草稿'}。")
        tell_left(request, outcome)
        if not outcome.refused:
            return HttpResponseRedirect(request.get_full_path())
        plan = plan_announcing(scope, filters.apply(scope.planned))
        lists = _lists(filters, plan, "ready", "announced", "waiting")
    context = {"plan": plan, **lists, "form": form, **_outcome_shown(sent, outcome)}
    return render(request, "reports/announcement_add_all.html", {**_place(scope, filters), **context})


def _usual_days() -> dict:
    starts_on = working_days.next_workday(timezone.localdate())
    return {"starts_on": starts_on, "ends_on": working_days.last_workday(starts_on, STANDARD_WORKDAYS)}


def _search(request) -> PartSearchForm:
    """The search of the address; of what is sent, the one that its page was shown by."""
    asked, sent = request.GET.copy(), posted(request)
    if sent is not None:
        asked["q"] = sent.get("q", "")
    return PartSearchForm(asked)


def _place(scope, filters: PartSearchForm) -> dict:
    whole = f"?unit={scope.organization.pk}"
    return {"scope": scope, "campaign": scope.campaign, "filters": filters, "whole": whole}


def _lists(filters: PartSearchForm, plan, *names: str) -> dict[str, NamedPolls]:
    """The lists of a plan by name, in pages."""
    return {name: NamedPolls(filters.data, getattr(plan, name), prefix=name) for name in names}


def _outcome_shown(sent, outcome) -> dict:
    """The refusals by name, how many more there are, and where the next press begins."""
    refused = outcome.refused if outcome else []
    left = outcome.left if outcome else []
    named = named_refusals(refused)
    begin = left[0] if left else sent and not outcome and sent.get("begin")
    return {"refused": named, "unnamed": len(refused) - len(named), "begin": begin}
