"""Measures take their problem along, and are removed only while there is nothing to show."""

import pytest

from campaigns.models.states import StateError
from reports.ledger.actions import close_problem
from reports.ledger.measures import add_measure, add_note, finish_measure, remove_measure, resume_measure
from reports.models import Measure
from tests.factories import (
    make_organization,
    make_problem,
)
from tests.reports.ledger.problems import DAY, END, state_of

pytestmark = pytest.mark.django_db


# States.


def test_a_problem_goes_from_registered_to_closed_as_its_measures_do():
    problem = make_problem(make_organization())
    states = [problem.state]
    measure = add_measure(problem.pk, {"content": "增设窗口"}, by=None)
    states.append(state_of(problem))
    finish_measure(measure, done_on=DAY, by=None)
    states.append(state_of(problem))
    close_problem(problem.pk, seen=problem.revision, by=None, **END)
    states.append(state_of(problem))

    assert states == ["registered", "underway", "done", "closed"]


def test_another_measure_or_an_undone_one_takes_a_problem_back_to_work():
    problem = make_problem(make_organization(), measures=[DAY])
    second = add_measure(problem.pk, {"content": "公布办理时限"}, by=None)
    states = [state_of(problem)]
    remove_measure(second, by=None)
    states.append(state_of(problem))
    resume_measure(problem.measures.get(), by=None)
    states.append(state_of(problem))

    assert states == ["underway", "done", "underway"]


def test_measures_with_something_to_show_are_not_removed():
    problem = make_problem(make_organization(), measures=[DAY, None, None])
    done, noted, idle = problem.measures.all()
    add_note(problem.pk, noted_on=DAY, text="已采购", measure=noted, by=None)

    with pytest.raises(StateError, match="已落实的措施不能删除"):
        remove_measure(done, by=None)
    with pytest.raises(StateError, match="已有进展记录"):
        remove_measure(noted, by=None)
    remove_measure(idle, by=None)

    assert list(problem.measures.all()) == [done, noted]


# Two at the same time.


def test_a_measure_removed_meanwhile_is_not_changed():
    problem = make_problem(make_organization(), measures=[None])
    measure = problem.measures.get()
    remove_measure(Measure.objects.get(pk=measure.pk), by=None)

    with pytest.raises(StateError, match="已经被别人删除"):
        finish_measure(measure, done_on=DAY, by=None)
