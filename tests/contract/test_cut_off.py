"""A program is killed in the middle of sealing, of a deed, of a backup, of an upgrade: the next one finds everything as it was
before, or as it is afterwards, and goes on; and no deed is without a row in the trail."""

import importlib
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.actions import open_campaign
from ballots.counting import recounting, sealing
from ballots.models import Ballot, Code, Opinion, Receipt, SealedBox, TallyRow
from ballots.voting import casting, codes
from campaigns.actions import make_polls
from campaigns.models import BegunDeed, Poll, Role, TrailEntry
from reports.backups import envelope, making, records
from reports.trail import under_way, watching
from reports.trail.chain import faults, write_entry
from reports.trail.objects import ThingInTrail
from reports.trail.reading import begun_visible_to
from tests import factories, kept

from .servers import ROOT, connected, migrate, server_environment

pytestmark = pytest.mark.slow

VOTERS = 12
PASSPHRASE = "一份只在测试里用的备份口令"
KEPT = Path(kept.__file__).resolve().parent
_numbers = itertools.count(1)


@pytest.fixture
def url(engine, django_db_blocker):
    with django_db_blocker.unblock():
        yield engine.create(f"cut_off_{next(_numbers)}", template="template")


def die_in(url, deed, *, at, call=1, after=False):
    """Do something in a process of its own, which is killed when it calls a function (`at`: its place, its name) for so
    many times, or has called it."""
    place, name = at
    original, calls = getattr(place, name), itertools.count(1)

    def die(*args, **facts):
        is_last = next(calls) == call
        if is_last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = original(*args, **facts)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    if not (child := os.fork()):
        try:
            with pytest.MonkeyPatch.context() as patch, connected(url):
                patch.setattr(place, name, die)
                deed()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it came to an end of its own"


# With nothing written, with boxes and no rows, with the ballots deleted and the opinions as they were, and with everything
# but the commit.
STEPS = {
    "the count": (sealing, "tally_rows", False),
    "the boxes": (TallyRow.objects, "bulk_create", False),
    "the opinions": (sealing, "_shuffle_opinions", False),
    "the state": (Poll, "seal", False),
    "the commit": (Poll, "seal", True),
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_while_sealing_a_poll_is_as_it_was_and_is_sealed_by_the_next_who_tries(url, step):
    place, name, after = STEPS[step]
    with connected(url):
        poll = factories.make_open_poll()
        vote(poll)
        factories.close_poll(poll)
        before = whole_of(poll)

    die_in(url, lambda: sealing.seal(poll, by=None), at=(place, name), after=after)

    with connected(url):
        assert whole_of(poll) == before
        sealing.seal(poll, by=None)
        assert [box.content.split("\n")[1:] for box in SealedBox.objects.all()] == [["12"] * VOTERS]
        assert (Ballot.objects.count(), Opinion.objects.count()) == (0, VOTERS)
        assert recounting.recount(poll) == []


def vote(poll):
    target = poll.targets.get()
    for slip in codes.make_slips(factories.make_batch(poll), VOTERS):
        opinion = casting.OpinionText(target.pk, "路灯坏了")
        casting.cast(ticket=codes.exchange(slip), key=slip, marks="12", opinions=[opinion])


def whole_of(poll):
    """Whatever sealing changes."""
    poll.refresh_from_db()
    kinds = (Ballot, Code, Receipt, Opinion, SealedBox, TallyRow)
    return poll.state, *(sorted(kind.objects.values_list("pk", flat=True)) for kind in kinds)


@pytest.mark.parametrize(
    ("place", "name"), [(TallyRow.objects, "bulk_create"), (sealing, "_shuffle_opinions"), (Poll, "seal")]
)
def test_killed_while_sealing_a_campaign_a_poll_is_sealed_or_as_it_was_and_the_next_seals_the_rest(url, place, name):
    with connected(url):
        poll, *_ = polls = closed_polls(4)
        before = whole_of(poll)[1:]

    def seal():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sealing, "POLLS_AT_ONCE", 2)
            sealing.seal_all(poll.campaign, by=None)

    # Of the second lot: the last of its polls where each is moved by itself.
    die_in(url, seal, at=(place, name), call=4 if place is Poll else 2)

    with connected(url):
        states = [Poll.objects.get(pk=own.pk).state for own in polls]
        assert states == ["sealed", "sealed", "closed", "closed"]
        assert Ballot.objects.count() == len(before[0]) // 2 == 2 * VOTERS
        assert [box.content.split("\n")[1:] for box in SealedBox.objects.all()] == [["12"] * VOTERS] * 2
        assert sealing.seal_all(poll.campaign, by=None) == 2
        assert (Ballot.objects.count(), Opinion.objects.count()) == (0, 4 * VOTERS)
        assert [recounting.recount(own) for own in polls] == [[]] * 4


