"""The rectification ledger: its list, its board, and one problem from registration to its reply."""

from django.contrib import messages
from django.db.models import Count, Value
from django.db.models.functions import NullIf
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.listing import Head, Listing, in_order_of
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.ledger import CloseForm, ProblemAddForm, ProblemEditForm, ReopenForm, VerdictForm, carry_out
from ..forms.ledger_filter import LedgerFilterForm
from ..forms.measures import NoteForm
from ..ledger.actions import (
    close_problem,
    discard_problem,
    edit_problem,
    judge_problem,
    register_problem,
    reopen_problem,
)
from ..ledger.content import figures_of, ledger_entry
from ..models import Problem
from ..permissions import (
    can_keep_ledger,
    can_keep_some_ledger,
    can_read_some_ledger,
    ledger_paths,
    organizations_of_kept_ledger,
)
from ..revotes import campaigns_to_settle
from .fetching.address import key_in
from .fetching.ledger import kept_problem, origin_of_problem, visible_problem

PROBLEMS_PER_PAGE = 30
PROBLEM_HEADS = (
    Head("单位和问题", "unit", ("organization__path",)),
    Head("来源", "source", (in_order_of("source", Problem.Source.values),)),
    Head("责任人", "person", (NullIf("responsible_person", Value("")),)),
    Head("措施落实", "measures", ("measure_done_count", "measure_count"), is_number=True),
    Head("完成时限", "due", ("due_on",)),
    Head("状态", "state", (in_order_of("state", Problem.State.values),)),
)
# A longer column of the board is read on in the list.
CARDS_PER_COLUMN = 20


def _chosen(request):
    """The problems that the user reads and the filter leaves, with the filter."""
    require(can_read_some_ledger(request.user))
    paths = ledger_paths(request.user)
    form = LedgerFilterForm(request.GET, paths=paths)
    return form, form.apply(Problem.objects.within(paths), today=timezone.localdate())


def problem_list(request):
    form, problems = _chosen(request)
    today = timezone.localdate()
    rows = problems.by_urgency(today).with_measure_counts().select_related("organization")
    listing = Listing(request.GET, rows, PROBLEM_HEADS, size=PROBLEMS_PER_PAGE)
    context = {
        "form": form,
        "figures": figures_of(problems, today=today),
        "listing": listing,
        "page": listing.page,
        "can_add": can_keep_some_ledger(request.user),
        "campaigns_to_settle": campaigns_to_settle(organizations_of_kept_ledger(request.user)),
    }
    return render(request, "reports/problem_list.html", context)


def problem_board(request):
    form, problems = _chosen(request)
    today = timezone.localdate()
    counts = dict(problems.order_by().values_list("state").annotate(Count("pk")))
    rows = problems.by_urgency(today).with_measure_counts().select_related("organization")
    latest = rows.order_by("-closed_at", "-pk")
    columns = [
        {
            "state": state,
            "label": state.label,
            "count": counts.get(state, 0),
            "problems": (latest if state == Problem.State.CLOSED else rows).filter(state=state)[:CARDS_PER_COLUMN],
        }
        for state in Problem.State
    ]
    context = {
        "form": form,
        "figures": figures_of(problems, today=today),
        "columns": columns,
        "shown": CARDS_PER_COLUMN,
        "can_add": can_keep_some_ledger(request.user),
    }
    return render(request, "reports/problem_board.html", context)


def problem_add(request):
    """A new problem; `?organization=`, `?campaign=` and `?commitment=` fill in what it comes from."""
    require(can_keep_some_ledger(request.user))
    commitment, organization = origin_of_problem(request)
    form = ProblemAddForm(
        posted(request),
        user=request.user,
        commitment=commitment,
        initial={
            **({"organization": organization.pk, "responsible_unit": organization.name} if organization else {}),
            "campaign": key_in(request, "campaign"),
        },
    )
    if form.is_valid():
        problem = register_problem(by=request.user, commitment=commitment, **form.cleaned_data)
        _tell_saved(request, problem, "已登记到整改台账。")
        return redirect("reports:problem_detail", problem.pk)
    known = commitment.problems.first() if commitment else None
    return render(request, "reports/problem_add.html", {"form": form, "commitment": commitment, "known": known})


