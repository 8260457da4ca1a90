"""优秀 for at most a third of the members: the limit and its sentence (scenario C17)."""

import pytest

from reports.grading.excellent_quota import ExcellentQuota


def quota(count, *, members=12, attended=9, rule="members", reason=""):
    return ExcellentQuota(count, members, attended, rule, reason, "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (quota(None), "尚未登记定为优秀的人数。"),
        (quota(4), "优秀4名，占33.3%，未超过上限4名（党员总数12名的三分之一）。"),
        (quota(5), "优秀5名，超过上限4名（党员总数12名的三分之一）。"),
        (quota(5, reason="人少"), "优秀5名，超过上限4名（党员总数12名的三分之一）。理由：人少。"),
        (quota(4, rule="attended"), "优秀4名，超过上限3名（参评党员9名的三分之一）。"),
        (quota(1, members=None), "优秀1名，党员总数未填，不能核对上限。"),
    ],
)
def test_the_sentence_sets_the_number_beside_its_limit(given, sentence):
    assert given.sentence == sentence


def test_only_a_number_over_the_limit_without_a_reason_wants_one():
    wanting = [quota(4), quota(5), quota(5, reason="人少"), quota(None), quota(5, members=None)]

    assert [given.wants_reason for given in wanting] == [False, True, False, False, False]
