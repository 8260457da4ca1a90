"""Makes a small database with the code of an earlier state and prints its unused slips: run by `scripts/keep_database.py` in that
state's own tree, with its own `tests/factories.py`. It names nothing that the oldest state did not have, or asks for it."""

import json
import os
import sys
from datetime import date

import django
from django.utils.module_loading import import_string

os.environ["DJANGO_SETTINGS_MODULE"] = "pingyi.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402

from ballots import actions as ballot_actions  # noqa: E402
from campaigns import actions  # noqa: E402
from campaigns.models import Poll  # noqa: E402
from reports.scope import Scope  # noqa: E402
from tests import factories  # noqa: E402

# Where each function stood, the newest place first.
PLACES = {
    "seal": ("ballots.counting.sealing.seal", "ballots.sealing.seal"),
    "make_slips": ("ballots.voting.codes.make_slips", "ballots.codes.make_slips"),
    "exchange": ("ballots.voting.codes.exchange", "ballots.codes.exchange"),
    "cast": ("ballots.voting.casting.cast", "ballots.casting.cast"),
    "file_summary": ("reports.report.filing.file_summary", "reports.actions.summary.file_summary"),
}
LONG = {"starts_on": date(2026, 1, 1), "ends_on": date(2099, 12, 31)}
MARKS = ({"11": 9, "12": 3, "21": 1, "3-": 2}, {"11": 6, "22": 5, "13": 1})
FILED_ON = date(2026, 11, 20)


def its(name):
    """A function of this state, wherever it stands in it."""
    for place in PLACES[name]:
        try:
            return import_string(place)
        except ImportError:
            continue
    raise SystemExit(f"{name} stands nowhere that is known: add its place")


def make_campaign(root, branches, title):
    campaign = factories.make_campaign(root, title=title, period=title, **LONG)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign


def vote(slip, marks):
    its("cast")(ticket=its("exchange")(slip), key=f"key of {slip}", marks=marks)


def make_world():
    """A sealed campaign of two polls with opinions, a ledger and a filed 小结, and one that still collects; its slips."""
    root = factories.make_organization("某局党委")
    branches = [factories.make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    secretary = factories.make_user("secretary", kind="secretary", organization=root)
    sealed = make_campaign(root, branches, "2025年度群众评议")
    for poll, marks in zip(sealed.polls.order_by("pk"), MARKS, strict=True):
        phones = factories.make_batch(poll)
        papers = factories.make_batch(poll, channel="paper", category="群众代表", method="entered")
        factories.cast_ballots(phones, marks)
        factories.enter_ballots(papers, {"11": 5, "23": 1})
        factories.make_opinion(poll, "建议把办事窗口的午休错开")
        factories.close_poll(poll)
        its("seal")(poll, by=secretary)
        factories.make_problem(poll.organization, campaign=sealed, measures=(date(2026, 4, 20), None), by=secretary)
        its("file_summary")(Scope.of_poll(Poll.objects.get(pk=poll.pk)), by=secretary, today=FILED_ON)
    collecting = make_campaign(root, branches[:1], "2026年度群众评议")
    slips = its("make_slips")(factories.make_batch(collecting.polls.get()), 6)
    for marks in ("11", "12", "31"):
        vote(slips.pop(), marks)
    User.objects.update(last_login=None)
    return slips


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    json.dump(make_world(), sys.stdout)
