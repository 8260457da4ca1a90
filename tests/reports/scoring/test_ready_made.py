"""The scheme that a new one begins with."""

from reports.scoring.ready_made import READY_MADE_LINES, READY_MADE_RATERS


def test_the_ready_made_scheme_is_of_1000_points_and_its_raters_weigh_100():
    assert sum(line.maximum for line in READY_MADE_LINES) == 1000
    assert sum(weight for _, weight in READY_MADE_RATERS) == 100
    assert len({line.text for line in READY_MADE_LINES}) == len(READY_MADE_LINES)
    # The raters whom the seed names are among them (S0-2a).
    assert {"驻街单位", "群众代表"} < {name for name, _ in READY_MADE_RATERS}