def closed_polls(count):
    """Polls of one campaign, all voted in and closed."""
    committee = factories.make_organization()
    units = [factories.make_organization(f"{number}支部", parent=committee, kind="branch") for number in range(count)]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        vote(poll)
        factories.close_poll(poll)
    return list(campaign.polls.all())


def test_killed_after_sealing_the_traces_are_erased_by_the_worker(url):
    with connected(url):
        poll = factories.make_open_poll()
        factories.cast_ballots(factories.make_batch(poll), {"12": VOTERS})
        factories.close_poll(poll)

    def seal():
        sealing.seal(poll, by=None)
        sealing.erase_traces()

    die_in(url, seal, at=(sealing, "erase_traces"))

    with connected(url):
        assert Poll.objects.awaiting_erasure().get() == poll
        sealing.clean_up()
        assert not Poll.objects.awaiting_erasure().exists()
        assert SealedBox.objects.get().ballot_count == VOTERS


# Grave deeds: the one that seals, in several transactions, and one that takes a power away.
GRAVE = {
    "seal": ("ballots:poll_seal", lambda poll, people: [poll.pk], lambda poll, people: poll.state == Poll.State.SEALED),
    "role_taken": (
        "campaigns:role_remove",
        lambda poll, people: [people.teller.pk, people.teller.roles.last().pk],
        lambda poll, people: people.teller.roles.count() == 1,
    ),
}


@pytest.mark.parametrize("deed", GRAVE)
def test_killed_between_the_commit_of_a_deed_and_its_row_the_trail_tells_of_it(url, deed):
    route, keys_of, is_done = GRAVE[deed]
    with connected(url):
        poll = factories.make_open_poll()
        people = factories.make_cast(poll.organization)
        Role.objects.create(user=people.teller, organization=poll.organization, kind="secretary")
        factories.cast_ballots(factories.make_batch(poll), {"12": VOTERS})
        factories.close_poll(poll)
        doer = people.secretary if deed == "seal" else people.administrator
        path = reverse(route, args=keys_of(poll, people))

    def post():
        client = Client()
        client.force_login(doer)
        client.post(path)

    die_in(url, post, at=(watching, "end_deed"))

    with connected(url):
        poll.refresh_from_db()
        assert is_done(poll, people)
        begun = BegunDeed.objects.get()
        assert (begun.user, begun.deed, begun.route, TrailEntry.objects.count()) == (doer, deed, route, 0)
        auditor = factories.make_user("auditor", kind="auditor", organization=poll.organization)
        assert list(begun_visible_to(auditor)) == [begun]

        under_way.write_interrupted(now=timezone.now() + under_way.SILENCE * 2)

        entry = TrailEntry.objects.get()
        assert (entry.user, entry.deed, entry.result, entry.at) == (doer, deed, "unknown", begun.at)
        assert list(faults()) == []


def test_killed_before_a_deed_could_be_written_as_begun_it_was_not_done(url):
    with connected(url):
        poll = factories.make_open_poll()
        people = factories.make_cast(poll.organization)
        factories.close_poll(poll)

    def post():
        client = Client()
        client.force_login(people.secretary)
        client.post(reverse("ballots:poll_seal", args=[poll.pk]))

    die_in(url, post, at=(watching, "begin_deed"))

    with connected(url):
        poll.refresh_from_db()
        assert (poll.state, BegunDeed.objects.count()) == (Poll.State.CLOSED, 0)


