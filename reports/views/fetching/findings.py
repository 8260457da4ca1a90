"""Thresholds that were crossed, what was decided because of them, and appeals."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.models import Poll
from campaigns.models.reach import visible_paths, within_paths
from campaigns.permissions import require

from ...findings import Crossing, crossings_of
from ...models import Appeal, Consequence, Finding
from ...permissions import can_decide_findings
from ...results.poll import results_of


def crossing_of_poll(poll: Poll, rule: str, target_id: int) -> Crossing:
    """The threshold that a target crossed; 404 where the ballots do not give it."""
    for crossing in crossings_of([results_of(poll)]):
        if (crossing.threshold.key, crossing.target_id) == (rule, target_id):
            return crossing
    raise Http404


def finding_to_use(request, finding_id: int) -> Finding:
    """A confirmed finding because of which the user may record what was decided."""
    finding = get_object_or_404(
        Finding.objects.filter(within_paths(visible_paths(request.user), "target__poll__path")).select_related(
            "target__poll__campaign", "target__poll__organization"
        ),
        pk=finding_id,
    )
    require(can_decide_findings(request.user, finding.target.poll))
    return finding


def consequence_to_revoke(request, consequence_id: int) -> Consequence:
    consequences = Consequence.objects.visible_to(request.user).select_related("finding__target__poll__organization")
    consequence = get_object_or_404(consequences, pk=consequence_id)
    require(can_decide_findings(request.user, consequence.finding.target.poll))
    return consequence


def appeal_to_answer(request, appeal_id: int) -> Appeal:
    appeals = Appeal.objects.visible_to(request.user).select_related("finding__target__poll__organization")
    appeal = get_object_or_404(appeals, pk=appeal_id)
    require(can_decide_findings(request.user, appeal.finding.target.poll))
    return appeal
