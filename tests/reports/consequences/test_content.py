"""The list of decisions in force says about whom, why and by what votes."""

from datetime import date

import pytest

from reports.consequences import restrictions_content
from reports.consequences.actions import revoke_consequence
from reports.consequences.content import consequences_in_force
from tests import factories
from tests.reports.consequences.confirmed import DECIDED_ON, confirmed, make_appeal, make_consequence
from tests.reports.findings.judged import crossings, judged

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = date(2026, 6, 1)


def content_on(day, poll):
    rows = list(consequences_in_force([poll.path], day))
    return restrictions_content("某局党委", rows, crossings(poll), day=day)


def test_an_entry_states_the_votes_and_their_base():
    poll = judged(41)
    make_consequence(confirmed(poll))

    (entry,) = content_on(DAY, poll).entries

    assert "不满意41票，占120票的34.2%" in entry.fact
    assert (entry.kind, entry.authority, str(entry.decided_on)) == (
        "不得推荐表彰、评先评优",
        "某县委组织部",
        "2026年3月2日",
    )


@pytest.mark.parametrize(
    ("until", "day", "count"),
    [
        (None, date(2030, 1, 1), 1),
        (date(2026, 6, 1), date(2026, 6, 1), 1),
        (date(2026, 6, 1), date(2026, 6, 2), 0),
        (None, date(2026, 3, 1), 0),
    ],
)
def test_a_decision_is_listed_from_its_day_to_the_last_of_its_term(until, day, count):
    poll = judged(41)
    make_consequence(confirmed(poll), until=until)

    assert date(2026, 3, 2) == DECIDED_ON
    assert len(content_on(day, poll).entries) == count


def test_a_revoked_decision_is_not_listed():
    poll = judged(41)
    revoke_consequence(make_consequence(confirmed(poll)), on=date(2026, 4, 1), reason="变更", by=None)

    assert content_on(DAY, poll).entries == ()


def test_decisions_of_other_units_are_not_listed():
    poll = judged(41)
    make_consequence(confirmed(poll))
    elsewhere = factories.make_organization("别的单位")

    assert list(consequences_in_force([elsewhere.path], DAY)) == []


def test_two_decisions_about_a_subject_are_one_subject():
    poll = judged(41)
    finding = confirmed(poll)
    for kind in ("award", "admonition"):
        make_consequence(finding, kind=kind)

    content = content_on(DAY, poll)

    assert (content.subjects, len(content.entries)) == (1, 2)


def test_appeals_are_told_as_long_as_they_wait_and_by_their_outcomes():
    poll = judged(41)
    finding = confirmed(poll)
    make_consequence(finding)
    first, second = (make_appeal(finding) for _ in range(2))

    def told():
        return content_on(DAY, poll).entries[0].appeals

    assert told() == "申诉2件，未答复2件"
    for appeal, outcome in ((first, "upheld"), (second, "changed")):
        appeal.outcome, appeal.answer, appeal.answered_on = outcome, "已复查", date(2026, 4, 1)
        appeal.save()
    assert told() == "申诉2件，维持、变更"


def test_a_finding_that_the_votes_no_longer_give_is_told():
    poll = judged(41)
    make_consequence(confirmed(poll))
    rows = list(consequences_in_force([poll.path], DAY))

    (entry,) = restrictions_content("某局党委", rows, [], day=DAY).entries

    assert "请核对" in entry.fact
