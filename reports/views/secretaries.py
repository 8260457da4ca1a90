"""Superiors' marks beside the ballots, and the ranking of secretaries."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.models import Poll, Target, TargetKind
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..files import excel, pdf
from ..forms.secretaries import RankedByForm, SuperiorMarkForm
from ..models import SuperiorMark
from ..permissions import can_mark_as_superior
from ..results.poll import all_results, results_of
from ..secretaries import marking
from ..secretaries.ranking import secretaries_ranking
from ..secretaries.standing import marked_persons, marks_by_target
from .fetching.secretaries import poll_of_superior_marks, scope_of_secretaries, superior_mark_to_remove, target_to_mark
from .sending import PDF, XLSX, attachment


def superior_marks(request, poll_id):
    """Each person of a poll with the superiors' marks; beside the ballots once these are sealed."""
    poll = poll_of_superior_marks(request, poll_id)
    marks = marks_by_target(SuperiorMark.objects.filter(target__poll=poll).select_related("recorded_by"))
    targets = poll.targets.exclude(member=None).select_related("member__organization").order_by("position", "pk")
    is_sealed = poll.state == Poll.State.SEALED
    results = results_of(poll) if is_sealed else None
    tables = {person.target_id: person for person in marked_persons(results, marks)} if results else {}
    context = {
        "poll": poll,
        "entries": [
            (target, marks.get(target.pk, ()), tables.get(target.pk), can_mark_as_superior(request.user, target))
            for target in targets
        ],
        "hidden_reason": results.hidden_reason if results else "",
    }
    return render(request, "reports/superior_marks.html", context)


def superior_mark_add(request, target_id):
    target = target_to_mark(request, target_id)
    form = SuperiorMarkForm(posted(request), section=target.poll.ballot_form.section(target.pk))
    if form.is_valid():
        try:
            mark = marking.record_superior_mark(target, **form.facts, by=request.user)
        except marking.CannotMark as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, f"{mark}已经登记。")
            return redirect("reports:superior_marks", target.poll_id)
    context = {"poll": target.poll, "target": target, "form": form}
    return render(request, "reports/superior_mark_add.html", context)


@require_POST
def superior_mark_delete(request, superior_mark_id):
    mark = superior_mark_to_remove(request, superior_mark_id)
    try:
        marking.remove_superior_mark(mark)
    except marking.CannotMark as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, "上级评价已经删除。")
    return redirect("reports:superior_marks", mark.target.poll_id)


def secretary_ranking(request, campaign_id):
    scope, form, ranking = _ranking(request, campaign_id)
    context = {"campaign": scope.campaign, "unit": scope.unit, "form": form, "ranking": ranking}
    return render(request, "reports/secretaries.html", context)


def secretaries_pdf(request, campaign_id):
    _, _, ranking = _ranking(request, campaign_id)
    return attachment(pdf.secretaries(ranking), name=f"{ranking.unit}书记评议排名.pdf", content_type=PDF)


def secretaries_workbook(request, campaign_id):
    _, _, ranking = _ranking(request, campaign_id)
    body = excel.draw_secretaries_workbook(ranking)
    return attachment(body, name=f"{ranking.unit}书记评议排名.xlsx", content_type=XLSX)


def _ranking(request, campaign_id):
    scope = scope_of_secretaries(request, campaign_id)
    form = RankedByForm(request.GET)
    about_secretaries = Target.objects.filter(poll=OuterRef("pk"), kind=TargetKind.SECRETARY)
    results = all_results(scope.polls.filter(Exists(about_secretaries)))
    return scope, form, secretaries_ranking(scope, results, by=form.chosen)
