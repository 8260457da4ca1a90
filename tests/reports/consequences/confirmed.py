"""A finding that an organization has confirmed, and what was decided because of it."""

from datetime import date

from reports.consequences.actions import record_appeal, record_consequence
from reports.findings.actions import decide_finding
from reports.models import Appeal, Consequence, Finding
from tests.reports.findings.judged import crossings, judged

DECIDED_ON = date(2026, 3, 2)


def confirmed(poll=None, *, state=Finding.State.CONFIRMED) -> Finding:
    """The finding about a unit of whose 120 people 41 are 不满意."""
    poll = poll or judged(41)
    (crossing,) = crossings(poll)
    decide_finding(crossing, state=state, by=None, reason="核实无误")
    return Finding.objects.get(target__poll=poll)


def make_consequence(finding: Finding, **overrides) -> Consequence:
    facts = {
        "kind": Consequence.Kind.AWARD,
        "content": "本年度不得推荐为先进基层党组织",
        "basis": "某发〔2026〕3号",
        "authority": "某县委组织部",
        "decided_on": DECIDED_ON,
        **overrides,
    }
    return record_consequence(finding, by=None, **facts)


def make_appeal(finding: Finding, **overrides) -> Appeal:
    return record_appeal(finding, by=None, **{"received_on": date(2026, 3, 9), "text": "票数有误，请复查", **overrides})
