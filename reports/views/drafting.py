"""Opinions on the drafts of a report: what was said, and which draft took it in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.drafting import NOT_ADOPTED, AdoptionForm, DraftOpinionsForm
from ..gathering.actions import CannotGather, is_filed, remove_opinion
from ..gathering.on_drafts import adopt, opinions_on, record_on_draft
from ..opinions.readings import shown_text
from .fetching.opinions import document_to_ask_about, origin_on_draft


def draft_opinions(request, document_id):
    """The opinions on the drafts of a report, and a form for more."""
    document = document_to_ask_about(request, document_id)
    form = DraftOpinionsForm(posted(request), document=document)
    if form.is_valid():
        try:
            number = record_on_draft(
                form.cleaned_data["draft"], form.cleaned_data["opinions"], **form.facts, by=request.user
            )
        except CannotGather as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, f"已登记{number}条意见。")
            return redirect("reports:draft_opinions", document.pk)
    origins = list(opinions_on(document))
    context = {
        "document": document,
        "poll": document.poll,
        "form": form,
        "entries": [(origin, shown_text(origin.opinion)) for origin in origins],
        "has_drafts": form.fields["draft"].queryset.exists(),
        "is_filed": is_filed(document.poll),
    }
    return render(request, "reports/draft_opinions.html", context)


def draft_opinion_adopt(request, origin_id):
    origin = origin_on_draft(request, origin_id)
    form = AdoptionForm(posted(request), origin=origin, initial=_decided(origin))
    document = origin.draft.document
    if form.is_valid():
        try:
            adopt(origin, **form.facts, by=request.user)
        except CannotGather as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, "采纳情况已经保存。")
            return redirect("reports:draft_opinions", document.pk)
    context = {
        "document": document,
        "poll": document.poll,
        "origin": origin,
        "text": shown_text(origin.opinion),
        "form": form,
    }
    return render(request, "reports/draft_opinion_adopt.html", context)


def _decided(origin) -> dict:
    """The decision that stands, as the form shows it."""
    adoption = getattr(origin, "adoption", None)
    if adoption is None:
        return {}
    return {"verdict": str(adoption.draft_id) if adoption.draft_id else NOT_ADOPTED, "reason": adoption.reason}


@require_POST
def draft_opinion_delete(request, origin_id):
    origin = origin_on_draft(request, origin_id)
    try:
        remove_opinion(origin)
    except CannotGather as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, "意见已经删除。")
    return redirect("reports:draft_opinions", origin.draft.document_id)
