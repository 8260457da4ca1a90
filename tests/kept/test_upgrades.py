"""Databases that earlier states made with their own code become ones of today: boxes byte for byte, tallies, filed copies,
and a poll that was collecting goes on (`scripts/keep_database.py` keeps the next)."""

import importlib
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from ballots.counting import recounting, sealing
from ballots.models import Ballot
from ballots.voting import casting, codes
from campaigns.models import Poll
from tests.contract.servers import connected, migrate
from tests.factories import close_poll

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).resolve().parent
SCRIPTS = FOLDER.parent.parent / "scripts"
KEPT = sorted(FOLDER.glob("*.sql.gz"))
PAGES = ("results/", "results.pdf", "results.xlsx", "count-sheet.pdf", "summary/versions/1/", "summary.pdf")


class Upgraded:
    """A kept database brought up to date, and what it held before."""

    def __init__(self, kept, folder, keeping):
        self._keeping, self.path = keeping, folder / "pingyi.sqlite3"
        self.told = json.loads(kept.with_name(kept.name.replace(".sql.gz", ".json")).read_text())
        self.slips = self.told.pop("slips")
        keeping.make_kept(kept, self.path)
        self.before = keeping.holdings(self.path)
        migrate(f"sqlite:///{self.path}", folder)

    def holdings(self):
        return self._keeping.holdings(self.path)


@pytest.fixture(scope="module")
def keeping():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield importlib.import_module("keep_database")


# The oldest takes every step since, the newest the next; those between are the long form.
ENDS = (KEPT[0], KEPT[-1])
UPGRADED = [
    pytest.param(kept, id=kept.name.partition(".")[0], marks=[] if kept in ENDS else pytest.mark.long) for kept in KEPT
]


@pytest.fixture(scope="module", params=UPGRADED)
def upgraded(request, tmp_path_factory, keeping):
    return Upgraded(request.param, tmp_path_factory.mktemp("kept"), keeping)


@pytest.fixture
def inside(upgraded, keeping, settings, django_db_blocker, tmp_path):
    """The project's own code over a copy of it, with the key that it was made with."""
    settings.SECRET_KEY, settings.CODE_KEYS = keeping.KEY, [keeping.KEY]
    copy = shutil.copyfile(upgraded.path, tmp_path / "pingyi.sqlite3")
    with django_db_blocker.unblock(), connected(f"sqlite:///{copy}"):
        yield upgraded


def test_some_states_are_kept():
    assert len(KEPT) >= 5


def test_boxes_tallies_opinions_ledger_and_filed_copies_are_byte_for_byte_as_they_were(upgraded):
    assert upgraded.before == upgraded.told
    assert upgraded.holdings() == upgraded.told


def test_its_boxes_count_to_the_same_and_bear_the_digests_that_were_signed(inside, tmp_path, capsys):
    digests = tmp_path / "digests"
    digests.write_text("\n".join(box[3] for box in inside.told["boxes"]))

    call_command("recount", digests=str(digests))

    printed = capsys.readouterr().out
    assert not re.search("不一致|不符", printed), printed
    assert len(inside.told["boxes"]) == 4
    assert all(not recounting.recount(poll) for poll in Poll.objects.sealed())


def test_its_results_count_sheets_and_filed_copies_open(inside):
    desk = Client()
    desk.force_login(User.objects.get(username="secretary"))
    addresses = [f"/polls/{poll.pk}/{name}" for poll in Poll.objects.sealed() for name in PAGES]

    answers = {address: desk.get(address).status_code for address in addresses}

    assert answers == dict.fromkeys(addresses, 200)


def test_the_poll_that_was_collecting_takes_the_slips_of_then_and_is_sealed(inside):
    blank = Client().get(f"/v/{inside.slips[0]}/", follow=True)
    for slip in inside.slips:
        casting.cast(ticket=codes.exchange(slip), key=f"key of {slip}", marks="21")

    assert blank.status_code == 200
    assert "兑现公开承诺情况" in blank.content.decode()
    before = Counter(row[2] for row in inside.told["ballots"])
    assert Counter(Ballot.objects.values_list("marks", flat=True)) == before + Counter({"21": 3})
    poll = Poll.objects.get(state=Poll.State.OPEN)
    close_poll(poll)
    sealing.seal(poll, by=None)
    assert recounting.recount(poll) == []
