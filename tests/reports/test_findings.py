"""Thresholds at their edges (scenario C9), and what is said of them before and after a decision."""

import pytest

from campaigns.models import Indicator
from reports import findings
from reports.models import Finding
from reports.results import results_of
from tests.factories import make_organization, make_sealed_poll

pytestmark = pytest.mark.django_db


def crossings(poll):
    return findings.crossings_of([results_of(poll)])


def judged(dissatisfied, total=120, **overrides):
    marks = {"11": total - dissatisfied, "13": dissatisfied}
    return make_sealed_poll(marks, thresholds=["org-dissatisfied-third"], **overrides)


def test_c9_exactly_a_third_does_not_cross():
    assert crossings(judged(40)) == []


def test_c9_one_more_than_a_third_crosses_with_its_consequences():
    (found,) = crossings(judged(41))

    assert (found.target, found.indicator, found.count, found.base, found.rate) == (
        "某局党委",
        "总体评价",
        41,
        120,
        "34.2",
    )
    assert found.state == "pending"
    assert len(found.consequences) == 3


def test_c9_what_prints_as_a_third_crosses_when_it_is_more():
    assert crossings(judged(1459, total=4378)) == []

    (found,) = crossings(judged_elsewhere(1460))

    assert found.rate == "33.3"


def judged_elsewhere(dissatisfied):
    return judged(dissatisfied, total=4378, organizer=make_organization("另一党委"))


def test_only_the_overall_line_is_judged_where_there_is_one():
    poll = make_sealed_poll({"31": 50, "11": 10}, thresholds=["org-dissatisfied-third"])

    assert crossings(poll) == []


def test_every_line_is_judged_where_no_overall_was_asked():
    poll = make_sealed_poll(
        {"31": 50, "11": 10}, indicators=("第一项", "第二项"), thresholds=["org-dissatisfied-third"]
    )

    assert [found.indicator for found in crossings(poll)] == ["第一项"]


def test_a_dismissed_finding_has_no_consequences():
    poll = judged(41)
    Finding.objects.create(
        rule="org-dissatisfied-third",
        target=poll.targets.get(),
        indicator=Indicator.objects.get(is_overall=True),
        state="dismissed",
        decided_at=poll.sealed_at,
    )

    (found,) = crossings(poll)

    assert (found.state, found.consequences) == ("dismissed", ())


def test_about_a_cadre_nothing_follows_before_an_organization_has_confirmed():
    poll = judged(41)
    (found,) = crossings(poll)
    cadre = findings.library.thresholds()["cadre-fair-or-worse-half"]
    pending = findings.Crossing(**{**found.__dict__, "threshold": cadre})
    confirmed = findings.Crossing(**{**found.__dict__, "threshold": cadre, "state": "confirmed"})

    assert (pending.state_label, pending.consequences) == ("待组织复核认定", ())
    assert confirmed.consequences == cadre.consequences
