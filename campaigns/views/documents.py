"""Documents that a poll's ballot is about, and their drafts."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from pingyi.bodies import takes_files

from ..documents import recording
from ..documents.reading import documents_of
from ..forms.documents import KIND_OF_TARGET, DocumentForm, DraftFactsForm, DraftForm
from ..forms.seen import save_seen
from ..kept_files import MOST_BYTES, Unsuitable
from ..models import AppraisedDocument
from ..models.states import StateError
from ..permissions import can_gather_on_drafts, can_run
from .fetching import document_to_write, draft_to_describe, poll_to_run, visible_draft, visible_poll
from .kept_files import kept_file
from .posting import posted, posted_files
from .refusing import told


def document_list(request, poll_id):
    poll = visible_poll(request, poll_id)
    context = {
        "poll": poll,
        "documents": documents_of(poll),
        "can_run": can_run(request.user, poll),
        "can_write": can_run(request.user, poll) and not poll.is_settled,
        "can_gather": can_gather_on_drafts(request.user, poll),
    }
    return render(request, "campaigns/document_list.html", context)


def document_add(request, poll_id):
    poll = poll_to_run(request, poll_id)
    free = poll.targets.filter(document=None).order_by("position", "pk").first()
    document = AppraisedDocument(
        poll=poll, target=free, kind=KIND_OF_TARGET.get(free.kind if free else "", AppraisedDocument.Kind.DUTY)
    )
    return _edit(request, document)


def document_edit(request, document_id):
    return _edit(request, document_to_write(request, document_id))


def _edit(request, document):
    form = DocumentForm(posted(request), instance=document, poll=document.poll)
    try:
        if save_seen(form, lambda: recording.save_document(document)):
            messages.success(request, f"“{document}”已经保存。")
            return redirect("campaigns:document_list", poll_id=document.poll_id)
    except StateError as refusal:
        form.add_error(None, told(refusal))
    return render(request, "campaigns/document_form.html", {"poll": document.poll, "document": document, "form": form})


@require_POST
def document_delete(request, document_id):
    document = document_to_write(request, document_id)
    return _done(request, document, lambda: recording.remove_document(document), f"“{document}”已经删除。")


@takes_files(MOST_BYTES)
def draft_add(request, document_id):
    document = document_to_write(request, document_id)
    form = DraftForm(posted(request), posted_files(request), document=document)
    if form.is_valid():
        try:
            draft = recording.add_draft(document, form.facts, upload=form.cleaned_data["file"], by=request.user)
        except Unsuitable as refusal:
            form.add_error("file", told(refusal))
        except StateError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, f"“{draft}”已经登记。")
            return redirect("campaigns:document_list", poll_id=document.poll_id)
    return render(request, "campaigns/draft_form.html", {"poll": document.poll, "document": document, "form": form})


def draft_facts(request, draft_id):
    """To whom a draft went and who approved it; this may be filled in after the opening too."""
    draft = draft_to_describe(request, draft_id)
    form = DraftFactsForm(posted(request), instance=draft)
    if save_seen(form, lambda: recording.describe_draft(draft, **form.facts)):
        messages.success(request, f"“{draft}”的印发和审核情况已经保存。")
        return redirect("campaigns:document_list", poll_id=draft.document.poll_id)
    context = {"poll": draft.document.poll, "draft": draft, "form": form}
    return render(request, "campaigns/draft_facts.html", context)


def draft_read(request, draft_id):
    draft = visible_draft(request, draft_id)
    return render(request, "campaigns/draft_read.html", {"draft": draft, "poll": draft.document.poll})


def draft_file(request, draft_id):
    """The file itself: saved by the browser, never shown as a page of this site."""
    draft = visible_draft(request, draft_id)
    return kept_file(draft.file_name, kind=draft.file_kind, name=str(draft))


@require_POST
def draft_delete(request, draft_id):
    draft = draft_to_describe(request, draft_id)
    return _done(request, draft.document, lambda: recording.take_back_draft(draft), f"“{draft}”已经撤下。")


def _done(request, document, deed, words):
    try:
        deed()
    except StateError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, words)
    return redirect("campaigns:document_list", poll_id=document.poll_id)
