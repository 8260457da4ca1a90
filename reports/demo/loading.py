"""Plays the demo with what comes after each count."""

from collections.abc import Iterator

from ballots import demo
from ballots.demo import company, small_acts, township

from . import committees, small_units

FOLLOW_UPS = {
    small_acts.report_draft: small_units.report_draft,
    small_acts.college: small_units.college,
    small_acts.branch: small_units.branch,
    small_acts.community: small_units.community,
    township.township: committees.township,
    company.company: committees.company,
}


def load() -> Iterator[str]:
    """As `ballots.demo.load`; each act is played with what follows it, or not at all."""
    return demo.load(FOLLOW_UPS)
