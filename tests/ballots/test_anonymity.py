"""The promises of DESIGN 6, tried on the database as somebody would who wants to know who voted what and when."""

import itertools
import random
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from ballots.counting import sealing
from ballots.models import Ballot, Code, Opinion, Receipt
from ballots.voting import casting, codes
from ballots.voting.casting import OpinionText
from tests.factories import close_poll, make_batch, make_open_poll, make_shared

VOTERS = 2600
# Three grades and blank on seven lines tell 16,384 ballots apart, so that each can be followed.
INDICATORS = ("一", "二", "三", "四", "五", "六", "七")
# By chance alone a rank correlation of 2,600 reaches 0.1, five standard deviations, once in two million columns.
LIMIT = 0.1


def test_a_ballot_is_a_batch_and_marks_and_nothing_else():
    assert [field.name for field in Ballot._meta.get_fields()] == ["id", "batch", "marks"]


def test_an_opinion_says_its_target_kind_and_words_alone():
    assert [field.name for field in Opinion._meta.concrete_fields] == ["id", "target", "kind", "text"]


def test_a_receipt_leads_to_its_poll_alone():
    assert [field.name for field in Receipt._meta.get_fields()] == ["digest", "poll"]


def test_nothing_points_at_a_ballot_and_at_an_opinion_only_a_reading_and_what_tells_that_it_was_on_no_ballot():
    pointing = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model in (Ballot, Opinion) and not field.auto_created
    ]

    # Of an opinion that was on no ballot: how it came, and who recorded it. A ballot's has none.
    # Written after the seal, which gave opinions new keys: it says who read one and when, not who wrote it.
    # A letter out of a box, which has no name either, may be brought in as one, and a word left at a window, known by its week.
    assert pointing == ["OpinionOrigin.opinion", "Letter.opinion", "OpinionReading.opinion", "WindowWord.opinion"]


def ranks(values):
    """Ranks of values, those of equal values shared."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    shared = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            shared[place] = (start + end - 1) / 2
        start = end
    return shared


def correlation(first, second):
    """Spearman's rank correlation; 0 where one of them does not vary."""
    first, second = ranks(first), ranks(second)
    middle = (len(first) - 1) / 2
    both = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    spread = [sum((a - middle) ** 2 for a in ordering) for ordering in (first, second)]
    return both / (spread[0] * spread[1]) ** 0.5 if all(spread) else 0.0


def test_the_measure_of_order_finds_a_known_order():
    order = list(range(100))

    assert correlation(order, [value * 3 for value in order]) == pytest.approx(1)
    assert correlation(order, order[::-1]) == pytest.approx(-1)
    assert abs(correlation(order, [7] * 100)) == 0


def columns(model, fields):
    """Every column of a table by name, its rows in the order in which they lie, with what the database adds by itself."""
    hidden = ["rowid"] if connection.vendor == "sqlite" else ["ctid::text", "xmin::text::bigint"]
    names = [*fields, *hidden]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {model._meta.db_table}")
        rows = cursor.fetchall()
    if connection.vendor == "postgresql":
        place = names.index("ctid::text")
        rows.sort(key=lambda row: tuple(map(int, row[place].strip("()").split(","))))
    return {name: [row[position] for row in rows] for position, name in enumerate(names) if name != "ctid::text"}


def unique_marks():
    """As many different ballots as there are voters, in an order that has nothing to do with them."""
    every = ["".join(marks) for marks in itertools.product("123-", repeat=len(INDICATORS))]
    return random.Random(2026).sample(every, VOTERS)


