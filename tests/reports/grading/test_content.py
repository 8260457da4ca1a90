"""Decided grades as they are printed: the sentence of C5, the votes they differ from, and which decision stands."""

import pytest

from reports.grading.content import gradings_of, history_of, most_marked
from reports.report import content_of_poll
from reports.results.poll import results_of
from tests.factories import make_sealed_poll, make_user
from tests.reports.grading.members import decide, make_graded_poll

pytestmark = pytest.mark.django_db


def standing(poll):
    return gradings_of([results_of(poll)]).get(poll.pk)


def test_c5_twelve_of_twelve_members_are_graded_qualified():
    poll = make_graded_poll({"2" * 12: 12}, full=12)

    decide(poll, ["合格"] * 12)

    assert standing(poll).sentence == "应参加评议党员12名，实际参加12名，合格12名。"
    assert standing(poll).counts == (("优秀", 0), ("合格", 12), ("基本合格", 0), ("不合格", 0))


def test_the_last_decision_stands_and_those_before_it_are_its_history():
    poll, secretary = make_graded_poll({"222": 5}), make_user(first_name="李明")
    decide(poll, ["合格", "合格", "合格"], by=secretary)
    decide(poll, ["优秀", "合格", "合格"], seen=1, reasons={0: "抢险立功"}, by=secretary)

    now, *earlier = history_of(poll)

    assert standing(poll) == now
    assert [(member.grade, member.is_unlike_votes, member.reason) for member in now.graded] == [
        ("优秀", True, "抢险立功"),
        ("合格", False, ""),
        ("合格", False, ""),
    ]
    assert (now.number, now.change_reason, now.recorded_by) == (2, "核对后变更", "李明")
    assert [member.name for member in now.unlike_votes] == ["党员甲"]
    assert [(content.number, content.counts[1]) for content in earlier] == [(1, ("合格", 3))]


@pytest.mark.parametrize(
    ("ballots", "grades"),
    [({"1": 3, "2": 2}, ("优秀",)), ({"1": 2, "3": 2, "-": 4}, ("优秀", "基本合格")), ({"-": 5}, ())],
)
def test_the_grades_with_most_votes_may_be_several_or_none(ballots, grades):
    poll = make_graded_poll(ballots, full=1)

    (target,) = results_of(poll).targets

    assert most_marked(target) == grades


def test_a_poll_that_grades_no_members_is_asked_nothing(django_assert_num_queries):
    results = results_of(make_sealed_poll())

    with django_assert_num_queries(0):
        assert gradings_of([results]) == {}


def test_members_of_one_single_line_stand_in_one_matrix_with_their_grades():
    poll = make_graded_poll({"123": 5}, probationary=["刘某"])
    decide(poll, ["优秀", "合格", "基本合格"])

    content = content_of_poll(poll)

    (block,) = content.blocks
    assert block.is_matrix
    assert [(table.target, table.grade) for table in block.tables] == [
        ("党员甲", "优秀"),
        ("党员乙", "合格"),
        ("党员丙", "基本合格"),
    ]
    assert content.ungraded == ("刘某",)
    assert content.excellent.sentence == "优秀1名，占8.3%，未超过上限4名（党员总数12名的三分之一）。"


def test_members_of_a_poll_with_few_ballots_are_graded_without_a_word_of_their_votes():
    poll = make_graded_poll({"123": 2})
    decide(poll, ["合格", "合格", "合格"])

    content = content_of_poll(poll)

    assert content.hidden_reason and content.tables == () and content.blocks == ()
    assert content.grades_members
    assert content.grading.sentence == "应参加评议党员12名，实际参加12名，合格3名。"
