"""Polls in which a branch appraises its members, their self-appraisals, and the branch's report."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.appraised import members_of_poll
from campaigns.models import Member, Poll
from campaigns.permissions import require
from campaigns.views.fetching import visible_poll

from ...comments import comment_entry, comments_of
from ...files.registration import RegistrationMaterial
from ...grading.content import gradings_of
from ...models import WorkReport
from ...permissions import can_read_self_appraisals, can_read_work_report
from ...results.poll import results_of
from ...scope import Scope
from ...self_appraisals.content import self_appraisal_of
from ...work_reports.actions import has_work_report_step


def poll_of_self_appraisals(request, poll_id: int) -> Poll:
    """A poll whose members' self-appraisals the user reads."""
    poll = visible_poll(request, poll_id)
    require(can_read_self_appraisals(request.user, poll))
    return poll


def poll_of_work_report(request, poll_id: int) -> Poll:
    """A poll whose branch makes a work report that the user reads."""
    poll = visible_poll(request, poll_id)
    require(can_read_work_report(request.user, poll))
    if not has_work_report_step(poll):
        raise Http404
    return poll


def work_report_to_read(request, poll_id: int) -> WorkReport:
    poll = poll_of_work_report(request, poll_id)
    return get_object_or_404(WorkReport.objects.select_related("poll__campaign", "poll__organization"), poll=poll)


def member_of_poll(poll: Poll, member_id: int) -> Member:
    """A member whom the poll's branch grades, or who takes part in it without a grade."""
    return get_object_or_404(members_of_poll(poll), pk=member_id)


def material_of_registration(poll: Poll, member: Member) -> RegistrationMaterial:
    """All that a member's page is made of."""
    results = results_of(poll)
    keys = poll.targets.filter(member=member, pk__in=[section.id for section in results.graded])
    target_id = keys.values_list("pk", flat=True).first()
    comments = comments_of(Scope.of_poll(poll)).filter(member=member)
    return RegistrationMaterial(
        results=results,
        target_id=target_id,
        comments=tuple(map(comment_entry, comments)),
        grading=gradings_of([results]).get(poll.pk),
        own=self_appraisal_of(poll, member),
    )
