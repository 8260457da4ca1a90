"""The stories of the demo's ledgers: in order, answered where they are closed, and of opinions that were written."""

import pytest

from campaigns.models.columns import max_length
from reports.demo import cases, words
from reports.models import Problem

ALL = {
    **{f"report {place}": case for place, case in enumerate(cases.OF_THE_REPORT)},
    **{f"college {place}": case for place, case in enumerate(cases.OF_THE_COLLEGE)},
    **{f"branch {place}": case for place, case in enumerate(cases.OF_THE_BRANCH)},
    **{f"township {place}": case for place, (_, case) in enumerate(cases.OF_THE_TOWNSHIP)},
    **{f"company {place}": case for place, case in enumerate(cases.OF_THE_COMPANY)},
    "finding": cases.OF_THE_FINDING,
}


@pytest.mark.parametrize("name", ALL)
def test_a_case_is_planned_before_it_is_worked_on_and_answered_before_it_is_closed(name):
    case = ALL[name]

    if case.steps:
        assert case.treatment
    if case.closed is not None:
        assert case.reply
        assert all(step.done is not None and step.done >= case.closed for step in case.steps)
    if case.verdict or case.reopened:
        assert case.closed is not None


@pytest.mark.parametrize("name", ALL)
def test_a_case_fits_the_ledger(name):
    case = ALL[name]

    assert len(case.content) <= max_length(Problem, "content")
    assert case.treatment in ("", *Problem.Treatment.values)
    assert case.source in Problem.Source.values
    assert case.verdict in ("", *Problem.Verdict.values)


def test_cases_of_opinions_are_about_what_somebody_wrote():
    written = {*words.BESIDE_THE_DRAFT, *words.ON_THE_DRAFT, *words.IN_VILLAGE, *words.ALIKE_IN_VILLAGE}
    written |= {words.POINTING_IN_VILLAGE, *(text for texts in words.IN_VILLAGES.values() for text in texts)}

    of_opinions = [case.opinion for case in ALL.values() if case.opinion]

    assert of_opinions
    assert [text for text in of_opinions if text not in written] == []


def test_s2_ten_problems_have_twelve_measures_of_which_nine_are_done_and_one_is_late():
    stories = [case for _, case in cases.OF_THE_TOWNSHIP]
    steps = [step for case in stories for step in case.steps]

    assert (len(stories), len(steps)) == (10, 12)
    assert sum(step.done is not None for step in steps) == 9
