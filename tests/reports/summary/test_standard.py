"""Sections stand in standard wording until a secretary writes another."""

import pytest

from reports.models import Summary
from reports.report import summary_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    make_commitment,
    make_member,
    make_sealed_poll,
)
from tests.reports.summary.worded import paragraphs_of

pytestmark = pytest.mark.django_db


def test_a_secretary_s_words_replace_the_standard_and_only_the_change_is_kept():
    poll = make_sealed_poll()
    texts = {"shortcomings": "个别同志准备不够充分,下次改进。"}

    save_summary(Scope.of_poll(poll), texts, by=None)

    assert Summary.objects.get().texts == {"shortcomings": "个别同志准备不够充分,下次改进。"}
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "shortcomings") == ["个别同志准备不够充分，下次改进。"]


def test_c7_commitments_have_a_part_of_their_own_where_there_are_any():
    poll = make_sealed_poll({"11": 41})
    without = paragraphs_of(summary_of(Scope.of_poll(poll)), "commitments")
    member = make_member(poll.organization)
    make_commitment(poll.organization, "修路", member, status="fulfilled")
    make_commitment(poll.organization, "装灯", member)

    assert without == []
    assert paragraphs_of(summary_of(Scope.of_poll(poll)), "commitments") == [
        "公开承诺2项，党员1名，人均2.00项。",
        "已兑现1项，兑现率50.0%（1/2）。",
    ]