def slips_for_all(batch):
    """A slip for each voter, in two lots: more than can be made at once."""
    return [slip for _ in range(2) for slip in codes.make_slips(batch, VOTERS // 2)]


@pytest.fixture
def voted(transactional_db):
    """A poll in which everybody voted, one after another; gives it and for each ballot and opinion its turn."""
    poll = make_open_poll(indicators=INDICATORS)
    batch = make_batch(poll)
    target = poll.targets.get()
    turns = {}
    for turn, (slip, marks) in enumerate(zip(slips_for_all(batch), unique_marks(), strict=True)):
        casting.cast(
            ticket=codes.exchange(slip), key=slip, marks=marks, opinions=[OpinionText(target.pk, f"意见{marks}")]
        )
        turns[marks] = turns[f"意见{marks}"] = turn
    return poll, turns


def correlations(model, fields, followed, turns):
    """For each column, and for the place in the table, how far it follows the order of casting."""
    table = columns(model, fields)
    order = [turns[value] for value in table[followed]]
    assert len(order) == VOTERS
    by_column = {name: correlation(order, values) for name, values in table.items()}
    by_column["place"] = correlation(order, list(range(VOTERS)))
    return by_column


@pytest.mark.slow
@pytest.mark.database
def test_neither_order_nor_place_tells_when_a_ballot_was_cast(voted):
    poll, turns = voted

    ballots = correlations(Ballot, ["id", "batch_id", "marks"], "marks", turns)
    opinions = correlations(Opinion, ["id", "target_id", "kind", "text"], "text", turns)
    receipts = columns(Receipt, ["digest", "poll_id"])

    # While the poll is open PostgreSQL knows the order of transactions and of places; the seal takes both away.
    known_while_open = {"place", "xmin::text::bigint"} if connection.vendor == "postgresql" else set()
    for by_column in (ballots, opinions):
        assert {name for name, value in by_column.items() if abs(value) >= LIMIT} <= known_while_open
    assert len(receipts["digest"]) == VOTERS

    close_poll(poll)
    sealing.seal(poll, by=None)
    sealing.erase_traces()

    opinions = correlations(Opinion, ["id", "target_id", "kind", "text"], "text", turns)
    assert {name: value for name, value in opinions.items() if abs(value) >= LIMIT} == {}
    (box,) = poll.targets.get().boxes.all()
    lines = box.content.split("\n")[1:]
    assert lines == sorted(turns.keys() & set(lines))
    assert abs(correlation([turns[line] for line in lines], list(range(VOTERS)))) < LIMIT
    assert not Ballot.objects.exists()
    assert not Receipt.objects.exists()


def as_sqlite_writes_a_key(key):
    """A large row number in SQLite's file: eight bytes of seven bits, then one of eight."""
    return bytes([key >> 8 + 7 * place & 0x7F | 0x80 for place in range(7, -1, -1)] + [key & 0xFF])


def in_the_files(keys):
    """How many of the keys can be found in the database's files, whether as live rows or as remains."""
    name = connection.settings_dict["NAME"]
    content = b"".join(Path(name + ending).read_bytes() for ending in ("", "-wal"))
    return sum(as_sqlite_writes_a_key(key) in content for key in keys)


@pytest.mark.slow
def test_after_sealing_no_ballot_receipt_or_opinion_of_before_remains_in_the_files(voted):
    if connection.vendor != "sqlite":
        pytest.skip("the files of PostgreSQL belong to its server")
    poll, _ = voted
    keys = [
        key
        for model in (Ballot, Receipt, Opinion)
        for key in model.objects.filter(pk__gte=2**56).values_list("pk", flat=True)[:200]
    ]
    assert in_the_files(keys) == len(keys)

    close_poll(poll)
    sealing.seal(poll, by=None)
    sealing.erase_traces()

    assert in_the_files(keys) == 0


@pytest.fixture
def voted_on_two_forms(transactional_db):
    """A meeting where people filled in two forms with one slip; gives the polls and who wrote what, by form.

    Most filled in both, one after the other; some the first alone.
    """
    first = make_open_poll(title="组织评议票", indicators=INDICATORS)
    polls = [first, make_open_poll(first.organization, title="党员评议票", indicators=INDICATORS)]
    slips = slips_for_all(make_shared(*polls)[0])
    targets = [poll.targets.get() for poll in polls]
    marks = [unique_marks(), random.Random(7).sample(unique_marks(), VOTERS)]
    wrote = [{}, {}]
    for person, slip in enumerate(slips):
        for form, ticket in enumerate(codes.exchange_all(slip)):
            if form == 1 and person % 5 == 0:
                continue
            words, key = f"意见{form}：{marks[form][person]}", f"{form}{slip}"
            opinions = [OpinionText(targets[form].pk, words)]
            casting.cast(ticket=ticket, key=key, marks=marks[form][person], opinions=opinions)
            traces = (marks[form][person], words, codes.digest(key, purpose="receipt"), ticket.slip)
            wrote[form] |= dict.fromkeys(traces, person)
    return polls, wrote


def links(model, fields, followed, belongs, wrote):
    """How far a column, or the place, of people's rows of one form follows one of their rows of the other."""
    table = columns(model, fields)
    table["place"] = list(range(len(table[followed])))
    rows = [{}, {}]
    for row, (value, form) in enumerate(zip(table[followed], map(belongs, table[fields[1]]), strict=True)):
        rows[form][wrote[form][value]] = row
    both = sorted(rows[0].keys() & rows[1].keys())
    assert len(both) == VOTERS * 4 // 5
    return {
        (name, other): correlation([table[name][rows[0][person]] for person in both], values)
        for other in table
        for values in [[table[other][rows[1][person]] for person in both]]
        for name in table
    }


@pytest.mark.slow
@pytest.mark.database
def test_nothing_joins_the_two_ballots_that_one_slip_cast(voted_on_two_forms):
    polls, wrote = voted_on_two_forms
    keys = [poll.pk for poll in polls]
    batches = [poll.batches.get().pk for poll in polls]
    targets = [poll.targets.get().pk for poll in polls]

    ballots = links(Ballot, ["id", "batch_id", "marks"], "marks", batches.index, wrote)
    opinions = links(Opinion, ["id", "target_id", "kind", "text"], "text", targets.index, wrote)
    receipts = links(Receipt, ["digest", "poll_id"], "digest", keys.index, wrote)

    # The order of transactions, which PostgreSQL knows while polls are open, joins any two things (DESIGN 6).
    known_while_open = {"place", "xmin::text::bigint"} if connection.vendor == "postgresql" else set()
    for pairs in (ballots, opinions, receipts):
        assert {
            names for names, value in pairs.items() if abs(value) >= LIMIT and not set(names) <= known_while_open
        } == set()
    # The slips that were used on the first form alone left a row each, which says on which form and nothing else.
    left = set(Code.objects.values_list("batch", "pk"))
    assert len(left) == VOTERS // 5
    assert {batch for batch, _ in left} == {batches[1]}
    assert not {code for _, code in left} & (wrote[0].keys() | wrote[1].keys())

    for poll in polls:
        close_poll(poll)
        sealing.seal(poll, by=None)
    sealing.erase_traces()

    opinions = links(Opinion, ["id", "target_id", "kind", "text"], "text", targets.index, wrote)
    assert {names: value for names, value in opinions.items() if abs(value) >= LIMIT} == {}
    boxes = [poll.targets.get().boxes.get().content.split("\n")[1:] for poll in polls]
    assert boxes == [sorted(lines) for lines in boxes]
    assert not any(model.objects.exists() for model in (Ballot, Receipt, Code))
