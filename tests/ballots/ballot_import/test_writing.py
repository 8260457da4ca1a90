"""Imported ballots in the box: their batches, the same file again, and that all rows are written or none."""

import pytest
from django.db import IntegrityError, transaction

from ballots import actions as ballot_actions
from ballots.ballot_import import (
    AlreadyImported,
    NotTaken,
    check_table,
    read_table,
    write_plan,
)
from ballots.counting import bulk, sealing
from ballots.models import Ballot, BallotImport, Batch, Opinion, TallyRow
from tests.ballots.ballot_import.tables import ROW, as_csv, as_workbook, imported, votes
from tests.factories import (
    close_poll,
    make_user,
)

pytestmark = pytest.mark.django_db


# Reading and writing


def test_imported_ballots_close_seal_and_count(poll, campaign):
    imported(campaign, as_csv(ROW, ROW, [*ROW[:3], "", "多选", ""]))

    close_poll(poll)
    sealing.seal(poll, by=None)

    rows = TallyRow.objects.filter(poll=poll).order_by("indicator__position")
    fields = ("valid_count", "grade_1_count", "grade_2_count", "abstained_count", "spoiled_count")
    assert list(rows.values_list(*fields)) == [(3, 2, 0, 1, 0), (3, 0, 2, 0, 1)]


def test_an_imported_batch_counts_as_agreed(poll, campaign):
    secretary = make_user()

    write_plan(campaign, check_table(campaign, read_table(as_csv(ROW))), by=secretary)

    batch = poll.batches.get()
    assert (batch.agreement, batch.agreed_by) == (Batch.Agreement.FILE, secretary)


def test_units_whose_ballots_were_imported_close_together(two_units):
    heading = ["单位", "渠道", "类别", "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"]
    rows = [["第一党支部", "书面", "党员", "满意", "满意"], ["第二党支部", "书面", "党员", "满意", "满意"]]
    imported(two_units, as_csv(*rows, heading=heading))
    ballot_actions.add_batch(
        two_units.polls.get(organization__name="第二党支部"),
        channel="meeting",
        category=two_units.categories.first(),
        method=Batch.Method.ENTERED,
    )

    plan = bulk.plan_closing(two_units)
    outcome = bulk.close_planned(plan, by=None, with_empty=False)

    assert (len(outcome.done), outcome.refused) == (1, [])
    second = two_units.polls.get(organization__name="第二党支部")
    assert plan.alone == {second.pk: "有纸质票，须填写发出数和收回数。"}
    batch = Batch.objects.get(poll__organization__name="第一党支部")
    assert (batch.state, batch.issued_count, batch.returned_count, batch.unused_count) == ("closed", 1, 1, 0)


def test_rows_go_into_one_batch_for_each_unit_channel_and_category(two_units):
    heading = ["单位", "渠道", "类别", "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"]
    rows = [
        ["第二党支部", "书面", "党员", "满意", "满意"],
        ["第一党支部", "集中评议", "群众代表", "不满意", "满意"],
        ["第一党支部", "meeting", "群众代表", "满意", "满意"],
        ["第一党支部", "集中", "党员", "满意", ""],
    ]

    imported(two_units, as_csv(*rows, heading=heading))

    written = {
        (batch.poll.organization.name, batch.channel, batch.category.name): votes(batch)
        for batch in Batch.objects.select_related("poll__organization", "category")
    }
    assert written == {
        ("第一党支部", "meeting", "党员"): {"1-": 1},
        ("第一党支部", "meeting", "群众代表"): {"31": 1, "11": 1},
        ("第二党支部", "paper", "党员"): {"11": 1},
    }


def test_a_second_file_of_other_ballots_makes_batches_of_its_own(poll, campaign):
    imported(campaign, as_csv(ROW))
    imported(campaign, as_csv([*ROW[:3], "满意", "满意", ""]), earlier="add")

    assert [votes(batch) for batch in poll.batches.all()] == [{"12": 1}, {"11": 1}]


def test_opinions_keep_their_lines_and_what_looks_like_a_formula(poll, campaign):
    texts = ["第一行\r\n第二行", "=cmd|' /C calc'!A0", "@周五开会", "　"]

    imported(campaign, as_csv(*([*ROW[:5], text] for text in texts)))

    assert set(Opinion.objects.values_list("text", flat=True)) == {"第一行\n第二行", texts[1], texts[2]}


# The same again


def test_the_same_ballots_are_refused_a_second_time_in_any_kind_of_file(poll, campaign):
    imported(campaign, as_csv(ROW, ROW))

    with pytest.raises(AlreadyImported):
        imported(campaign, as_workbook(ROW, ROW))

    assert poll.batches.count() == 1
    assert Ballot.objects.count() == 2


def test_the_same_ballots_come_in_again_when_that_is_confirmed(poll, campaign):
    imported(campaign, as_csv(ROW), again=True)
    imported(campaign, as_csv(ROW), again=True)

    assert poll.batches.count() == 2
    assert list(BallotImport.objects.values_list("ordinal", "row_count")) == [(1, 1), (2, 1)]


def test_two_imports_of_one_file_at_once_are_held_by_the_database(campaign):
    imported(campaign, as_csv(ROW))
    first = BallotImport.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        BallotImport.objects.create(campaign=campaign, digest=first.digest, ordinal=1, row_count=1)


# All or nothing


def test_a_poll_that_closes_between_check_and_writing_leaves_nothing(two_units):
    heading = ["单位", "渠道", "类别", "基层党组织评议表｜兑现公开承诺情况", "基层党组织评议表｜总体评价"]
    rows = [["第一党支部", "书面", "党员", "满意", "满意"], ["第二党支部", "书面", "党员", "满意", "满意"]]
    plan = check_table(two_units, read_table(as_csv(*rows, heading=heading)))
    close_poll(two_units.polls.get(organization__name="第二党支部"))

    with pytest.raises(NotTaken, match="“第二党支部”的评议点现为“已截止”"):
        write_plan(two_units, plan, by=None)

    assert not Ballot.objects.exists()
    assert not Batch.objects.exists()
    assert not BallotImport.objects.exists()
