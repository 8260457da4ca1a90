import pytest

from ballots.counting.turnout import turnout_of, turnout_text
from ballots.voting import codes
from tests.factories import cast_ballots, enter_ballots, make_batch, make_open_poll


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "不足5票"),
        (1, "不足5票"),
        (4, "不足5票"),
        (5, "5票以上"),
        (9, "5票以上"),
        (10, "10票以上"),
        (41, "40票以上"),
    ],
)
def test_turnout_is_told_in_steps(count, text):
    assert turnout_text(count) == text


@pytest.mark.django_db
@pytest.mark.database
def test_turnout_counts_what_is_in_whatever_way_it_came(django_assert_num_queries):
    poll = make_open_poll()
    slips, screen = make_batch(poll), make_batch(poll, method="screen", category="群众代表")
    codes.make_slips(slips, 5)
    codes.admit(screen, 7)
    paper = make_batch(poll, channel="paper", method="entered")
    cast_ballots(slips, {"12": 3})
    enter_ballots(paper, {"11": 2})

    # The batches, the rights left of the phone's, the ballots of paper.
    with django_assert_num_queries(3):
        assert turnout_of(poll.batches.all()) == 5