def _tell_saved(request, problem: Problem, text: str) -> None:
    messages.success(request, text)
    if problem.is_overdue_on(timezone.localdate()):
        messages.warning(request, "完成时限已过，这个问题列为逾期；时限填错了的，请修改。")


def problem_detail(request, problem_id):
    problem = visible_problem(request, problem_id)
    today = timezone.localdate()
    measures = problem.measures.annotate(note_count=Count("notes")).order_by("pk")  # grouping drops the order of Meta
    can_keep = can_keep_ledger(request.user, problem.organization)
    context = {
        "problem": problem,
        "entry": ledger_entry(problem, today=today),
        "measures": [(measure, measure.is_overdue_on(today)) for measure in measures],
        "notes": problem.notes.select_related("measure"),
        "revotes": problem.revotes.select_related("target__poll__campaign"),
        "changes": problem.changes.select_related("changed_by").order_by("-revision"),
        "can_keep": can_keep,
        "note_form": NoteForm(problem=problem) if can_keep and not problem.is_closed else None,
    }
    return render(request, "reports/problem_detail.html", context)


def problem_edit(request, problem_id):
    problem = kept_problem(request, problem_id)
    if problem.is_closed:
        return _out_of_turn(request, problem, "已办结的问题不能修改。确需修改的，请先重新启动整改。")
    form = ProblemEditForm(posted(request), instance=problem, user=request.user)
    if carry_out(form, lambda: edit_problem(problem_id, form.columns, seen=form.seen, by=request.user)):
        _tell_saved(request, Problem.objects.get(pk=problem_id), "已保存。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/problem_edit.html", {"form": form, "problem": problem})


def problem_close(request, problem_id):
    problem = kept_problem(request, problem_id)
    if problem.state != Problem.State.DONE:
        return _out_of_turn(request, problem, "整改措施全部落实（或者已写明政策原因）、转为“待答复”后才能办结。")
    form = CloseForm(posted(request), problem=problem)
    if carry_out(form, lambda: close_problem(problem_id, seen=form.seen, by=request.user, **form.columns)):
        messages.success(request, "已答复办结。征求群众意见后，请登记群众再评。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/problem_close.html", {"form": form, "problem": problem})


def problem_reopen(request, problem_id):
    problem = kept_problem(request, problem_id)
    if not problem.is_closed:
        return _out_of_turn(request, problem, "这个问题没有办结，不用重新启动。")
    form = ReopenForm(posted(request))
    if carry_out(form, lambda: reopen_problem(problem_id, by=request.user, **form.cleaned_data)):
        messages.success(request, "已重新启动，原来的答复留作草稿。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/problem_reopen.html", {"form": form, "problem": problem})


def problem_verdict(request, problem_id):
    problem = kept_problem(request, problem_id)
    if not problem.is_closed:
        return _out_of_turn(request, problem, "办结以后才能登记群众再评。")
    initial = {"verdict": problem.verdict, "note": problem.verdict_note}
    form = VerdictForm(posted(request), initial=initial)
    if carry_out(form, lambda: judge_problem(problem_id, by=request.user, **form.cleaned_data)):
        messages.success(request, "已登记群众再评。")
        return redirect("reports:problem_detail", problem_id)
    return render(request, "reports/problem_verdict.html", {"form": form, "problem": problem})


@require_POST
def problem_discard(request, problem_id):
    problem = kept_problem(request, problem_id)
    try:
        discard_problem(problem_id)
    except StateError as refusal:
        return _out_of_turn(request, problem, told(refusal))
    messages.success(request, "已从整改台账中删除。")
    return redirect("reports:problem_list")


def _out_of_turn(request, problem: Problem, why: str):
    messages.error(request, why)
    return redirect("reports:problem_detail", problem.pk)
