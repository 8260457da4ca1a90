"""Kinds as the pages tell of them: the rule, and what would go as far as somebody sees it."""

import pytest

from reports.models import KeptKind
from reports.retention.content import kind_lines, previewed_lines
from reports.retention.periods import KINDS
from tests.factories import make_organization, make_sealed_poll
from tests.reports.retention.settled import file_all, in_months, record_meeting

pytestmark = pytest.mark.django_db


def test_every_kind_says_its_rule():
    lines = kind_lines({KeptKind.OPINION: 12})

    assert [line.facts for line in lines] == list(KINDS)
    assert {line.facts.kind: line.rule for line in lines}[KeptKind.OPINION] == "满12个月清除"
    assert {line.rule for line in lines if line.facts.kind != KeptKind.OPINION} == {"不自动清除"}


def test_a_preview_counts_what_lies_within_somebody_s_reach():
    poll = make_sealed_poll()
    record_meeting(poll)
    file_all(poll.campaign)
    elsewhere = make_organization("外单位党委")

    def told(path):
        lines = previewed_lines({KeptKind.ATTENDANCE: 12}, paths=[path], today=in_months(13))
        return [(line.number, line.places) for line in lines if line.facts.kind == KeptKind.ATTENDANCE]

    assert told("") == told(poll.organization.path) == [(3, "2026年度群众评议（3项）")]
    assert told(elsewhere.path) == [(0, "")]
