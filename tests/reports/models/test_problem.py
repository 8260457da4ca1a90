"""Problems of the ledger: numbered changes, and what a closed one must have."""

import pytest
from django.db import IntegrityError, transaction

from reports.models import (
    Measure,
    Problem,
    ProblemChange,
)
from tests.factories import (
    make_closed_problem,
    make_organization,
    make_problem,
)
from tests.reports.models.breaking import create, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_problem_s_changes_are_numbered_without_a_repetition(poll):
    change = ProblemChange.objects.filter(problem=make_problem(poll.organization)).first()

    with violates(
        "problem_change_revision_unique", "reports_problemchange.problem_id", "reports_problemchange.revision"
    ):
        create(ProblemChange, problem=change.problem, revision=change.revision, text="又一次")


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("problem_source_known", {"source": "elsewhere"}),
        ("problem_treatment_known", {"treatment": "later"}),
        ("problem_verdict_known", {"verdict": "angry"}),
        ("problem_explained_with_a_reason", {"treatment": "explained"}),
        ("problem_closed_only_with_a_reply", {"reply": ""}),
        ("problem_end_fits_the_state", {"done_on": None}),
        ("problem_end_fits_the_state", {"closed_at": None}),
        ("problem_end_fits_the_state", {"state": "underway"}),
        ("problem_end_fits_the_state", {"state": "unheard of"}),
    ],
)
def test_the_database_keeps_the_promises_about_a_closed_problem(name, facts):
    problem = make_closed_problem(make_organization())

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(**facts)


def test_a_measure_is_done_on_a_day_or_not_at_all():
    measure = make_problem(make_organization(), measures=[None]).measures.get()

    with pytest.raises(IntegrityError, match="measure_done_on_fits_the_state"):
        Measure.objects.filter(pk=measure.pk).update(state="done")


def test_no_two_changes_have_one_revision():
    problem = make_problem(make_organization())

    with pytest.raises(IntegrityError):
        ProblemChange.objects.create(problem=problem, revision=problem.revision, text="另一条")
