"""The measures and the progress of a problem."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.models.states import StateError
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.ledger import carry_out
from ..forms.measures import FinishForm, MeasureEditForm, MeasureForm, NoteForm
from ..ledger.measures import add_measure, add_note, edit_measure, finish_measure, remove_measure, resume_measure
from .fetching.ledger import kept_problem, measure_of_problem


def measure_add(request, problem_id):
    problem = kept_problem(request, problem_id)
    form = MeasureForm(posted(request), problem=problem)
    if carry_out(form, lambda: add_measure(problem_id, form.cleaned_data, by=request.user)):
        messages.success(request, "已新增一条措施。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/measure_form.html", {"form": form, "problem": problem})


def measure_edit(request, problem_id, measure_id):
    problem = kept_problem(request, problem_id)
    measure = measure_of_problem(problem, measure_id)
    form = MeasureEditForm(posted(request), instance=measure, problem=problem)
    if carry_out(form, lambda: edit_measure(measure, form.columns, seen=form.seen, by=request.user)):
        messages.success(request, "已保存措施。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/measure_form.html", {"form": form, "problem": problem, "measure": measure})


def measure_finish(request, problem_id, measure_id):
    problem = kept_problem(request, problem_id)
    measure = measure_of_problem(problem, measure_id)
    form = FinishForm(posted(request))
    if carry_out(form, lambda: finish_measure(measure, by=request.user, **form.cleaned_data)):
        messages.success(request, f"措施“{measure}”已落实。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/measure_finish.html", {"form": form, "problem": problem, "measure": measure})


@require_POST
def measure_undo(request, problem_id, measure_id):
    return _do(request, problem_id, measure_id, resume_measure, "已撤销，措施转为正在落实。")


@require_POST
def measure_remove(request, problem_id, measure_id):
    return _do(request, problem_id, measure_id, remove_measure, "已删除一条措施，变更记录中留有原文。")


def _do(request, problem_id, measure_id, deed, text):
    problem = kept_problem(request, problem_id)
    measure = measure_of_problem(problem, measure_id)
    try:
        deed(measure, by=request.user)
    except StateError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, text)
    return redirect("reports:problem_detail", problem_id)


def note_add(request, problem_id):
    problem = kept_problem(request, problem_id)
    form = NoteForm(posted(request), problem=problem)
    if carry_out(form, lambda: add_note(problem_id, by=request.user, **form.cleaned_data)):
        messages.success(request, "已登记进展。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/problem_note.html", {"form": form, "problem": problem})
