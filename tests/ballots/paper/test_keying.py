"""Paper keyed twice, compared, decided and written; nothing lost, nothing twice."""

import threading

import pytest
from django.db import connection

from ballots import actions
from ballots.counting import closing, recounting, sealing
from ballots.models import Batch, KeyedSheet, Keying, TallyRow
from ballots.paper import comparing, keying
from ballots.paper.keying import CannotKey, PaperSheet
from campaigns.actions import make_polls
from campaigns.ballot_form import InvalidMarks
from campaigns.models import Poll
from campaigns.models.states import StateError
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return factories.make_open_poll()


@pytest.fixture
def tellers():
    return [factories.make_user(name) for name in ("first", "second", "third")]


VOID = PaperSheet(void_reason="涂改无法辨认")


class TestCounting:
    def test_counted_numbers_are_kept_with_the_reasons_of_void_sheets(self, poll):
        batch = factories.make_paper(poll, 10, issued=12, void=[("全部未填写", 2), ("不是本次印发的票", 1)])

        assert (batch.issued_count, batch.returned_count, batch.void_count, batch.valid_count) == (12, 10, 3, 7)
        assert [(row.reason, row.count) for row in batch.void_sheets.all()] == [
            ("全部未填写", 2),
            ("不是本次印发的票", 1),
        ]

    @pytest.mark.parametrize(
        ("returned", "issued", "void", "words"),
        [
            (51, 50, (), "收回51张，多于发出50张"),
            (3, 3, [("全部未填写", 4)], "整票无效共4张，多于收回的3张"),
        ],
    )
    def test_numbers_that_cannot_be_are_refused_and_nothing_changes(self, poll, returned, issued, void, words):
        batch = factories.make_paper(poll, 2)

        with pytest.raises(CannotKey, match=words):
            factories.count_paper(batch, returned, issued=issued, void=void)

        batch.refresh_from_db()
        assert (batch.issued_count, batch.returned_count, batch.void_count) == (2, 2, 0)

    def test_fewer_returned_than_keyed_already_are_refused(self, poll, tellers):
        batch = factories.make_paper(poll, 3)
        factories.key(batch, tellers[0], ["11", "11"], finish=False)

        with pytest.raises(CannotKey, match="已经录入2张"):
            factories.count_paper(batch, 2, void=[("全部未填写", 1)])

    def test_the_way_of_keying_cannot_change_once_somebody_keys(self, poll, tellers):
        batch = factories.make_paper(poll, 3)
        keying.start(batch, by=tellers[0])

        with pytest.raises(CannotKey, match="不能改变录入方式"):
            factories.count_paper(batch, 3, is_aggregated=True)

    def test_after_the_agreement_only_what_was_issued_still_changes(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], ["11"])
        factories.key(batch, tellers[1], ["11"])
        comparing.agree(batch, by=None)

        factories.count_paper(batch, 1, issued=4)
        with pytest.raises(CannotKey, match="收回数不能再改"):
            factories.count_paper(batch, 2, issued=4)

        batch.refresh_from_db()
        assert (batch.issued_count, batch.returned_count) == (4, 1)

    def test_paper_on_hand_is_turnout_before_it_is_keyed(self, poll):
        batch = factories.make_paper(poll, 37, void=[("全部未填写", 2)])

        assert sealing.collected(batch) == 37


