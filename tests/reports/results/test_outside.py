"""Answers outside the base are told apart by what the boxes hold, and only where a scale has several."""

import pytest

from ballots.models import SealedBox
from reports.results.outside import counts_outside
from reports.results.poll import results_of
from tests.factories import make_sealed_poll
from tests.reports.tables.members import make_members_poll

pytestmark = pytest.mark.django_db

BALLOTS = {"1" * 12: 20, "4" * 12: 3, "5" * 12: 2}


def test_no_box_is_read_for_a_scale_with_a_single_grade_outside_the_base(django_assert_num_queries):
    form = make_sealed_poll({"11": 9, "44": 3}, unknown=True).ballot_form

    with django_assert_num_queries(0):
        assert counts_outside(form.sections) == {}


def test_the_boxes_of_all_targets_are_read_at_once(django_assert_num_queries):
    form = make_members_poll(BALLOTS, BALLOTS).ballot_form

    with django_assert_num_queries(1):
        counts = counts_outside(form.sections)

    # Four members, three lines, two channels.
    assert list(counts.values()) == [(3, 2)] * 24


def test_a_box_that_cannot_be_counted_leaves_the_answers_together():
    poll = make_members_poll(BALLOTS)
    SealedBox.objects.filter(pk=SealedBox.objects.order_by("pk").first().pk).update(content="{}\n9")

    results = results_of(poll)

    assert {line.total.outside_grades for line in results.lines} == {(("不了解、没有接触", 5),)}
    assert results.problems() == []


def test_boxes_that_differ_from_the_rows_are_a_problem_that_is_named():
    poll = make_members_poll(BALLOTS)
    box = SealedBox.objects.order_by("pk").first()
    SealedBox.objects.filter(pk=box.pk).update(content=box.content.replace("444", "441", 1))

    problems = results_of(poll).problems()

    assert len(problems) == 1
    assert "不了解、没有接触逐档为2＋2，与合计5不符。" in problems[0]
