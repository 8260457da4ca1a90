"""Who wants to know who voted what, and has everything that is kept: all tables, the database's files, all logs (DESIGN 6).

The test knows in which order people came, their codes, phones, addresses and marks, and looks for any of it. Another
poll takes ballots all the while and goes on when this one is sealed, as it does in a campaign of many units.
"""

import re
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from ballots.counting import sealing
from ballots.models import Ballot
from ballots.voting import casting, codes
from ballots.voting.casting import OpinionText
from campaigns.models import Poll
from tests.ballots.test_anonymity import correlation
from tests.factories import close_poll, make_batch, make_open_poll, make_organization, make_shared

from .browsers import Phone
from .meetings import INDICATORS, Meeting, different_marks, make_meeting

pytestmark = pytest.mark.slow

BY_PHONE, VOTERS, ELSEWHERE = 200, 2600, 300
# By chance alone a rank correlation of 2,600 reaches 0.1, five standard deviations, once in two million columns.
LIMIT = 0.1
# Fewer rows or places than this tell no order; their correlation would be chance.
FEW = 50
# PostgreSQL's own: the place of a row, the transaction that wrote it, the command within it.
HIDDEN = {"sqlite": ("rowid",), "postgresql": ("ctid", "xmin", "cmin")}


@dataclass
class Secrets:
    """The things that the people of one meeting brought along, and the turn at which each came."""

    meeting: Meeting
    # By everything that leads to one submission: marks, opinion, the digest of its key.
    turns: dict = field(default_factory=dict)
    # In clear, and nobody's business.
    words: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)