class TestKeying:
    def test_sheets_are_kept_one_by_one_and_a_reload_goes_on_where_it_stopped(self, poll, tellers):
        batch = factories.make_paper(poll, 3)
        mine = factories.key(batch, tellers[0], ["12", "x-"], finish=False)

        again = keying.start(batch, by=tellers[0])

        assert again == mine
        assert [(sheet.number, sheet.marks) for sheet in again.sheets.all()] == [(1, "12"), (2, "x-")]

    def test_the_same_sheet_sent_twice_is_kept_once(self, poll, tellers):
        mine = factories.key(factories.make_paper(poll, 3), tellers[0], ["12"], finish=False)

        keying.save_sheet(mine, number=1, sheet=PaperSheet(marks="12"))

        assert [sheet.marks for sheet in mine.sheets.all()] == ["12"]

    @pytest.mark.parametrize(
        ("number", "sheet", "error", "words"),
        [
            (1, PaperSheet(marks="11"), CannotKey, "第1张已经录过"),
            (3, PaperSheet(marks="11"), CannotKey, "下一张应是第2张"),
            (2, PaperSheet(marks="111"), InvalidMarks, "应有2项，收到3项"),
            (2, PaperSheet(marks="14"), InvalidMarks, "第2项的选择"),
            (2, PaperSheet(marks=""), InvalidMarks, "应有2项"),
            (2, PaperSheet(void_reason="长" * 101), InvalidMarks, "至多100字"),
            (2, PaperSheet(marks="11", opinions=((0, "好"),)), InvalidMarks, "意见栏不属于这张票"),
        ],
    )
    def test_a_sheet_that_does_not_fit_is_refused_and_nothing_is_lost(self, poll, tellers, number, sheet, error, words):
        mine = factories.key(factories.make_paper(poll, 3), tellers[0], ["22"], finish=False)

        with pytest.raises(error, match=words):
            keying.save_sheet(mine, number=number, sheet=sheet)

        assert [kept.marks for kept in mine.sheets.all()] == ["22"]

    def test_more_sheets_than_returned_without_the_void_ones_are_refused(self, poll, tellers):
        batch = factories.make_paper(poll, 3, void=[("全部未填写", 1)])
        mine = factories.key(batch, tellers[0], ["11", "11"], finish=False)

        with pytest.raises(CannotKey, match="应录2张，已经录满"):
            keying.save_sheet(mine, number=3, sheet=PaperSheet(marks="11"))

        assert mine.sheets.count() == 2

    def test_the_last_sheet_can_be_taken_back_and_no_other(self, poll, tellers):
        mine = factories.key(factories.make_paper(poll, 3), tellers[0], ["11", "23"], finish=False)

        with pytest.raises(CannotKey, match="只有最后一张"):
            keying.undo(mine, number=1)
        taken = keying.undo(mine, number=2)

        assert (taken.number, taken.marks) == (2, "23")
        assert [sheet.marks for sheet in mine.sheets.all()] == ["11"]

    def test_a_keying_with_sheets_missing_is_not_finished(self, poll, tellers):
        mine = factories.key(factories.make_paper(poll, 2), tellers[0], ["11"], finish=False)

        with pytest.raises(CannotKey, match="录了1张，应录2张"):
            keying.finish(mine)

        mine.refresh_from_db()
        assert not mine.is_finished

    def test_a_finished_keying_takes_no_more_until_it_is_sent_back(self, poll, tellers):
        mine = factories.key(factories.make_paper(poll, 1), tellers[0], ["11"])

        with pytest.raises(StateError, match="已经录完"):
            keying.undo(mine, number=1)
        mine.refresh_from_db()
        keying.reopen(mine)
        keying.undo(mine, number=1)

        assert not mine.sheets.exists()

    def test_a_keying_thrown_away_leaves_its_round_free(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        mine = factories.key(batch, tellers[0], ["11"])

        keying.discard_keying(mine)

        assert not KeyedSheet.objects.exists()
        assert keying.start(batch, by=tellers[1]).round == Keying.Round.FIRST

    def test_the_same_teller_does_not_key_twice(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], ["11"])

        with pytest.raises(StateError, match="您已经录过一遍"):
            keying.start(batch, by=tellers[0])

        assert [entry.round for entry in batch.keyings.all()] == [1]

    def test_a_third_teller_finds_no_round_free(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        for teller in tellers[:2]:
            keying.start(batch, by=teller)

        with pytest.raises(StateError, match="两遍录入都有人"):
            keying.start(batch, by=tellers[2])

    def test_nothing_is_keyed_before_the_returned_sheets_are_counted(self, poll, tellers):
        batch = factories.make_batch(poll, method="entered")

        with pytest.raises(StateError, match="还没有填写收回数"):
            keying.start(batch, by=tellers[0])

    def test_a_voided_batch_is_not_keyed_and_the_seal_forgets_what_was(self, poll, tellers):
        batch = factories.make_paper(poll, 2)
        mine = factories.key(batch, tellers[0], ["11"], finish=False)

        closing.void_batch(batch, by=None, reason="收回多于发出", issued=1, returned=2)
        with pytest.raises(StateError, match="已经作废"):
            keying.save_sheet(mine, number=2, sheet=PaperSheet(marks="11"))
        factories.close_poll(poll)
        sealing.seal(poll, by=None)

        assert not KeyedSheet.objects.exists()
        assert recounting.recount(poll) == []

    def test_a_rehearsal_leaves_nothing_of_what_was_keyed(self, tellers):
        organization = factories.make_organization()
        campaign = factories.make_campaign(organization)
        make_polls(campaign, [organization])
        poll = campaign.polls.get()
        actions.start_rehearsal(poll)
        factories.key(factories.make_paper(poll, 2), tellers[0], ["11"], finish=False)

        actions.end_rehearsal(poll)

        assert not Keying.objects.exists() and not KeyedSheet.objects.exists() and not Batch.objects.exists()


class TestClosing:
    def test_paper_that_is_not_agreed_stops_the_closing(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], ["11"])

        with pytest.raises(closing.CannotClose, match="还没有录完并核对一致"):
            closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(1, 1)})

        poll.refresh_from_db()
        assert poll.state == Poll.State.OPEN

    def test_a_keying_under_way_is_not_closed_over_even_where_nothing_came_back(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], ["11"], finish=False)

        with pytest.raises(closing.CannotClose, match="还没有录完"):
            closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(1, 0)})

        assert KeyedSheet.objects.count() == 1

    def test_paper_of_which_no_sheet_is_valid_needs_no_keying(self, poll):
        batch = factories.make_paper(poll, 2, void=[("全部未填写", 2)])

        closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(2, 2, 2)})

        assert poll.state == Poll.State.CLOSED

    def test_numbers_other_than_those_keyed_stop_the_closing(self, poll, tellers):
        batch = factories.make_paper(poll, 2)
        for teller in tellers[:2]:
            factories.key(batch, teller, ["11", "11"])
        comparing.agree(batch, by=None)

        with pytest.raises(closing.CannotClose, match="应录入3张，实际录入2张"):
            closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(3, 3)})

    @pytest.mark.parametrize("finish", ["closed", "sealed"])
    def test_nothing_is_keyed_after_the_closing(self, poll, tellers, finish):
        batch = factories.make_paper(poll, 1)
        for teller in tellers[:2]:
            factories.key(batch, teller, ["11"])
        mine = batch.keyings.first()
        comparing.agree(batch, by=None)
        factories.close_poll(poll)
        if finish == "sealed":
            sealing.seal(poll, by=None)

        for deed in (
            lambda: keying.start(batch, by=tellers[2]),
            lambda: keying.save_sheet(mine, number=2, sheet=PaperSheet(marks="11")),
            lambda: keying.reopen(mine),
            lambda: keying.discard_keying(mine),
            lambda: factories.count_paper(batch, 2),
            lambda: comparing.agree(batch, by=None),
        ):
            with pytest.raises(StateError):
                deed()

        assert Keying.objects.count() == 2

    def test_c2_phone_and_keyed_paper_give_one_tally(self, tellers):
        """41 on site by phone and 35 of 37 on paper: 72 of 76 satisfied, 94.7 %."""
        poll = factories.make_open_poll(indicators=("总体评价",), scale="satisfaction-3")
        phone = factories.make_batch(poll, channel="meeting", category="党员")
        factories.cast_ballots(phone, {"1": 39, "2": 1, "-": 1})
        paper = factories.make_paper(poll, 35, issued=37)
        sheets = ["1"] * 33 + ["2"] * 2
        factories.key(paper, tellers[0], sheets)
        factories.key(paper, tellers[1], sheets)
        comparing.agree(paper, by=None)

        facts = {phone.pk: closing.BatchFacts(41), paper.pk: closing.BatchFacts(37, 35)}
        closing.close(poll, by=None, attended=78, facts=facts)
        sealing.seal(poll, by=None)

        rows = TallyRow.objects.all()
        counted = [sum(getattr(row, f"grade_{place}_count") for row in rows) for place in (1, 2, 3)]
        assert (sum(row.valid_count for row in rows), counted, sum(row.abstained_count for row in rows)) == (
            76,
            [72, 3, 0],
            1,
        )
        # Half up to one decimal: 94.7 %.
        assert (72 * 2000 + 76) // (2 * 76) == 947
        assert recounting.recount(poll) == []


@pytest.mark.django_db(transaction=True)
def test_sheets_saved_at_once_from_two_windows_keep_one_of_each_number(poll, tellers):
    mine = factories.key(factories.make_paper(poll, 9), tellers[0], ["11"], finish=False)
    together, outcomes = threading.Barrier(4), []

    def save(marks):
        together.wait()
        try:
            keying.save_sheet(mine, number=2, sheet=PaperSheet(marks=marks))
            outcomes.append("kept")
        except CannotKey:
            outcomes.append("refused")
        finally:
            connection.close()

    windows = [threading.Thread(target=save, args=[marks]) for marks in ("22", "22", "33", "3-")]
    for window in windows:
        window.start()
    for window in windows:
        window.join()

    kept = mine.sheets.get(number=2).marks
    assert outcomes.count("kept") == (2 if kept == "22" else 1)
    assert mine.sheets.count() == 2
