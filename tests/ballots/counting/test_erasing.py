"""The bytes of sealed ballots: gone from the database's files, or said to be there still."""

import logging
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from ballots.counting import erasing, masking, sealing
from campaigns.models import Poll
from tests.factories import (
    cast_ballots,
    close_poll,
    make_batch,
    make_open_poll,
    make_opinion,
    make_organization,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

INDICATORS = tuple(str(number) for number in range(1, 24))
# Found by nothing else in the file.
MARKS = "12332112312312332112321"
PENDING = "封存已完成，痕迹清除等待中"

sqlite_alone = pytest.mark.skipif(connection.vendor != "sqlite", reason="the files of PostgreSQL belong to its server")


def files():
    name = connection.settings_dict["NAME"]
    return b"".join(Path(name + ending).read_bytes() for ending in ("", "-wal"))


class Reader(closing):
    """Another program that reads the database, a backup say, and is not at its end."""

    def __init__(self):
        super().__init__(sqlite3.connect(connection.settings_dict["NAME"]))
        self.thing.execute("BEGIN")
        self.thing.execute("SELECT count(*) FROM ballots_ballot").fetchone()


@contextmanager
def another_connection():
    """A cursor of somebody else, whom any thread may use."""
    reader = connection.copy()
    reader.inc_thread_sharing()
    with closing(reader), reader.cursor() as cursor:
        yield cursor


@pytest.fixture
def poll():
    poll = make_open_poll(indicators=INDICATORS)
    cast_ballots(make_batch(poll), {MARKS: 3})
    close_poll(poll)
    return poll


@pytest.fixture
def secretary(client, poll):
    client.force_login(make_user(kind="secretary", organization=poll.organization))
    return client


def seal(client, poll):
    """Seal through the page; what it says, and what the poll's page says ever after."""
    told = client.post(reverse("ballots:poll_seal", args=[poll.pk]), follow=True).content.decode()
    poll.refresh_from_db()
    return told, client.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()


@sqlite_alone
def test_a_reader_holds_up_the_erasure_and_no_page_claims_that_it_is_done(secretary, poll):
    poll.targets.update(name="单位")  # so that something is written after the reader began, as in use
    with Reader():
        pages = seal(secretary, poll)
        held = files()
    while_held = (poll.state, poll.erased_at)
    sealing.clean_up()
    poll.refresh_from_db()
    page = secretary.get(reverse("ballots:poll_detail", args=[poll.pk])).content.decode()

    assert [PENDING in text for text in pages] == [True, True]
    assert not [text for text in pages if "清除痕迹。" in text]
    assert while_held == (Poll.State.SEALED, None)
    assert MARKS.encode() in held
    assert poll.erased_at is not None
    assert PENDING not in page
    assert "清除痕迹。" in page
    # The marks stand in the box of the one target, and nowhere else.
    assert files().count(MARKS.encode()) == 3


@sqlite_alone
def test_without_a_reader_the_seal_erases_at_once(secretary, poll):
    pages = seal(secretary, poll)

    assert poll.erased_at is not None
    assert [PENDING in text for text in pages] == [False, False]
    assert files().count(MARKS.encode()) == 3


@sqlite_alone
def test_the_worker_makes_up_for_what_a_seal_put_off(poll):
    with Reader():
        sealing.seal(poll, by=None)
        assert not sealing.erase_traces()

    call_command("work_exports", "--until-idle")

    poll.refresh_from_db()
    assert poll.erased_at is not None
    assert not poll.is_awaiting_erasure


@sqlite_alone
def test_a_poll_sealed_while_others_are_erased_waits_for_its_own_turn(poll, monkeypatch):
    sealing.seal(poll, by=None)
    late = make_open_poll(make_organization("另一局党委"))
    close_poll(late)
    whole = erasing.empty_log

    def empty_while_another_is_sealed(**how):
        monkeypatch.setattr(erasing, "empty_log", whole)
        return whole(**how) and not sealing.seal(late, by=None)

    monkeypatch.setattr(erasing, "empty_log", empty_while_another_is_sealed)

    sealing.erase_traces()

    assert [poll.pk for poll in Poll.objects.awaiting_erasure()] == [late.pk]


def test_an_original_that_was_masked_is_pending_until_its_bytes_are_gone():
    poll = make_sealed_poll()
    opinion = make_opinion(poll, "欧阳某某")
    sealing.erase_traces()
    before = Poll.objects.get().erased_at

    masking.drop_originals(poll, {opinion.pk: "某同志"})

    assert before is not None
    assert Poll.objects.get().erased_at > before


@sqlite_alone
def test_closing_empties_the_log(client, settings):
    # The row in the trail comes afterwards, and is all that the log then holds.
    settings.ACCOUNT_MIDDLEWARE = [step for step in settings.ACCOUNT_MIDDLEWARE if not step.endswith("KeepTrail")]
    poll = make_open_poll()
    batch = make_batch(poll)
    cast_ballots(batch, {"12": 3})
    client.force_login(make_user(kind="secretary", organization=poll.organization))
    sent = {"attended_count": "", f"batch-{batch.pk}-issued": "3", "confirmed": "1"}
    before = erasing.log_size()

    client.post(reverse("ballots:poll_close", args=[poll.pk]), sent)

    assert Poll.objects.get().state == Poll.State.CLOSED
    assert (before > 0, erasing.log_size()) == (True, 0)


@sqlite_alone
def test_in_a_quiet_moment_the_log_is_emptied_and_while_people_cast_it_is_left(monkeypatch):
    # However slowly this goes, the last ballot came just now.
    monkeypatch.setattr(erasing, "QUIET_SECONDS", 3600)
    poll = make_open_poll()
    cast_ballots(make_batch(poll), {"12": 3})
    busy = erasing.log_size()

    erasing.empty_log_when_quiet()
    left = erasing.log_size()
    earlier = time.time() - erasing.QUIET_SECONDS - 1
    os.utime(erasing.log_path(), (earlier, earlier))
    erasing.empty_log_when_quiet()

    assert busy > 0
    assert left == busy
    assert erasing.log_size() == 0


@sqlite_alone
def test_the_wait_for_a_reader_is_short_and_other_waits_stay_as_they_were():
    make_open_poll()
    with Reader():
        make_organization("写过以后")
        began = time.monotonic()
        done = erasing.empty_log(seconds=0.1)
        took = time.monotonic() - began

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (1000 * settings.LOCK_SECONDS,)
    assert not done
    # Far less than what any other statement waits, and far more than a busy machine makes of the tenth of a second.
    assert took < settings.LOCK_SECONDS / 2


def test_a_table_that_somebody_reads_is_rewritten_when_it_is_free(caplog):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's log is emptied instead")
    poll = make_sealed_poll()
    with another_connection() as reader, caplog.at_level(logging.WARNING):
        reader.execute("BEGIN; SELECT * FROM ballots_ballot")
        held = sealing.erase_traces()
        waiting = [poll.pk for poll in Poll.objects.awaiting_erasure()]
        reader.execute("ROLLBACK")
    sealing.clean_up()

    assert (held, waiting) == (False, [poll.pk])
    assert "ballots_ballot is in use" in caplog.text
    assert not Poll.objects.awaiting_erasure().exists()


def test_somebody_who_looks_at_an_older_state_of_other_tables_holds_up_the_erasure_too(poll, caplog):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's log is emptied instead")
    with another_connection() as reader, caplog.at_level(logging.WARNING):
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM campaigns_campaign")
        sealing.seal(poll, by=None)
        held = [sealing.erase_traces(), sealing.erase_traces(at_leisure=True)]
        waiting = [poll.pk for poll in Poll.objects.awaiting_erasure()]
        reader.execute("ROLLBACK")
    sealing.clean_up()

    assert (held, waiting) == ([False, False], [poll.pk])
    assert "ballots_ballot kept deleted rows" in caplog.text
    assert not Poll.objects.awaiting_erasure().exists()


def test_somebody_who_looks_at_an_older_state_for_a_moment_is_waited_for(poll, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's log is emptied instead")
    monkeypatch.setattr(erasing, "SEAL_SECONDS", 60.0)
    with another_connection() as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM campaigns_campaign")
        waits = []

        def leave_meanwhile(seconds):
            waits.append(seconds)
            reader.execute("ROLLBACK")

        monkeypatch.setattr(erasing.time, "sleep", leave_meanwhile)
        sealing.seal(poll, by=None)
        is_done = sealing.erase_traces()

    assert (is_done, waits) == (True, [erasing.SECONDS_BETWEEN_TRIES])
    assert not Poll.objects.awaiting_erasure().exists()


def test_a_large_table_waits_for_leisure(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's log is emptied instead")
    monkeypatch.setattr(erasing, "REWRITTEN_BYTES", -1)
    make_sealed_poll()
    busy = make_open_poll(make_organization("另一局党委"))

    answers = [sealing.erase_traces(), sealing.erase_traces(at_leisure=True)]
    close_poll(busy)
    answers.append(sealing.erase_traces(at_leisure=True))

    assert answers == [False, False, True]
