"""Summaries and their versions: of a poll or of a unit, numbered, and final with their figures."""

import pytest
from django.db import IntegrityError, transaction

from reports.models import (
    Summary,
    SummaryVersion,
)
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    make_sealed_poll,
)
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_summary_is_of_a_poll_or_of_a_unit_and_never_of_both_or_neither(poll):
    unit = {"campaign": poll.campaign, "organization": poll.organization}

    for facts in ({}, {"poll": poll, **unit}, {"campaign": poll.campaign}, {"organization": poll.organization}):
        with violates("summary_of_a_poll_or_of_a_unit"):
            create(Summary, **facts)


def test_a_unit_has_one_summary_of_a_campaign(poll):
    unit = {"campaign": poll.campaign, "organization": poll.organization}
    create(Summary, **unit)

    with violates("summary_of_a_unit_unique", "reports_summary.campaign_id", "reports_summary.organization_id"):
        create(Summary, **unit)


def test_a_summary_s_versions_are_numbered_without_a_repetition(poll):
    summary = create(Summary, poll=poll)
    create(SummaryVersion, summary=summary, number=1)

    with violates(
        "summary_version_number_unique", "reports_summaryversion.summary_id", "reports_summaryversion.number"
    ):
        create(SummaryVersion, summary=summary, number=1)


@pytest.mark.parametrize("facts", [{"is_final": True}, {"is_final": False, "snapshot": {"report": {}}}])
def test_a_final_version_keeps_its_figures_and_a_draft_has_none(poll, facts):
    summary = create(Summary, poll=poll)

    with violates("summary_version_final_with_its_figures"):
        create(SummaryVersion, summary=summary, number=1, **facts)


@pytest.mark.parametrize("broken", [{"snapshot": {"format": 1}}, {"is_final": True}])
def test_a_version_is_final_with_its_figures_and_only_then(broken):
    version = save_summary(Scope.of_poll(make_sealed_poll()), {"use": "甲"}, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        SummaryVersion.objects.filter(pk=version.pk).update(**broken)


def test_two_versions_never_have_one_number():
    version = save_summary(Scope.of_poll(make_sealed_poll()), {"use": "甲"}, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        version.summary.versions.create(number=version.number)


@pytest.mark.parametrize("facts", [{}, {"poll": 1, "campaign": 1, "organization": 1}, {"campaign": 1}])
def test_a_summary_is_of_a_poll_or_of_a_unit(facts):
    poll = make_sealed_poll()
    known = {"poll": poll, "campaign": poll.campaign, "organization": poll.organization}

    with pytest.raises(IntegrityError), transaction.atomic():
        Summary.objects.create(**{name: known[name] for name in facts})
