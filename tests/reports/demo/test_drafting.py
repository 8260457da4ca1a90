"""Reports of the demo: read before marking, their way told; secretaries in order, one without a place."""

import pytest

from campaigns import actions
from reports.demo.drafting import SHEETS, draft_report, hear_secretaries
from reports.gathering.drafting import drafting_sentences
from reports.results.poll import all_results
from reports.scope import Scope
from reports.secretaries.ranking import RankedBy, secretaries_ranking
from tests.factories import make_campaign, make_member, make_organization

from .staging import make_stage

pytestmark = pytest.mark.django_db


def test_the_report_has_three_drafts_and_every_opinion_on_it_is_decided():
    organization = make_organization()
    actions.make_polls(campaign := make_campaign(organization), [organization])
    poll = campaign.polls.get()

    draft_report(make_stage(), poll)

    texts = list(poll.documents.get().drafts.values_list("text", flat=True))
    first, *others = drafting_sentences(Scope.of_poll(poll))
    assert "提出修改意见、建议7条，采纳5条，未采纳2条，未采纳的逐条写明了理由。" in first
    assert len(set(texts)) == 3 and len(others) == 2 and "待填" not in "".join((first, *others))


def test_the_secretaries_stand_in_order_and_few_ballots_have_no_place():
    root = make_organization("某乡党委")
    units = [make_organization(f"第{place}党支部", parent=root, kind="branch") for place in range(len(SHEETS))]
    for unit in units:
        make_member(unit, f"{unit}书记", post="secretary")

    polls = hear_secretaries(make_stage(), root, units)

    scope = Scope.of(polls[0].campaign, root)
    (table,) = secretaries_ranking(scope, all_results(scope.polls), by=RankedBy.TOGETHER).tables
    assert (len(table.ranked), len(table.unranked)) == (5, 1)
    assert all(len(ranked.person.marks) == 2 for ranked in table.ranked)
