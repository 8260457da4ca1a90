"""The short form of `make soak`, which runs this very test for as long as SOAK_MINUTES says with SOAK_PHONES phones."""

import pytest

from .meetings import count_cells
from .soaking import OutOfBounds, Soak, SoakOutcome, SoakSize, growth

pytestmark = pytest.mark.slow


def test_under_load_nothing_fails_no_memory_grows_and_every_acknowledged_ballot_is_counted(site):
    soak = Soak(site, SoakSize.of_environment(phones=36, minutes=0.1))

    outcome = soak.run()

    print(f"\n{site.engine.vendor}：{outcome.table()}")
    assert outcome.problems == []
    assert {name: answers.faults for name, answers in outcome.answers.items()} == {"手机": 0, "党务干事": 0}
    assert outcome.exports > 0
    assert len(outcome.acknowledged) >= soak.size.phones
    assert outcome.grown == {}
    assert "Traceback" not in site.log.read_text()
    soak.meeting.close_and_seal()
    assert soak.meeting.counted() == (outcome.acknowledged, count_cells(outcome.acknowledged))


def test_memory_that_moves_a_little_is_flat_and_that_grows_is_not():
    assert growth([100, 180, 200, 200, 200, 210]) == 0
    assert growth([100, 180, 200, 200, 300, 300]) == pytest.approx(64)


def test_the_memory_of_a_load_is_judged_once_everything_is_loaded():
    readings = {"网页服务": [100.0, 100.0, 200.0]}

    outcomes = [
        SoakOutcome(SoakSize(1, minutes), {}, readings, acknowledged=[], exports=0, problems=[]) for minutes in (1, 2)
    ]

    assert [outcome.grown for outcome in outcomes] == [{}, {"网页服务": pytest.approx(74)}]


@pytest.mark.parametrize("variable", ["SOAK_PHONES", "SOAK_MINUTES"])
@pytest.mark.parametrize("value", ["0", "-3", "100000", "many", "nan"])
def test_a_load_has_bounds(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(OutOfBounds, match="SOAK_PHONES"):
        SoakSize.of_environment(phones=10, minutes=1)


def test_no_load_needs_more_ballots_than_can_be_told_apart():
    assert SoakSize(1000, 60).rounds == 16
    assert SoakSize(500, 10).rounds == 10
    assert SoakSize(36, 0.1).rounds == 2
