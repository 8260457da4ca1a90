"""The branch's decision on its members' grades (综合定格): what stands, its history, and recording it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.appraised import members_of_poll
from campaigns.models import Member, Poll
from campaigns.models.states import StateError
from campaigns.permissions import can_read_opinions, can_write_summary, require
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..forms.grading import GradingForm
from ..grading.actions import GradedMeanwhile, record_grading, register_unqualified
from ..grading.content import GradedMember, GradingContent, gradings_of, history_of
from ..permissions import can_keep_ledger
from ..report import content_of_poll
from ..results.poll import results_of
from .fetching.results import poll_of_results, target_of_poll


def poll_grading(request, poll_id):
    """The standing decision beside the votes, and those before it."""
    poll = poll_of_results(request, poll_id)
    content = content_of_poll(poll)
    if not content.grades_members:
        raise Http404
    context = {
        "poll": poll,
        "content": content,
        "members": _members(poll, content.grading),
        "may_read": can_read_opinions(request.user, poll),
        "history": history_of(poll)[1:],
        "can_record": can_write_summary(request.user, poll),
        "can_register": can_keep_ledger(request.user, poll.organization) and can_write_summary(request.user, poll),
    }
    return render(request, "reports/poll_grading.html", context)


def _members(poll: Poll, grading: GradingContent | None) -> list[tuple[Member, GradedMember | None]]:
    """Everybody who takes part, with the grade that was decided."""
    targets = dict(poll.targets.exclude(member=None).values_list("member", "pk"))
    return [
        (member, grading.of(targets[member.pk]) if grading and member.pk in targets else None)
        for member in members_of_poll(poll)
    ]


def grading_record(request, poll_id):
    poll = poll_of_results(request, poll_id)
    require(can_write_summary(request.user, poll))
    results = results_of(poll)
    if not results.graded:
        raise Http404
    form = GradingForm(posted(request), results=results, standing=gradings_of([results]).get(poll.pk))
    if form.is_valid() and _recorded(form, poll, request.user):
        messages.success(request, "等次已经登记。")
        return redirect("reports:poll_grading", poll_id=poll.pk)
    context = {"poll": poll, "hidden_reason": results.hidden_reason, "ungraded": results.ungraded, "form": form}
    return render(request, "reports/grading_record.html", context)


def _recorded(form: GradingForm, poll, user) -> bool:
    """Whether the decision was written; refused, the form says why."""
    try:
        record_grading(poll, form.meeting, form.decisions, seen=form.cleaned_data["seen"], by=user)
    except GradedMeanwhile as refusal:
        form.add_error(None, told(refusal))
        return False
    return True


@require_POST
def grading_problem(request, poll_id, target_id):
    """Put a member who was graded 不合格 into the rectification ledger; asked again, show the same problem."""
    poll = poll_of_results(request, poll_id)
    require(can_write_summary(request.user, poll) and can_keep_ledger(request.user, poll.organization))
    target = target_of_poll(poll, target_id)
    try:
        problem = register_unqualified(target, by=request.user)
    except StateError as refusal:
        messages.error(request, told(refusal))
        return redirect("reports:poll_grading", poll_id=poll.pk)
    messages.success(request, "已转入整改台账。")
    return redirect("reports:problem_detail", problem.pk)