@pytest.fixture
def secrets(site):
    """A meeting at which everybody voted in a known order, the first of them over HTTP, and wrote an opinion."""
    if site.engine.vendor == "postgresql":
        site.engine.drop_old_log(site.name)
    meeting = make_meeting(site, voters=VOTERS // 2)
    traces = Secrets(meeting)
    all_marks = different_marks(VOTERS + ELSEWHERE)
    with site.database():
        _hurry()
        poll = Poll.objects.get(pk=meeting.poll_id)
        meeting.slips += codes.make_slips(poll.batches.get(), VOTERS - VOTERS // 2)
        other = make_batch(make_open_poll(make_organization("另一局党委"), indicators=INDICATORS))
        elsewhere = list(zip(codes.make_slips(other, ELSEWHERE), all_marks[VOTERS:], strict=True))
        people = enumerate(zip(meeting.slips, all_marks[:VOTERS], strict=True))
        for turn, (slip, marks) in people:
            opinion = f"意见【{marks}】"
            if turn < BY_PHONE:
                key = _vote_by_phone(site, traces, turn, slip, marks, opinion)
            else:
                key = f"key-of-{slip}"
                _vote(poll, slip, key, marks, opinion)
            traces.words += [slip, codes.pretty(slip), key]
            traces.turns |= dict.fromkeys(
                (marks, opinion, codes.digest(key, purpose="receipt"), codes.slip_digest(slip)), turn
            )
            if elsewhere and turn % (VOTERS // ELSEWHERE) == 0:
                own, marks = elsewhere.pop()
                _vote(None, own, f"key of {own}", marks, "")
    return traces


def _hurry():
    """Nothing here is killed, so SQLite need not wait for the disk; it writes the same."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def _vote(poll, slip, key, marks, opinion):
    opinions = [OpinionText(poll.targets.get().pk, opinion)] if opinion else []
    casting.cast(ticket=codes.exchange(slip), key=key, marks=marks, opinions=opinions)


def _vote_by_phone(site, traces, turn, slip, marks, opinion):
    """Over HTTP, from an address and a device of one's own; returns the submission's key."""
    address, agent = f"127.77.{turn // 250}.{turn % 250 + 1}", f"OldPhone{turn:04d}x"
    phone = Phone(site.port, address=address, agent=agent).prepare(slip, marks, opinion)
    traces.receipts.append(phone.receipt(phone.send()))
    traces.words += [address, agent, *phone.cookies.values(), phone.cookies["ballot_ticket"].partition(":")[0]]
    return phone.fields["key"]


def tables():
    """Every table with its columns by name, those that the database adds by itself too, its rows as they lie."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        for name in names:
            hidden = HIDDEN[connection.vendor]
            cursor.execute(f"SELECT {', '.join(f'{column}' for column in hidden)}, * FROM {name}")
            columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
            rows = cursor.fetchall()
            if connection.vendor == "postgresql":
                rows.sort(key=lambda row: tuple(map(int, row[0].strip("()").split(","))))
            yield name, columns, rows


def number(value):
    """A value as something that can be ranked, or None."""
    if isinstance(value, (int, float)):
        return value
    if hasattr(value, "timestamp"):
        return value.timestamp()
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def orders(turns):
    """For each table that has rows of people: by column, and by place, how far it follows the order they came in."""
    by_column = {}
    for table, columns, rows in tables():
        followed = [(turns[own], row) for row in rows for own in [_followed(turns, row)] if own is not None]
        if len(followed) < FEW:
            continue
        came = [turn for turn, _ in followed]
        by_column[table, "place"] = correlation(came, list(range(len(came))))
        for place, column in enumerate(columns):
            if column == "ctid":  # the place itself
                continue
            values = [number(row[place]) for _, row in followed]
            if None not in values:
                by_column[table, column] = correlation(came, values)
            elif all(isinstance(row[place], str) for _, row in followed):
                by_column[table, column] = correlation(came, [row[place] for _, row in followed])
    return by_column


def _followed(turns, row):
    """The value in a row that leads to one of the people."""
    return next((value for value in row if isinstance(value, (str, int)) and value in turns), None)


def box_orders(turns):
    """The lines of each box likewise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM ballots_sealedbox")
        boxes = [content.split("\n")[1:] for (content,) in cursor.fetchall()]
    assert boxes
    return [correlation([turns[line] for line in lines], list(range(len(lines)))) for lines in boxes]


def strong(correlations):
    return {key for key, value in correlations.items() if abs(value) >= LIMIT}


MARKS = re.compile(rb"(?<![1-3-])[1-3-]{%d}(?![1-3-])" % len(INDICATORS))


def file_orders(site, turns):
    """For each file in which marks of people can be read: how far their first and last places follow the order."""
    by_file = {}
    for path in site.engine.files(site.name):
        first, last = {}, {}
        for hit in MARKS.finditer(path.read_bytes()):
            marks = hit.group().decode()
            if marks in turns:
                first.setdefault(marks, hit.start())
                last[marks] = hit.start()
        if len(first) >= FEW:
            came = [turns[marks] for marks in first]
            by_file[path.parent.name, path.name] = max(
                (correlation(came, list(first.values())), correlation(came, [last[marks] for marks in first])), key=abs
            )
    return by_file


def everything_kept(site):
    """The contents of all files of database, server and logs."""
    files = [*site.engine.files(site.name), site.log, *site.engine.logs()]
    files += [path for path in (site.folder / "var").rglob("*") if path.is_file()]
    return {path.name: path.read_bytes() for path in files}


# Every ten characters of text in a row, wherever they begin.
TEXT = re.compile(rb"(?=([\w.:-]{10}))", re.ASCII)
RECEIPT = re.compile(rb"(?<!\d)\d{8}(?!\d)")


def leaked(site, secrets):
    """Which words in clear and receipt numbers stand in any file: a table's, the server's or a log's."""
    receipts = {receipt.encode() for receipt in secrets.receipts}
    words = {}
    for word in secrets.words:
        words.setdefault(word[:10].encode(), []).append(word.encode())
    hits = set()
    for name, content in everything_kept(site).items():
        hits |= {(name, hit) for hit in receipts.intersection(RECEIPT.findall(content))}
        begun = words.keys() & set(TEXT.findall(content))
        hits |= {(name, word) for start in begun for word in words[start] if word in content}
    return hits


def statistics(turns):
    """Marks that PostgreSQL's planner keeps as samples, of ballots that are there or gone.

    Digits within a longer number are none: keys are random, and some have a ballot's digits in a row.
    """
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE tablename != 'ballots_opinion'"
        )
        texts = " ".join(text for row in cursor.fetchall() for text in row if text)
    return turns.keys() & set(re.findall(r"(?<![0-9])[1-3-]+(?![0-9])", texts))


def test_nothing_that_is_kept_tells_who_voted_or_when(site, secrets):
    vendor = site.engine.vendor
    with site.database():
        if vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # as the server does by itself sooner or later

        open_orders, open_files = orders(secrets.turns), file_orders(site, secrets.turns)
        open_leaks, open_samples = leaked(site, secrets), statistics(secrets.turns)
    secrets.meeting.close_and_seal()
    with site.database():
        sealed_orders, sealed_files = orders(secrets.turns), file_orders(site, secrets.turns)
        sealed_leaks, sealed_samples = leaked(site, secrets), statistics(secrets.turns)
        sealed_boxes = box_orders(secrets.turns)

    # The tables that have something of a voter were found, and were looked at.
    assert {table for table, _ in open_orders} == {"ballots_ballot", "ballots_opinion", "ballots_receipt"}
    assert {table for table, _ in sealed_orders} == {"ballots_opinion"}
    assert (open_leaks, sealed_leaks) == (set(), set())
    assert (open_samples, sealed_samples) == (set(), set())
    if vendor == "sqlite":
        # While the poll is open its log may know an order; the tables do not.
        assert strong(open_orders) == set()
        assert {name for name in strong(open_files) if not name[1].endswith("-wal")} == set()
    else:
        # While the poll is open PostgreSQL knows transactions and places (DESIGN 6), and nothing else does.
        assert {column for _, column in strong(open_orders)} <= {"place", "xmin"}
    assert strong(sealed_orders) == set()
    assert [order for order in sealed_boxes if abs(order) >= LIMIT] == []
    # PostgreSQL's log remembers until its segments are removed (not promised), and its files do not.
    assert {folder for folder, _ in strong(sealed_files)} <= {"pg_wal"}
    if vendor == "postgresql":
        site.engine.drop_old_log(site.name)
    with site.database():
        assert strong(file_orders(site, secrets.turns)) == set()


PEOPLE_WITH_TWO_FORMS = 60


def test_two_forms_of_one_slip_leave_neither_its_code_nor_a_receipt_nor_what_a_phone_was_given(site):
    meeting = make_meeting(site, voters=1)
    with site.database():
        poll = Poll.objects.get(pk=meeting.poll_id)
        other = make_open_poll(poll.organization, title="党员评议票", indicators=INDICATORS)
        tied = make_shared(poll, other, category="群众代表")
        meeting.slips = codes.make_slips(tied[0], PEOPLE_WITH_TWO_FORMS)
    traces, every = Secrets(meeting), iter(different_marks(2 * PEOPLE_WITH_TWO_FORMS))
    for place, slip in enumerate(meeting.slips):
        phone = Phone(site.port, address=f"127.78.0.{place + 1}", agent=f"TwoForms{place:04d}x")
        assert phone.get(f"/v/{slip}/").location == "/ballot/forms/"
        for batch in tied:
            phone.fill_in(phone.choose(batch.pk), next(every))
            traces.receipts.append(phone.receipt(phone.send()))
            traces.words += [phone.fields["key"], *phone.cookies.values()]
        traces.words += [slip, codes.pretty(slip), phone.address, phone.agent]
        traces.words += [
            phone.cookies[name].partition(":")[0] for name in ("ballot_ticket", "ballot_slip", "ballot_stub")
        ]
    traces.words = [word for word in traces.words if len(word) > 3]

    while_open = leaked(site, traces)
    with site.database():
        counts = [Ballot.objects.filter(batch=batch).count() for batch in tied]
        sessions = Session.objects.count()
        for own in (poll, other):
            close_poll(own)
            sealing.seal(own, by=None)
        sealing.erase_traces()

    assert (while_open, leaked(site, traces)) == (set(), set())
    assert (counts, sessions) == ([PEOPLE_WITH_TWO_FORMS] * 2, 0)
    assert len(set(traces.receipts)) == 2 * PEOPLE_WITH_TWO_FORMS


def test_sealing_does_not_wait_for_a_backup_and_the_next_seal_makes_up_for_it(site, caplog):
    if site.engine.vendor == "sqlite":
        pytest.skip("a backup of SQLite holds nobody up")
    table = "SELECT pg_relation_filenode('ballots_ballot')"
    with closing(site.engine.connect(site.name)) as backup, site.database(), connection.cursor() as cursor:
        cursor.execute(table)
        (before,) = cursor.fetchone()
        backup.cursor().execute("SELECT * FROM ballots_ballot")  # and its transaction stays open

        is_done = sealing.erase_traces()

        cursor.execute(table)
        (held,) = cursor.fetchone()
        backup.rollback()
        is_made_up_for = sealing.erase_traces()
        cursor.execute(table)
        (afterwards,) = cursor.fetchone()
    assert (held == before, afterwards == before) == (True, False)
    assert (is_done, is_made_up_for) == (False, True)
    assert "ballots_ballot is in use" in caplog.text
