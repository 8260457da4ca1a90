"""Sealing: what is written, what is refused, and what nobody can find afterwards."""

import ast
import hashlib
import random
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from ballots.actions import open_campaign
from ballots.counting import boxes, closing, recounting, sealing, tally
from ballots.models import Ballot, Code, Opinion, OpinionOrigin, Receipt, SealedBox, TallyRow
from ballots.voting import casting, codes
from campaigns.actions import make_polls
from campaigns.models import Poll
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def counts(row):
    return tuple(getattr(row, field) for field in boxes.COUNT_FIELDS)


ROOT = Path(__file__).resolve().parents[3]


# Closing


def test_turnout_counts_spent_rights_and_entered_papers():
    poll = factories.make_open_poll()
    slips, screen = factories.make_batch(poll), factories.make_batch(poll, method="screen")
    paper = factories.make_batch(poll, method="entered")
    empty = factories.make_batch(poll, channel="online")
    factories.cast_ballots(slips, {"11": 3})
    codes.make_slips(slips, 4)
    codes.admit(screen, 5)
    factories.enter_ballots(paper, {"11": 6})
    batches = list(poll.batches.all())

    turnout = sealing.collected_by_batch(batches)

    assert turnout == {slips.pk: 3, screen.pk: 0, paper.pk: 6, empty.pk: 0}
    assert turnout == {batch.pk: sealing.collected(batch) for batch in batches}


# Sealing


def test_sealing_cuts_sorts_and_counts_the_ballots_and_deletes_them():
    poll = factories.make_open_poll(indicators=("一", "二", "总体评价"))
    factories.cast_ballots(factories.make_batch(poll), {"312": 1, "1-1": 2, "111": 3})
    factories.enter_ballots(factories.make_batch(poll, channel="paper", method="entered"), {"x21": 1})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    meeting, paper = SealedBox.objects.all()
    assert boxes.box_lines(meeting) == ["1-1", "1-1", "111", "111", "111", "312"]
    assert boxes.box_lines(paper) == ["x21"]
    assert meeting.sha256 == hashlib.sha256(meeting.content.encode()).hexdigest()
    rows = [(row.channel, row.indicator.text, *counts(row)) for row in TallyRow.objects.all()]
    assert sorted(rows) == sorted(
        [
            ("meeting", "一", 6, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0),
            ("meeting", "二", 6, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0),
            ("meeting", "总体评价", 6, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0),
            ("paper", "一", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
            ("paper", "二", 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
            ("paper", "总体评价", 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        ]
    )
    assert poll.state == "sealed"
    assert [model.objects.count() for model in (Ballot, Code, Receipt)] == [0, 0, 0]


def test_batches_of_one_channel_and_category_share_their_rows_but_not_their_boxes():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"22": 3})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    assert sorted(SealedBox.objects.values_list("ballot_count", flat=True)) == [2, 3]
    assert [counts(row)[:3] for row in TallyRow.objects.all()] == [(5, 2, 3), (5, 2, 3)]


def test_sealing_a_poll_leaves_every_other_poll_alone():
    committee = factories.make_organization()
    other = factories.make_organization("一支部", parent=committee, kind="branch")
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [committee, other])
    open_campaign(campaign, by=None)
    sealed, open_poll = campaign.polls.all()
    for poll in (sealed, open_poll):
        batch = factories.make_batch(poll)
        slips = codes.make_slips(batch, 2)
        opinion = casting.OpinionText(poll.targets.get().pk, "很好")
        casting.cast(ticket=codes.exchange(slips[0]), key=f"key {poll.pk}", marks="11", opinions=[opinion])
    before = set(Opinion.objects.filter(target__poll=open_poll).values_list("pk", flat=True))
    factories.close_poll(sealed)

    sealing.seal(sealed, by=None)

    assert [model.objects.count() for model in (Ballot, Code, Receipt)] == [1, 1, 1]
    assert Ballot.objects.get().batch.poll == open_poll
    assert set(Opinion.objects.filter(target__poll=open_poll).values_list("pk", flat=True)) == before
    assert not TallyRow.objects.exclude(poll=sealed).exists()


