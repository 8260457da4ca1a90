"""The superiors' marks beside the branch's: apart, side by side, together; few ballots stay hidden."""

import pytest

from ballots.counting import sealing
from reports.results.poll import results_of
from reports.secretaries.standing import BY_BALLOTS, BY_SUPERIORS, TOGETHER, marked_persons, marks_by_target
from tests.factories import close_poll, enter_ballots, make_batch, make_superior_mark
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db


def person_of(poll, *marks):
    target = poll.targets.get()
    made = [make_superior_mark(target, given, marked_by=f"上级{place}") for place, given in enumerate(marks)]
    (person,) = marked_persons(results_of(poll), marks_by_target(made))
    return person


def counts(line):
    return {row.label: [figure.count for figure in row.figures[:3]] for row in line.rows}


def test_apart_and_together_with_each_counted_once():
    person = person_of(make_duty_polls({"甲支部": {"111": 6, "122": 3, "333": 1}})["甲支部"], "112", "212")

    assert [counts(line) for line in person.lines] == [
        {BY_BALLOTS: [9, 0, 1], BY_SUPERIORS: [1, 1, 0], TOGETHER: [10, 1, 1]},
        {BY_BALLOTS: [6, 3, 1], BY_SUPERIORS: [2, 0, 0], TOGETHER: [8, 3, 1]},
        {BY_BALLOTS: [6, 3, 1], BY_SUPERIORS: [0, 2, 0], TOGETHER: [6, 5, 1]},
    ]
    # 21 of 30, 3 of 6, 24 of 36.
    rates = (person.ballots, person.superiors, person.together)
    assert [rate.percent_text for rate in rates] == ["70.0%", "50.0%", "66.7%"]
    assert (person.ballots_base, person.is_sum_of_lines) == (30, True)


def test_without_superiors_the_ballots_stand_alone():
    person = person_of(make_duty_polls({"甲支部": {"111": 10}})["甲支部"])

    assert [row.label for row in person.lines[0].rows] == [BY_BALLOTS]
    assert (person.superiors.is_known, person.together.is_known) == (False, False)


def test_of_too_few_ballots_nothing_is_shown_and_no_sum_gives_them_away():
    person = person_of(make_duty_polls({"甲支部": {"111": 2}})["甲支部"], "111")

    assert [row.label for row in person.lines[0].rows] == [BY_SUPERIORS]
    assert (person.ballots.is_known, person.superiors.percent_text, person.together.is_known) == (
        False,
        "100.0%",
        False,
    )


def test_people_as_a_base_are_no_base_of_what_superiors_mark():
    poll = make_duty_polls({"甲支部": None}, base="attended")["甲支部"]
    from_poll = seal_with(poll, {"111": 8, "222": 2}, attended=20)

    person = person_of(from_poll, "111")

    assert (person.ballots.percent_text, person.ballots_base) == ("40.0%", 60)
    assert (person.superiors.percent_text, person.together.percent_text) == ("100.0%", "81.8%")


def seal_with(poll, marks, *, attended):
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll, attended=attended)
    sealing.seal(poll, by=None)
    return poll
