"""Questionnaires of a campaign: from the library or blank, their indicators and scales."""

from django.contrib import messages
from django.db.models import Count
from django.forms.boundfield import BoundWidget
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from .. import actions, library
from ..forms.fields import read_only_rows, with_more_rows
from ..forms.questionnaires import IndicatorFormSet, QuestionnaireAddForm, QuestionnaireForm
from ..forms.seen import save_seen
from ..long_deeds import is_for_worker, queue_deed
from ..models import LongDeed, TargetKind
from .configuring import configurable, refuses_when_frozen, render_step
from .fetching import visible_questionnaire
from .long_deeds import ask_worker, to_progress
from .posting import posted


@refuses_when_frozen
def questionnaire_list(request, campaign_id):
    campaign = configurable(request, campaign_id)
    questionnaires = (
        campaign.questionnaires.select_related("scale")
        .prefetch_related("indicators", "scale__grades")
        .annotate(target_count=Count("targets"))
        .order_by("position", "pk")  # an aggregate drops the model's own order
    )
    return render_step(
        request,
        "campaigns/questionnaire_list.html",
        campaign,
        questionnaires=questionnaires,
        heading="评议表",
        has_polls=campaign.polls.exists(),
        has_handed=any(questionnaire.form_set_id for questionnaire in questionnaires),
    )


@refuses_when_frozen
def questionnaire_add(request, campaign_id):
    campaign = configurable(request, campaign_id)
    form = QuestionnaireAddForm(posted(request))
    if form.is_valid():
        asked = {"source": form.cleaned_data["source"], "rule": form.cleaned_data["rule"]}
        if is_for_worker(campaign):
            return ask_worker(request, campaign, LongDeed.Kind.QUESTIONNAIRE_ADD, **asked)
        with actions.targets_following(campaign) as locked:
            questionnaire = actions.add_chosen_questionnaire(locked, **asked)
        messages.success(request, f"已加入“{questionnaire}”，请核对后保存。")
        return redirect("campaigns:questionnaire_edit", questionnaire_id=questionnaire.pk)
    choices, blank = _sources(form)
    return render_step(
        request,
        "campaigns/questionnaire_add.html",
        campaign,
        form=form,
        choices=choices,
        blank=blank,
        heading="增加评议表",
        current="评议表",
    )


def _sources(form) -> tuple[dict[str, list], BoundWidget]:
    """The choice of each ready-made questionnaire with its labels, by kind of target; and that of a blank one."""
    choices: dict[str, list] = {}
    *ready_made, blank = form["source"]
    for radio in ready_made:
        questionnaire = library.questionnaires()[radio.data["value"]]
        labels = library.scales()[questionnaire.scale].labels
        choices.setdefault(TargetKind(questionnaire.target_kind).label, []).append((radio, questionnaire, labels))
    return choices, blank


@refuses_when_frozen
def questionnaire_edit(request, questionnaire_id):
    questionnaire = visible_questionnaire(request, questionnaire_id)
    campaign = configurable(request, questionnaire.campaign_id)
    wants_more = "more" in request.POST
    form = QuestionnaireForm(posted(request), instance=questionnaire)
    initial = list(questionnaire.indicators.values("text", "is_overall"))
    formset = IndicatorFormSet(with_more_rows(posted(request)) if wants_more else posted(request), initial=initial)
    is_valid = form.is_valid() and formset.is_valid() and not formset.refuse_for(questionnaire.target_kind)
    if is_valid and not wants_more and (answer := _save(request, campaign, questionnaire, form, formset)):
        messages.success(request, f"“{questionnaire}”已经保存。")
        return answer
    return render_step(
        request,
        "campaigns/questionnaire_edit.html",
        campaign,
        form=form,
        formset=formset,
        questionnaire=questionnaire,
        heading="编辑评议表",
        current="评议表",
        rows=read_only_rows(form),
        indicators=initial,
    )


def _save(request, campaign, questionnaire, form, formset):
    """The way on once a questionnaire is saved; None where it is not. The ballots of very many polls are put in order by the worker."""
    rows = [(row["text"], row["is_overall"]) for row in formset.rows]
    is_moved, deed = "position" in form.changed_data, None
    with actions.targets_following(campaign):
        if not save_seen(form):
            return None
        actions.write_indicators(questionnaire, rows)
        if is_moved and is_for_worker(campaign):
            deed = queue_deed(campaign, LongDeed.Kind.ORDER, by=request.user)
    if deed:
        return to_progress(deed)
    if is_moved:
        actions.order_targets(campaign)
    return redirect("campaigns:questionnaire_list", campaign_id=campaign.pk)


@require_POST
@refuses_when_frozen
def questionnaire_delete(request, questionnaire_id):
    questionnaire = visible_questionnaire(request, questionnaire_id)
    campaign = configurable(request, questionnaire.campaign_id)
    if is_for_worker(campaign):
        kind = LongDeed.Kind.QUESTIONNAIRE_DELETE
        return ask_worker(request, campaign, kind, questionnaire=questionnaire.pk, title=questionnaire.title)
    with actions.targets_following(campaign):
        actions.remove_questionnaire(questionnaire)
    messages.success(request, f"“{questionnaire}”已经删除，各评议点的票随之更新。")
    return redirect("campaigns:questionnaire_list", campaign_id=campaign.pk)
