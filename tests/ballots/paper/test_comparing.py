"""Two keyings compared, decided and written: each ballot once, and nothing of the keying left."""

import threading
from collections import Counter
from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from ballots.counting import closing, recounting, sealing
from ballots.models import Ballot, Batch, KeyedSheet, Keying, Opinion, SealedBox, TallyRow
from ballots.paper import comparing, keying
from ballots.paper.keying import CannotKey, PaperSheet
from ballots.voting import casting
from campaigns.ballot_form import BallotForm, FormGrade, FormIndicator, Section
from campaigns.models.states import StateError
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return factories.make_open_poll()


@pytest.fixture
def tellers():
    return [factories.make_user(name) for name in ("first", "second", "third")]


def marks_of(batch):
    return Counter(Ballot.objects.filter(batch=batch).values_list("marks", flat=True))


VOID = PaperSheet(void_reason="涂改无法辨认")


class TestComparing:
    def test_two_keyings_that_agree_write_each_ballot_once_and_leave_no_sheet(self, poll, tellers):
        batch = factories.make_paper(poll, 4)
        sheets = ["11", "1-", "x2", VOID]
        factories.key(batch, tellers[0], sheets)
        factories.key(batch, tellers[1], sheets)

        written = comparing.agree(batch, by=tellers[2])

        assert written == 3
        assert marks_of(batch) == Counter(["11", "1-", "x2"])
        assert (batch.agreement, batch.agreed_by, batch.void_count, batch.counting_notes) == (
            "twice",
            tellers[2],
            1,
            [],
        )
        assert [(row.reason, row.count) for row in batch.void_sheets.all()] == [("涂改无法辨认", 1)]
        assert not KeyedSheet.objects.exists()
        assert [(row.round, row.teller) for row in batch.keyings.all()] == [(1, tellers[0]), (2, tellers[1])]

    def test_a_void_sheet_found_while_keying_adds_to_those_set_aside_for_the_same_reason(self, poll, tellers):
        batch = factories.make_paper(poll, 4, void=[("涂改无法辨认", 2)])
        for teller in tellers[:2]:
            factories.key(batch, teller, ["11", VOID])

        comparing.agree(batch, by=None)

        assert [(row.reason, row.count) for row in batch.void_sheets.all()] == [("涂改无法辨认", 3)]
        assert (batch.returned_count, batch.void_count, batch.valid_count) == (4, 3, 1)

    def test_differences_are_listed_sheet_by_sheet_and_cell_by_cell(self, poll, tellers):
        batch = factories.make_paper(poll, 4)
        factories.key(batch, tellers[0], ["11", "12", VOID, "33"])
        factories.key(batch, tellers[1], ["11", "21", "11", "3x"])

        comparison = comparing.compare_keyings(batch)

        assert [
            (difference.number, difference.cells, difference.is_about_validity) for difference in comparison.differences
        ] == [
            (2, (0, 1), False),
            (3, (), True),
            (4, (1,), False),
        ]
        assert comparison.undecided_count == 3

    @pytest.mark.parametrize(
        ("decided", "marks"),
        [("12", {"11": 1, "12": 1}), ("13", {"11": 1, "13": 1}), ("1-", {"11": 1, "1-": 1})],
        ids=["the first was right", "the second was right", "neither was"],
    )
    def test_a_difference_is_decided_each_way(self, poll, tellers, decided, marks):
        batch = factories.make_paper(poll, 2)
        factories.key(batch, tellers[0], ["11", "12"])
        factories.key(batch, tellers[1], ["11", "13"])

        with pytest.raises(CannotKey, match="还有1处不一致"):
            comparing.agree(batch, by=tellers[2])
        comparing.decide_sheet(batch, number=2, sheet=PaperSheet(marks=decided), by=tellers[2])
        comparing.agree(batch, by=tellers[2])

        assert marks_of(batch) == Counter(marks)
        assert not KeyedSheet.objects.exists()

    @pytest.mark.parametrize(("decided", "valid", "void"), [(VOID, 0, 1), (PaperSheet(marks="23"), 1, 0)])
    def test_a_sheet_that_only_one_teller_voids_is_decided(self, poll, tellers, decided, valid, void):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], [VOID])
        factories.key(batch, tellers[1], ["22"])

        comparing.decide_sheet(batch, number=1, sheet=decided, by=tellers[2])
        comparing.agree(batch, by=tellers[2])

        assert (sum(marks_of(batch).values()), batch.void_count) == (valid, void)

    def test_a_decision_may_be_changed_until_the_agreement(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], ["12"])
        factories.key(batch, tellers[1], ["13"])

        comparing.decide_sheet(batch, number=1, sheet=PaperSheet(marks="12"), by=tellers[2])
        comparing.decide_sheet(batch, number=1, sheet=PaperSheet(marks="13"), by=tellers[2])
        comparing.agree(batch, by=tellers[2])

        assert marks_of(batch) == Counter(["13"])

    def test_only_differences_are_decided(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        for teller in tellers[:2]:
            factories.key(batch, teller, ["12"])

        with pytest.raises(CannotKey, match="不需要认定"):
            comparing.decide_sheet(batch, number=1, sheet=PaperSheet(marks="11"), by=tellers[2])

        comparing.agree(batch, by=None)
        assert marks_of(batch) == Counter(["12"])

    def test_a_keying_sent_back_takes_the_decisions_along(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        mine = factories.key(batch, tellers[0], ["12"])
        factories.key(batch, tellers[1], ["13"])
        comparing.decide_sheet(batch, number=1, sheet=PaperSheet(marks="12"), by=tellers[2])

        mine.refresh_from_db()
        keying.reopen(mine)
        keying.undo(mine, number=1)
        keying.save_sheet(mine, number=1, sheet=PaperSheet(marks="13"))
        keying.finish(mine)

        assert comparing.compare_keyings(batch).differences == ()

    def test_nothing_is_compared_before_both_are_through(self, poll, tellers):
        batch = factories.make_paper(poll, 2)
        factories.key(batch, tellers[0], ["11", "11"])
        with pytest.raises(StateError, match="两遍都录完"):
            comparing.compare_keyings(batch)
        factories.key(batch, tellers[1], ["11"], finish=False)

        with pytest.raises(StateError, match="两遍都录完"):
            comparing.agree(batch, by=None)

        assert not Ballot.objects.exists()

    def test_returned_sheets_corrected_after_keying_stop_the_agreement(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        for teller in tellers[:2]:
            factories.key(batch, teller, ["11"])
        factories.count_paper(batch, 2)

        with pytest.raises(StateError, match="录了1张，应录2张"):
            comparing.agree(batch, by=None)

        assert not Ballot.objects.exists()

    def test_opinions_are_written_once_each_of_two_readings_the_first(self, poll, tellers):
        batch, target = factories.make_paper(poll, 2), poll.targets.get().pk
        factories.key(batch, tellers[0], [PaperSheet("11", opinions=((target, "停车难。"),)), PaperSheet("11")])
        factories.key(
            batch,
            tellers[1],
            [PaperSheet("11", opinions=((target, "停车难"),)), PaperSheet("11", opinions=((target, "路灯坏了"),))],
        )

        comparing.agree(batch, by=None)

        assert sorted(Opinion.objects.values_list("text", flat=True)) == ["停车难。", "路灯坏了"]

    def test_an_agreed_batch_is_not_agreed_again_nor_keyed_nor_recorded(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        for teller in tellers[:2]:
            factories.key(batch, teller, ["11"])
        stale = Batch.objects.get(pk=batch.pk)
        comparing.agree(batch, by=None)

        for deed in (
            lambda: comparing.agree(stale, by=None),
            lambda: keying.start(stale, by=tellers[2]),
            lambda: casting.record_ballots(batch=stale, marks=[("33", 9)]),
        ):
            with pytest.raises(StateError, match="已经写定"):
                deed()

        assert marks_of(batch) == Counter(["11"])


class TestSingleKeying:
    @pytest.fixture
    def poll(self):
        return factories.make_open_poll(is_single_keying_allowed=True)

    def test_a_single_keying_is_enough_where_the_campaign_allows_it_and_the_batch_records_it(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        factories.key(batch, tellers[0], ["12"])

        comparing.agree(batch, by=tellers[0])

        assert marks_of(batch) == Counter(["12"])
        assert (batch.agreement, batch.counting_notes) == ("single", ["单人录入"])

    def test_the_same_teller_twice_still_counts_as_single(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        for _ in range(2):
            factories.key(batch, tellers[0], ["12"])

        comparing.agree(batch, by=None)

        assert (batch.agreement, batch.valid_count) == ("single", 1)

    def test_two_tellers_count_as_two_all_the_same(self, poll, tellers):
        batch = factories.make_paper(poll, 1)
        for teller in tellers[:2]:
            factories.key(batch, teller, ["12"])

        comparing.agree(batch, by=None)

        assert batch.agreement == "twice"


class TestTotals:
    # Two cells of three grades, blank, more than one.
    RIGHT = [[30, 2, 1, 1, 1], [20, 10, 5, 0, 0]]

    @pytest.fixture
    def batch(self, poll):
        return factories.make_paper(poll, 36, void=[("全部未填写", 1)], is_aggregated=True)

    def key_totals(self, batch, teller, totals):
        mine = keying.start(batch, by=teller)
        keying.save_totals(mine, totals)
        return mine

    def test_totals_that_agree_give_each_cell_its_counts_and_the_recount_proves_it(self, poll, batch, tellers):
        for teller in tellers[:2]:
            self.key_totals(batch, teller, self.RIGHT)

        comparing.agree(batch, by=tellers[2])
        closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(36, 36, 1)})
        sealing.seal(poll, by=None)

        rows = [
            (
                row.valid_count,
                [row.grade_1_count, row.grade_2_count, row.grade_3_count, row.abstained_count, row.spoiled_count],
            )
            for row in TallyRow.objects.all()
        ]
        assert rows == [(35, self.RIGHT[0]), (35, self.RIGHT[1])]
        assert (recounting.recount(poll), recounting.total_problems(poll.campaign)) == ([], [])
        assert '"aggregated":true' in SealedBox.objects.get().content.partition("\n")[0]
        assert batch.counting_notes == ["只报总数"]
        assert set(Keying.objects.values_list("totals", flat=True)) == {None}

    def test_a_box_of_sheets_does_not_claim_to_be_aggregated(self):
        factories.make_sealed_poll()

        assert "aggregated" not in SealedBox.objects.get().content

    @pytest.mark.parametrize(
        ("totals", "words"),
        [
            ([[30, 2, 1, 1, 0], RIGHT[1]], "“兑现公开承诺情况”各档合计34，应等于有效票35"),
            ([[36, 0, 0, 0, -1], RIGHT[1]], "合计35"),
            ([RIGHT[0]], "与票面的项目不符"),
            ([[35, 0, 0], RIGHT[1]], "与票面的项目不符"),
        ],
    )
    def test_totals_that_do_not_sum_to_the_valid_sheets_are_refused(self, batch, tellers, totals, words):
        with pytest.raises(CannotKey, match=words):
            self.key_totals(batch, tellers[0], totals)

        assert Keying.objects.get().totals is None

    @pytest.mark.parametrize("decided", [[30, 2, 1, 1, 1], [31, 1, 1, 1, 1], [29, 3, 1, 1, 1]])
    def test_a_differing_cell_is_decided_each_way(self, batch, tellers, decided):
        self.key_totals(batch, tellers[0], self.RIGHT)
        self.key_totals(batch, tellers[1], [[31, 1, 1, 1, 1], self.RIGHT[1]])
        assert [difference.number for difference in comparing.compare_keyings(batch).differences] == [1]

        comparing.decide_total(batch, number=1, counts=decided, by=tellers[2])
        comparing.agree(batch, by=tellers[2])

        first = Counter(marks[0] for marks in marks_of(batch).elements())
        assert [first[mark] for mark in "123-x"] == decided

    def test_a_decided_cell_must_sum_to_the_valid_sheets_too(self, batch, tellers):
        self.key_totals(batch, tellers[0], self.RIGHT)
        self.key_totals(batch, tellers[1], [[31, 1, 1, 1, 1], self.RIGHT[1]])

        with pytest.raises(CannotKey, match="合计36"):
            comparing.decide_total(batch, number=1, counts=[32, 1, 1, 1, 1], by=tellers[2])

        assert comparing.compare_keyings(batch).undecided_count == 1

    def test_sheets_and_totals_are_not_mixed(self, poll, batch, tellers):
        mine = keying.start(batch, by=tellers[0])
        with pytest.raises(CannotKey, match="不逐张录入"):
            keying.save_sheet(mine, number=1, sheet=PaperSheet(marks="11"))

        other = keying.start(factories.make_paper(poll, 35), by=tellers[0])
        with pytest.raises(CannotKey, match="不报总数"):
            keying.save_totals(other, self.RIGHT)


GRADES = tuple(
    FormGrade(label, is_in_base=True, is_positive=True, score=None) for label in ("满意", "基本满意", "不满意")
)
INDICATORS = tuple(FormIndicator(number, f"第{number}项", is_overall=False) for number in (1, 2))
FORM = BallotForm((Section(1, "organization", "甲", "org", "评议表", "意见", "suggestion", GRADES, INDICATORS),))


@given(data=st.data())
def test_distributed_ballots_have_the_counts_of_every_cell(data):
    valid = data.draw(st.integers(0, 30))
    cuts = st.lists(st.integers(0, valid), min_size=4, max_size=4).map(sorted)
    edges = [[0, *data.draw(cuts), valid] for _ in range(FORM.cell_count)]
    totals = [[right - left for left, right in pairwise(row)] for row in edges]

    ballots = comparing.distribute(FORM, totals, valid)

    assert len(ballots) == valid
    for place, row in enumerate(totals):
        column = Counter(marks[place] for marks in ballots)
        assert [column[mark] for mark in "123-x"] == row


@pytest.mark.django_db(transaction=True)
def test_simultaneous_agreements_write_each_ballot_once(poll, tellers):
    batch = factories.make_paper(poll, 30)
    sheets = ["11"] * 20 + ["22"] * 10
    for teller in tellers[:2]:
        factories.key(batch, teller, sheets)
    together, outcomes = threading.Barrier(6), []

    def click():
        stale = Batch.objects.get(pk=batch.pk)
        together.wait()
        try:
            outcomes.append(comparing.agree(stale, by=None))
        except StateError:
            outcomes.append("refused")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    assert sorted(outcomes, key=str) == [30, *["refused"] * 5]
    assert marks_of(batch) == Counter({"11": 20, "22": 10})
    assert not KeyedSheet.objects.exists()
