"""Keying: one sheet a screen, or the totals of a count sheet; by its teller alone."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.ballot_form import InvalidMarks
from campaigns.models.states import StateError
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.keying import SheetForm, TotalsForm, answers, as_typed, sheet_initial
from ..forms.paper import COMMON_REASONS
from ..paper import keying
from .fetching import own_keying, paper_batch


def _elsewhere(request, batch, reason):
    """The reason why there is nothing to key here, in the form that the page or the script asked for."""
    if request.accepts("text/html"):
        messages.error(request, told(reason))
        return redirect("ballots:batch_keying", batch_id=batch.pk)
    return JsonResponse({"error": str(reason)}, status=409)


NOT_KEYING = "您现在没有正在录入的一遍，请先开始录入。"


@never_cache
def keying_sheet(request, batch_id):
    """The next sheet to key. The script posts the same form and gets the number of the sheet after it."""
    batch = paper_batch(request, batch_id)
    mine = own_keying(request, batch)
    reason = keying.refusal(batch) or ("" if mine and not batch.is_aggregated else NOT_KEYING)
    if reason:
        return _elsewhere(request, batch, reason)
    form = batch.poll.ballot_form
    if request.method != "POST":
        return _sheet_page(request, mine, form)
    sheet_form = SheetForm(posted(request), ballot_form=form)
    if _save_sheet(request, mine, sheet_form):
        following = sheet_form.cleaned_data["number"] + 1
        if request.accepts("text/html"):
            return redirect("ballots:keying_sheet", batch_id=batch.pk)
        return JsonResponse({"next": following, "is_full": following > keying.sheets_to_key(batch)})
    if request.accepts("text/html"):
        return _sheet_page(request, mine, form, sheet_form)
    return JsonResponse({"error": sheet_form.problem_text()}, status=422)


def _save_sheet(request, mine, sheet_form) -> bool:
    if not sheet_form.is_valid():
        return False
    try:
        keying.save_sheet(mine, number=sheet_form.cleaned_data["number"], sheet=sheet_form.sheet())
    except (keying.CannotKey, InvalidMarks, StateError) as problem:
        # The script shows words as they come.
        sheet_form.add_error(None, told(problem) if request.accepts("text/html") else str(problem))
        return False
    return True


def _sheet_page(request, mine, form, sheet_form=None):
    batch, last = mine.batch, keying.last_number(mine)
    number = last + 1
    if sheet_form is None:
        sheet_form = SheetForm(ballot_form=form, initial={"number": number})
    sections = _sections_to_key(form)
    context = {
        "batch": batch,
        "poll": batch.poll,
        "keying": mine,
        "form": sheet_form,
        "sections": sections,
        # Said once where all sections have the same scale.
        "shared": sections[0]["keys"] if len({part["keys"] for part in sections}) == 1 else "",
        "sizes": [len(part["cells"]) for part in sections],
        "cell_count": form.cell_count,
        "number": number,
        "last": last,
        "expected": keying.sheets_to_key(batch),
        "is_full": last >= keying.sheets_to_key(batch),
        "reasons": COMMON_REASONS,
    }
    return render(request, "ballots/keying_sheet.html", context)


def _sections_to_key(form) -> list[dict]:
    """The sections that have cells, each with its answers, the keys to type them by, and its numbered cells."""
    place, sections = 0, []
    for section in form.sections:
        if section.indicators:
            cells = list(enumerate(section.indicators, start=place))
            choices = answers(section)
            keys = "　".join(f"{as_typed(mark)} {label}" for mark, label in choices)
            sections.append({"section": section, "answers": choices, "keys": keys, "cells": cells})
            place += len(cells)
    return sections


@never_cache
@require_POST
def keying_undo(request, batch_id):
    """Take the last sheet back and show it to be keyed again."""
    batch = paper_batch(request, batch_id)
    mine = own_keying(request, batch)
    reason = keying.refusal(batch) or ("" if mine else NOT_KEYING)
    if reason:
        return _elsewhere(request, batch, reason)
    number = request.POST.get("number", "")
    form = batch.poll.ballot_form
    try:
        taken = keying.undo(mine, number=int(number) if number.isascii() and number.isdigit() else 0)
    except (keying.CannotKey, StateError) as problem:
        return _elsewhere(request, batch, problem)
    initial = sheet_initial(form, taken)
    if not request.accepts("text/html"):
        return JsonResponse(initial)
    return _sheet_page(request, mine, form, SheetForm(ballot_form=form, initial=initial))


@require_POST
def keying_finish(request, batch_id):
    batch = paper_batch(request, batch_id)
    mine = own_keying(request, batch)
    if mine is None:
        return _elsewhere(request, batch, NOT_KEYING)
    try:
        keying.finish(mine)
    except keying.CannotKey as problem:
        messages.error(request, told(problem))
        return redirect("ballots:keying_totals" if batch.is_aggregated else "ballots:keying_sheet", batch_id=batch.pk)
    except StateError as problem:
        return _elsewhere(request, batch, problem)
    messages.success(request, f"{mine.get_round_display()}已经录完。")
    return redirect("ballots:batch_keying", batch_id=batch.pk)


@never_cache
def keying_totals(request, batch_id):
    """The counts of each cell, out of a count sheet."""
    batch = paper_batch(request, batch_id)
    mine = own_keying(request, batch)
    reason = keying.refusal(batch) or ("" if mine and batch.is_aggregated else NOT_KEYING)
    if reason:
        return _elsewhere(request, batch, reason)
    sent = posted(request)
    form = TotalsForm(sent, ballot_form=batch.poll.ballot_form, valid=batch.valid_count, totals=mine.totals)
    if form.is_valid():
        try:
            keying.save_totals(mine, form.totals())
        except (keying.CannotKey, StateError) as problem:
            form.add_error(None, told(problem))
        else:
            messages.success(request, f"{mine.get_round_display()}的总数已经保存。")
            return redirect("ballots:batch_keying", batch_id=batch.pk)
    context = {"batch": batch, "poll": batch.poll, "keying": mine, "form": form}
    return render(request, "ballots/keying_totals.html", context)
