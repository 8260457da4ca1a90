"""A checked campaign file as the writer gets it."""

from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest

from ballots.campaign_file.document import (
    BallotEntry,
    CategoryEntry,
    CommitmentEntry,
    IndicatorEntry,
    OrganizationEntry,
)
from tests.ballots.campaign_file.documents import CAMPAIGN, changed, document_of


def test_the_campaign_that_the_errors_are_made_from_has_none():
    assert document_of(CAMPAIGN).campaign.title == "2026年度群众评议"


def test_organizations_come_after_their_parents_with_their_places_in_the_file():
    assert document_of(CAMPAIGN).organizations == (
        OrganizationEntry("$.organizations[1]", "某局党委", "committee", None),
        OrganizationEntry("$.organizations[0]", "第一党支部", "branch", "某局党委"),
    )


def test_days_are_days_and_a_missing_status_is_the_first_one():
    assert document_of(CAMPAIGN).commitments == (
        CommitmentEntry("$.commitments[0]", "第一党支部", "张三", "全年无事故", date(2026, 12, 31), "fulfilled"),
        CommitmentEntry("$.commitments[1]", "第一党支部", None, "修好门前路", None, "ongoing"),
    )


def test_an_indicator_of_text_alone_is_not_the_overall_one():
    assert document_of(CAMPAIGN).questionnaires[0].indicators == (
        IndicatorEntry("兑现公开承诺情况", is_overall=False),
        IndicatorEntry("总体评价", is_overall=True),
    )


def test_weights_are_exact():
    weights = [{"name": "党员", "weight": 33.3}, {"name": "群众代表", "weight": 66.7}]

    assert document_of(changed("campaign", categories=weights)).campaign.categories == (
        CategoryEntry("党员", Decimal("33.3")),
        CategoryEntry("群众代表", Decimal("66.7")),
    )


def test_marks_are_those_that_a_ballot_stores_and_opinions_stand_apart_from_them():
    (batch, _) = document_of(CAMPAIGN).polls[0].batches

    assert batch.ballots == (BallotEntry(38, "111"), BallotEntry(1, "215"), BallotEntry(1, "-x3"))
    assert batch.opinions == (("第一党支部", "会议短一点。"),)


def test_targets_refer_to_the_unit_or_to_a_member_of_it():
    references = [(target.organization, target.member) for target in document_of(CAMPAIGN).polls[0].targets]

    assert references == [("第一党支部", None), (None, ("第一党支部", "张三"))]


def test_nobody_changes_what_was_document_of():
    with pytest.raises(FrozenInstanceError):
        document_of(CAMPAIGN).campaign.title = "另一个"
