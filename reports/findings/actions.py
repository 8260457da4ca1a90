"""Decisions on crossed thresholds."""

from django.db import IntegrityError, transaction

from campaigns.models import Poll
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..ledger.actions import MAX_CONTENT, record, register_problem
from ..models import Consequence, Finding, Problem
from . import Crossing


def decide_finding(crossing: Crossing, *, state: str, by, reason: str) -> None:
    """Record what an organization decided about a threshold that a tally crossed.

    A problem that was made of it stays in the ledger, whose history then says that the finding was not upheld.
    Raises StateError where it would no longer be upheld while a decision because of it stands.
    """
    with transaction.atomic():
        finding, _ = Finding.objects.select_for_update().get_or_create(
            rule=crossing.threshold.key, target_id=crossing.target_id
        )
        if state != Finding.State.CONFIRMED and Consequence.objects.filter(finding=finding, revoked_on=None).exists():
            keys = finding.target.poll_id, crossing.threshold.key, crossing.target_id
            raise StateError(
                "据此作出的结果运用决定还没有撤销，不能改为不予认定；请先撤销。",
                way=way_to("结果运用", "reports:consequence_list", *keys),
            )
        finding.decide(state=state, by=by, reason=reason)
        problem = Problem.objects.filter(finding=finding).first()
        if problem and state == Finding.State.DISMISSED:
            record(problem, f"结果认定改为“不予认定”：{reason}", by=by)


def register_finding(poll: Poll, crossing: Crossing, *, by) -> Problem:
    """The problem of a confirmed finding; asked twice, the same one. Raises StateError before it is confirmed."""
    content = crossing.fact if len(crossing.fact) <= MAX_CONTENT else f"{crossing.fact[: MAX_CONTENT - 1]}…"
    with transaction.atomic():
        finding = (
            Finding.objects.select_for_update()
            .filter(rule=crossing.threshold.key, target=crossing.target_id, state=Finding.State.CONFIRMED)
            .first()
        )
        if finding is None:
            raise StateError(
                "认定以后才能转入整改台账；待复核和不予认定的不转。",
                way=way_to("结果认定", "reports:finding_decide", poll.pk, crossing.threshold.key, crossing.target_id),
            )
        try:
            with transaction.atomic():
                return register_problem(
                    poll.organization,
                    by=by,
                    content=content,
                    source=Problem.Source.TASK,
                    campaign=poll.campaign,
                    target_id=crossing.target_id,
                    subject=crossing.target,
                    finding=finding,
                )
        except IntegrityError:
            return Problem.objects.get(finding=finding)