def test_a_poll_without_a_batch_is_sealed_with_neither_box_nor_row():
    poll = factories.make_open_poll()

    closing.close(poll, by=None, attended=None, facts={})
    sealing.seal(poll, by=None)

    assert poll.state == "sealed"
    assert [SealedBox.objects.count(), TallyRow.objects.count()] == [0, 0]
    assert recounting.recount(poll) == []


def test_an_open_poll_cannot_be_sealed_and_a_sealed_one_not_again():
    open_poll = factories.make_open_poll()
    sealed = factories.make_sealed_poll(organizer=factories.make_organization("二局党委"))

    for poll in (open_poll, sealed):
        with pytest.raises(StateError):
            sealing.seal(poll, by=None)


def test_a_ballot_too_many_stops_the_seal_and_changes_nothing():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    factories.close_poll(poll)
    Ballot.objects.create(batch=batch, marks="11")

    with pytest.raises(tally.IdentityError, match="有效票应为3张，票库中有4张"):
        sealing.seal(poll, by=None)

    poll.refresh_from_db()
    assert (poll.state, Ballot.objects.count(), SealedBox.objects.count()) == ("closed", 4, 0)


@pytest.mark.parametrize(
    ("entitled", "words"), [(2, "收回的票多于作分母的全体应参评人员2人"), (None, "请填写应参评人数")]
)
def test_a_number_of_people_that_was_changed_after_the_closing_is_checked_again(entitled, words):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, base="entitled")
    make_polls(campaign, [committee])
    campaign.polls.update(entitled_count=5)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})
    factories.close_poll(poll)
    Poll.objects.update(entitled_count=entitled)

    with pytest.raises(tally.IdentityError, match=words):
        sealing.seal(poll, by=None)

    poll.refresh_from_db()
    assert (poll.state, TallyRow.objects.count()) == ("closed", 0)


def test_a_mark_that_is_not_on_the_scale_stops_the_seal():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    factories.close_poll(poll)
    Ballot.objects.update(marks="15")

    with pytest.raises(tally.IdentityError, match="不属于量表"):
        sealing.seal(poll, by=None)

    poll.refresh_from_db()
    assert poll.state == "closed"


def test_equal_boxes_have_different_digests_so_that_a_printed_digest_cannot_be_guessed_open():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 1})
    factories.cast_ballots(factories.make_batch(poll), {"11": 1})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    first, second = SealedBox.objects.all()
    salts = {box.content.partition('"salt":"')[2][:32] for box in (first, second)}
    assert first.sha256 != second.sha256
    assert len(salts) == 2
    assert all(len(salt) == 32 for salt in salts)


# Secrecy after the seal


def rank_correlation(values):
    """Spearman's coefficient of a sequence of different values with its own order."""
    order = {value: rank for rank, value in enumerate(sorted(values))}
    count = len(values)
    squares = sum((order[value] - rank) ** 2 for rank, value in enumerate(values))
    return 1 - 6 * squares / (count * (count**2 - 1))


def test_the_seal_gives_new_keys_to_opinions_from_ballots_and_leaves_recorded_ones_with_their_origin():
    poll = factories.make_open_poll()
    slips = codes.make_slips(factories.make_batch(poll), 1)
    gathered, forum = factories.make_gathered(poll, "路灯坏了"), factories.make_forum(poll, "停车难")
    opinion = casting.OpinionText(poll.targets.get().pk, "公开栏一月一换")
    casting.cast(ticket=codes.exchange(slips[0]), key="key", marks="11", opinions=[opinion])
    before = dict(Opinion.objects.values_list("text", "pk"))
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    after = dict(Opinion.objects.values_list("text", "pk"))
    assert set(after) == {"路灯坏了", "停车难", "公开栏一月一换"}
    assert {text for text in after if after[text] == before[text]} == {"路灯坏了", "停车难"}
    assert set(OpinionOrigin.objects.values_list("opinion", flat=True)) == {after["路灯坏了"], after["停车难"]}
    assert [gathered.opinion_id, *forum.origins.values_list("opinion", flat=True)] == [
        after["路灯坏了"],
        after["停车难"],
    ]


