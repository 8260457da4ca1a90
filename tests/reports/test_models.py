"""The promises that the database keeps about what follows the count, each broken once where no test of its noun does it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import (
    ExcellentCount,
    Export,
    Finding,
    ProblemChange,
    ScoreChoice,
    Summary,
    SummaryVersion,
)
from tests.factories import make_export, make_problem, make_sealed_poll, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def violates(name, *columns):
    """The constraint's name; SQLite says of a unique one its columns instead."""
    told = ", ".join(columns)
    return pytest.raises(IntegrityError, match=f"{name}|failed: {told}$" if columns else name)


def create(model, **facts):
    """Write a row past every form and verb."""
    with transaction.atomic():
        return model.objects.create(**facts)


@pytest.fixture
def poll():
    return make_sealed_poll()


@pytest.fixture
def export(poll):
    return make_export(poll.campaign, by=make_user())


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        # PostgreSQL names the first by the alphabet of those that a state nobody knows breaks.
        ({"state": "lost"}, "export_state_known|export_ended_at_fits_the_state"),
        ({"kind": "count-sheet", "format": "docx"}, "export_format_fits_the_kind"),
        ({"kind": "summary", "format": "xlsx"}, "export_format_fits_the_kind"),
        ({"kind": "gossip"}, "export_format_fits_the_kind"),
        ({"total_count": 3, "done_count": 4}, "export_done_of_total"),
        ({"total_count": 3, "done_count": 1, "failed_count": 2}, "export_failed_of_done"),
        ({"state": "done"}, "export_ended_at_fits_the_state"),
        ({"ended_at": timezone.now()}, "export_ended_at_fits_the_state"),
        ({"state": "running"}, "export_running_has_a_worker"),
        ({"state": "running", "worker": "w"}, "export_running_has_a_worker"),
        ({"state": "running", "seen_at": timezone.now()}, "export_running_has_a_worker"),
        ({"worker": "w"}, "export_running_has_a_worker"),
    ],
)
def test_an_export_refuses(export, facts, name):
    with violates(name), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**facts)


def test_an_export_is_asked_for_once_until_it_has_ended(export):
    again = {"by": export.asked_by, "kind": export.kind, "format": export.format}
    columns = ("asked_by_id", "campaign_id", "organization_id", "kind", "format")

    with (
        violates("export_one_of_a_kind_at_a_time", *(f"reports_export.{column}" for column in columns)),
        transaction.atomic(),
    ):
        make_export(export.campaign, **again)
    Export.objects.filter(pk=export.pk).update(state="cancelled", ended_at=timezone.now())

    assert make_export(export.campaign, **again).state == "waiting"


def finding_of(poll, **facts):
    return create(Finding, **{"rule": "org-dissatisfied-third", "target": poll.targets.get(), **facts})


def test_a_threshold_is_crossed_once_by_a_target(poll):
    finding_of(poll)

    with violates("finding_unique", *(f"reports_finding.{column}" for column in ("rule", "target_id"))):
        finding_of(poll)


@pytest.mark.parametrize(
    "facts", [{"state": "confirmed"}, {"state": "pending", "decided_at": timezone.now()}, {"state": "forgotten"}]
)
def test_a_finding_is_decided_with_its_time_or_waits_without(poll, facts):
    with violates("finding_decided_at_fits_the_state"):
        finding_of(poll, **facts)


def test_a_problem_s_changes_are_numbered_without_a_repetition(poll):
    change = ProblemChange.objects.filter(problem=make_problem(poll.organization)).first()

    with violates(
        "problem_change_revision_unique", "reports_problemchange.problem_id", "reports_problemchange.revision"
    ):
        create(ProblemChange, problem=change.problem, revision=change.revision, text="又一次")


def test_a_missing_category_is_spread_or_withheld_and_nothing_else(poll):
    with violates("score_choice_answer_known"):
        create(ScoreChoice, poll=poll, answer="guess")


@pytest.mark.parametrize(("excellent", "attended", "members"), [(4, 3, 5), (3, 6, 5)])
def test_the_excellent_are_of_those_who_attended_and_these_of_the_members(poll, excellent, attended, members):
    with violates("excellent_count_of_those_who_attended"):
        create(ExcellentCount, poll=poll, excellent=excellent, attended=attended, members=members)


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
