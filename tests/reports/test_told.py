"""Sentences and tables of one report have the same numbers, whatever the counting rules (letters, 小结, announcements, count sheets)."""

import random
from collections import Counter
from datetime import date

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Indicator, Poll, Questionnaire
from reports.announcements.content import draft_content, standard_announcement
from reports.demo import playing
from reports.files.feedback import feedback_content
from reports.findings import crossings_of
from reports.findings.actions import decide_finding
from reports.report import content_of_poll, summary_of
from reports.results.poll import results_of
from reports.scope import Scope
from reports.summary.sentences import headline_line
from reports.views.fetching.feedback import material_of_letter, targets_with_letters
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_member, make_organization
from tests.reports.demo.looking import load_demo

from .told import assert_letter, assert_results_of_summary, assert_sheets

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
PERSONS = ("张甲", "李乙")


def make_random_poll(seed):
    """A sealed poll under random rules: a unit on two indicators, two cadres on two, ballots by two or three channels."""
    chance = random.Random(seed)
    unit = make_organization("某局机关")
    for name in PERSONS:
        make_member(unit, name, post="cadre")
    campaign = make_campaign(
        unit,
        indicators=("兑现公开承诺情况", chance.choice(("总体评价", "作风建设情况"))),
        unknown=chance.random() < 0.5,
        channels=["meeting", "paper", "online"],
        base=chance.choice(("valid", "returned", "attended", "entitled")),
        blank=chance.choice(("abstain", "invalid")),
        decimals=chance.choice((0, 1, 2)),
        sum_to_100=chance.choice(("note", "last", "largest")),
        is_self_excluded=chance.random() < 0.7,
        thresholds=["org-dissatisfied-third", "cadre-fair-or-worse-half"],
        judged=chance.choice(("overall", "together", "each")),
    )
    cadres = Questionnaire.objects.create(
        campaign=campaign,
        key="cadre",
        title="干部评议表",
        target_kind="cadre",
        target_rule="its_cadres",
        scale=actions.scale_from_library("fair-4", unknown=campaign.questionnaires.get().scale.grades.count() > 3),
        position=2,
    )
    for position, text in enumerate(("联系群众", "廉洁自律"), start=1):
        Indicator.objects.create(questionnaire=cadres, text=text, position=position)
    actions.make_polls(campaign, [unit])
    campaign.polls.update(entitled_count=99)
    open_campaign(campaign, by=None)
    hold_at_random(campaign.polls.get(), chance)
    return campaign.polls.get()


def hold_at_random(poll, chance):
    marks = ["123-x" + ("4" if section.questionnaire == "cadre" else "") for section in poll.ballot_form.sections]
    void, present = {}, 0
    for channel in chance.sample(("meeting", "paper", "online"), chance.choice((2, 3))):
        batch = make_batch(poll, channel=channel, method="entered")
        count = chance.randint(1, 24)
        sheets = ["".join(chance.choice(mark) + chance.choice(mark) for mark in marks) for _ in range(count)]
        enter_ballots(batch, Counter(sheets))
        void[batch.pk] = chance.randint(0, 2)
        present += count + void[batch.pk]
    close_poll(poll, attended=present + chance.randint(0, 3), void=void)
    sealing.seal(poll, by=None)


def decide_all(poll):
    for crossing in crossings_of([results_of(poll)]):
        decide_finding(crossing, state="confirmed", by=None, reason="组织研究")


def assert_all_letters(poll):
    sheets = results_of(poll).sheets
    for target in targets_with_letters(poll):
        assert_letter(feedback_content(target, material_of_letter(target), issued_on=TODAY), sheets)


def assert_summary(poll):
    content, results = content_of_poll(poll), results_of(poll)
    line = headline_line(results)
    headline = line and next(
        row
        for table, target in zip(content.tables, results.targets, strict=True)
        for row, own in zip(table.rows, target.lines, strict=True)
        if own is line
    )
    (section,) = [section for section in summary_of(Scope.of_poll(poll)).sections if section.key == "results"]
    assert_results_of_summary(section.locked, content, headline)


def assert_announcement(poll):
    results = results_of(poll)
    announcement = standard_announcement(Scope.of_poll(poll), results, today=TODAY)
    announcement.target_ids = [target.id for target in results.targets]
    content = draft_content(announcement, results)
    assert_sheets(content.sheets, results.sheets)
    for table, printed in zip(content.tables, content_of_poll(poll).tables, strict=True):
        assert [
            (row.label, row.base, row.unknown, row.spoiled, row.satisfaction.text, [f.count for f in row.figures])
            for row in table.rows
        ] == [
            (row.label, row.base, row.unknown, row.spoiled, row.satisfaction.text, [f.count for f in row.figures])
            for row in printed.rows
        ]


def assert_count_sheet(poll):
    """The batches add up to the whole, and each target's boxes hold the valid ballots."""
    content = content_of_poll(poll)
    for name in ("issued", "returned", "valid", "void"):
        assert sum(getattr(batch, name) for batch in content.batches) == getattr(content.sheets, name)
    boxes = Counter()
    for box in content.boxes:
        boxes[box.target] += 0 if box.is_void else box.ballots
    # Several questionnaires may ask about the same thing.
    asked = Counter(table.target for table in content.tables)
    assert all(boxes[target] == count * content.sheets.valid for target, count in asked.items())


@pytest.mark.parametrize("seed", range(16))
def test_every_number_that_a_report_tells_is_in_its_table(seed):
    poll = make_random_poll(seed)
    decide_all(poll)

    assert_all_letters(poll)
    assert_summary(poll)
    assert_announcement(poll)
    assert_count_sheet(poll)


def test_every_number_of_the_demo_s_letters_is_in_its_table(monkeypatch):
    monkeypatch.setattr(playing, "ACTS", playing.ACTS[1:4])
    load_demo()

    polls = list(Poll.objects.sealed())

    assert len(polls) > 5
    for poll in polls:
        assert_all_letters(poll)
        assert_count_sheet(poll)