def test_after_the_seal_neither_keys_nor_physical_order_of_opinions_tell_the_order_of_casting():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    target = poll.targets.get().pk
    slips = codes.make_slips(batch, 1000)
    for number, slip in enumerate(slips):
        opinion = casting.OpinionText(target, f"{number}")
        casting.cast(ticket=codes.exchange(slip), key=f"key {number}", marks="11", opinions=[opinion])
    before = dict(Opinion.objects.values_list("text", "pk"))
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    with connection.cursor() as cursor:
        physical = "ctid" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT text, id FROM ballots_opinion ORDER BY {physical}")
        rows = cursor.fetchall()
        if connection.vendor == "postgresql":
            # Nor does a transaction's number: all opinions of the poll were written by the one that sealed it.
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM ballots_opinion")
            assert cursor.fetchone() == (1,)
    after = dict(rows)
    assert abs(rank_correlation([int(text) for text, _ in rows])) < 0.15
    assert abs(rank_correlation([after[str(number)] for number in range(1000)])) < 0.15
    assert not set(before.values()) & set(after.values())
    assert [field.name for field in Opinion._meta.fields] == ["id", "target", "kind", "text"]


def test_a_box_does_not_keep_the_order_in_which_ballots_came():
    poll = factories.make_open_poll(indicators=("一", "二", "三", "总体评价"))
    random.seed(7)
    marks = ["".join(random.choice("123-") for _ in range(4)) for _ in range(60)]
    batch = factories.make_batch(poll)
    for ballot in marks:
        factories.cast_ballots(batch, {ballot: 1})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    assert boxes.box_lines(SealedBox.objects.get()) == sorted(marks)


def test_nothing_in_the_code_changes_a_box_or_a_row_that_was_written():
    """Boxes and rows are made in bulk at sealing; no other line creates, updates or deletes one."""
    changing = {"update", "delete", "save", "create", "bulk_update", "update_or_create", "get_or_create", "bulk_create"}
    writers = []
    for folder in ("campaigns", "ballots", "reports"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in changing:
                    source = ast.unparse(node.func)
                    if any(name in source for name in ("SealedBox", "TallyRow", "boxes.", "tally_rows.")):
                        writers.append((path.name, source))

    assert writers == [("sealing.py", "SealedBox.objects.bulk_create"), ("sealing.py", "TallyRow.objects.bulk_create")]


# Against casts in flight, and on disk


@pytest.mark.django_db(transaction=True)
def test_of_two_people_sealing_at_once_one_is_refused_and_every_ballot_is_counted_once():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 20})
    factories.close_poll(poll)
    answers = []

    def seal():
        try:
            sealing.seal(poll, by=None)
            answers.append("sealed")
        except StateError:
            answers.append("refused")
        connections.close_all()

    threads = [threading.Thread(target=seal) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["refused", "sealed"]
    assert [box.ballot_count for box in SealedBox.objects.all()] == [20]
    assert recounting.recount(poll) == []


def _bytes_of_ballots_and_codes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('ballots_ballot') + pg_relation_size('ballots_code')")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_no_dead_row_and_no_page_on_disk_remembers_what_was_deleted():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    slips = codes.make_slips(batch, 30)
    for slip in slips[:20]:
        casting.cast(ticket=codes.exchange(slip), key=f"key {slip}", marks="11")
    marked = "marks-that-are-looked-for"
    Ballot.objects.filter(pk=Ballot.objects.first().pk).update(marks=marked)
    Ballot.objects.filter(marks=marked).update(marks="11")
    factories.close_poll(poll)

    sealing.seal(poll, by=None)
    sealing.erase_traces()

    if connection.vendor == "postgresql":
        # The server's own look at the tables may hold on to dead rows for a moment: the next seal erases them.
        for _ in range(60):
            if not _bytes_of_ballots_and_codes():
                break
            time.sleep(0.5)
            sealing.erase_traces()
        assert _bytes_of_ballots_and_codes() == 0
    else:
        path = Path(connection.settings_dict["NAME"])
        assert path.with_name(path.name + "-wal").stat().st_size == 0
        assert marked.encode() not in path.read_bytes()


def test_erasing_traces_inside_a_transaction_does_nothing():
    with transaction.atomic():
        sealing.erase_traces()