@pytest.mark.parametrize(
    ("place", "name", "is_whole"),
    [(envelope.pyrage.passphrase, "encrypt", False), (making, "read_back", True)],
    ids=["in the file", "before reading it back"],
)
def test_killed_while_backing_up_no_half_file_has_the_name_and_no_open_copy_is_left_by_the_next(
    url, settings, tmp_path, place, name, is_whole
):
    settings.VAR_DIR = tmp_path / "var"
    with connected(url):
        factories.make_sealed_poll()
        sealing.erase_traces()
    path, again = tmp_path / "made" / "first.backup", tmp_path / "made" / "second.backup"
    path.parent.mkdir()

    die_in(url, lambda: making.make_backup(path, PASSPHRASE), at=(place, name))

    left = list(settings.VAR_DIR.glob("*/contents"))
    with connected(url):
        noted = records.last_backup()
        made = making.make_backup(again, PASSPHRASE)
    assert (path.exists(), noted) == (is_whole, None)
    assert is_whole or left
    assert (made.boxes, list(settings.VAR_DIR.glob("*/contents"))) == (1, [])


@pytest.fixture
def keeping(monkeypatch):
    monkeypatch.syspath_prepend(str(KEPT.parent.parent / "scripts"))
    return importlib.import_module("keep_database")


@pytest.mark.parametrize("call", [1, 6])
def test_killed_while_upgrading_the_next_upgrade_goes_on_and_the_boxes_are_the_same(
    keeping, tmp_path, django_db_blocker, call
):
    path = tmp_path / "pingyi.sqlite3"
    keeping.make_kept(min(KEPT.glob("*.sql.gz")), path)
    boxes, known, url = keeping.holdings(path)["boxes"], applied_in(path), f"sqlite:///{path}"

    with django_db_blocker.unblock():
        # In the middle of one: its tables are changed, and it is not noted down yet.
        die_in(url, lambda: call_command("migrate", verbosity=0), at=(MigrationExecutor, "record_migration"), call=call)
        halfway = applied_in(path)
        migrate(url, tmp_path)
        with connected(url):
            assert MigrationExecutor(connection).migration_plan(leaves()) == []

    assert known <= halfway and len(halfway) == len(known) + call - 1
    assert keeping.holdings(path)["boxes"] == boxes


def said_by(command, url, folder):
    """The words of a command of `manage.py`, and whether it came to a good end."""
    environment = server_environment(url) | {"PINGYI_VAR": str(folder)}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr, done.returncode == 0


def parents_of_leaves(graph):
    """For each of our apps the migration before its last one."""
    leaves = [graph.leaf_nodes(app)[0] for app in ("reports", "campaigns")]
    return [next(parent.key for parent in graph.node_map[leaf].parents if parent.key[0] == leaf[0]) for leaf in leaves]


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_killed_while_upgrading_postgresql_it_is_told_and_goes_on_with_everything_there(url, tmp_path, call):
    with connected(url):
        poll = factories.make_sealed_poll()
        for target in parents_of_leaves(MigrationExecutor(connection).loader.graph):
            call_command("migrate", *target, verbosity=0)
        before, known = kept_rows(), applied_now()

    die_in(url, lambda: call_command("migrate", verbosity=0), at=(MigrationExecutor, "record_migration"), call=call)

    with connected(url):
        halfway = applied_now()
    told, is_well = said_by(["doctor"], url, tmp_path)
    assert (len(halfway), known <= halfway) == (len(known) + call - 1, True)
    assert ("迁移没有执行" in told, is_well, "Traceback" in told) == (True, False, False)

    migrate(url, tmp_path)

    with connected(url):
        assert MigrationExecutor(connection).migration_plan(leaves()) == []
        assert kept_rows() == before
        assert recounting.recount(poll) == []
        # The trail goes on, and nobody changes it.
        with pytest.raises(DatabaseError, match="never"), connection.cursor() as cursor:
            write_entry(**TRAIL_ROW)
            cursor.execute("UPDATE campaigns_trailentry SET account = 'li'")


TRAIL_ROW = {
    "user": None,
    "account": "zhang",
    "role": "",
    "address": "",
    "deed": "seal",
    "route": "ballots:poll_seal",
    "thing": ThingInTrail(),
    "result": "done",
}


def kept_rows():
    boxes = SealedBox.objects.order_by("pk").values_list("pk", "content", "sha256", "sm3")
    return list(boxes), list(TallyRow.objects.order_by("pk").values())


def applied_now():
    return set(MigrationRecorder(connection).applied_migrations())


def applied_in(path):
    with closing(sqlite3.connect(path)) as database:
        return set(database.execute("SELECT app, name FROM django_migrations"))


def leaves():
    return MigrationExecutor(connection).loader.graph.leaf_nodes()
