"""People against papers: each contradiction that keeps a poll from being closed has its sentence."""

import pytest

from ballots.counting.reconciling import attendance_problems
from ballots.models import Batch
from campaigns.models import Campaign, Poll


def poll_of(base, entitled):
    return Poll(campaign=Campaign(base=base), entitled_count=entitled)


def returned(count, channel="meeting"):
    return Batch(channel=channel, returned_count=count)


@pytest.mark.parametrize("base", ["valid", "returned", "attended", "entitled"])
def test_as_many_papers_as_people_contradict_nothing(base):
    assert attendance_problems(poll_of(base, 12), 12, [returned(10), returned(2)]) == []


@pytest.mark.parametrize(
    ("base", "entitled", "attended", "batches", "sentences"),
    [
        ("valid", 12, 13, [], ["实际参评人数13多于应参评人数12，请核对。"]),
        (
            "valid",
            12,
            10,
            [returned(11)],
            ["集中评议收回的票多于实际参评人数10。领了纸质票的人不能再领选票码，请核对人数或票数。"],
        ),
        ("attended", 12, None, [returned(3)], ["本次评议以实到人数为分母，请填写实际参评人数。"]),
        ("entitled", None, 12, [returned(3)], ["本次评议以全体应参评人员为分母，请填写应参评人数。"]),
        ("attended", 12, 10, [returned(9), returned(2, "paper")], ["收回的票多于作分母的实到人数10人，请核对人数。"]),
        ("entitled", 12, 10, [returned(13, "paper")], ["收回的票多于作分母的全体应参评人员12人，请核对人数。"]),
    ],
)
def test_each_contradiction_is_told(base, entitled, attended, batches, sentences):
    assert attendance_problems(poll_of(base, entitled), attended, batches) == sentences


def test_papers_that_were_not_handed_in_at_the_meeting_may_be_more_than_its_people():
    assert attendance_problems(poll_of("valid", None), 10, [returned(10), returned(40, "paper")]) == []
