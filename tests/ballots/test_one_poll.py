"""Nothing in a cast or a seal crosses a poll, so that the tables of ballots may be split by poll (docs/scale_out.md)."""

import json
import re

import pytest
import sqlglot
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions as ballot_actions
from ballots.counting import sealing
from ballots.models import Batch, KeyedSheet, Keying, Opinion
from ballots.paper import comparing
from ballots.voting import at_once, casting, codes
from ballots.voting.at_once import postgresql, sqlite
from ballots.voting.casting import OpinionText, cast
from campaigns import actions
from tests.factories import (
    close_poll,
    enter_ballots,
    key,
    make_batch,
    make_campaign,
    make_choice_poll,
    make_open_poll,
    make_organization,
    make_paper,
    make_shared,
    make_user,
)
from tests.own_poll import Layout, touched_tables, unbound_tables

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DIALECT = {"postgresql": "postgres"}.get(connection.vendor, connection.vendor)
BATCH, TARGET = {"batch_id": "batch"}, {"target_id": "target"}
# Each row of these belongs to one poll. A row's own key tells the poll only of the few that others refer to.
SPLIT = {
    "campaigns_poll": {"id": "poll"},
    "campaigns_target": {"poll_id": "poll", "id": "target"},
    "ballots_batch": {"poll_id": "poll", "id": "batch"},
    "ballots_code": BATCH,
    "ballots_receipt": {"poll_id": "poll"},
    "ballots_ballot": BATCH,
    "ballots_opinion": TARGET,
    "ballots_voidsheets": BATCH,
    "ballots_keying": {**BATCH, "id": "keying"},
    "ballots_keyedsheet": {"keying_id": "keying"},
    "ballots_sealedbox": BATCH | TARGET,
    "ballots_tallyrow": {"poll_id": "poll"} | TARGET,
}
# The rows of these are known by keys of their own too, each of which belongs to one poll.
ROWS = {"ballots_opinion": {"id": "opinion"}}
# Statements that name rows by such keys alone: each has to be looked for in every part of a split table.
BY_ROWS = {
    ("DELETE", "ballots_opinion"): "the seal deletes the opinions that it has just read, by their keys",
}


@pytest.fixture(autouse=True)
def neighbour(monkeypatch):
    """A poll of the same campaign beside each, with ballots and opinions of its own that a careless statement would meet."""
    monkeypatch.setattr(at_once, "_forms", {})
    campaign = make_campaign(make_organization("邻近单位党委"))
    actions.make_polls(campaign, [campaign.organizer])
    ballot_actions.open_campaign(campaign, by=None)
    enter_ballots(make_batch(campaign.polls.get(), method="entered"), {"11": 3})


def layout_of(poll, *, with_rows=True):
    """How the tables are split, with the keys that belong to the poll now."""
    own = {
        "poll": {poll.pk},
        "batch": set(poll.batches.values_list("pk", flat=True)),
        "target": set(poll.targets.values_list("pk", flat=True)),
        "keying": set(Keying.objects.filter(batch__poll=poll).values_list("pk", flat=True)),
        "opinion": set(Opinion.objects.filter(target__poll=poll).values_list("pk", flat=True)),
    }
    keys = {table: columns | (ROWS.get(table, {}) if with_rows else {}) for table, columns in SPLIT.items()}
    return Layout(keys, own, prepared={name: text.partition(" AS ")[2] for name, text in postgresql.STATEMENTS.items()})


def crossed(poll, deed):
    """The split tables that a deed touches, and what it does to them beyond the poll, or by a row's key alone."""
    before = layout_of(poll), layout_of(poll, with_rows=False)
    with CaptureQueriesContext(connection) as queries:
        deed()
    statements = [statement for query in queries for statement in steps_of(query["sql"])]
    beyond, by_rows = (unbound_tables(statements, layout, dialect=DIALECT) for layout in before)
    return touched_tables(statements, before[0], dialect=DIALECT), beyond, {(row.verb, row.table) for row in by_rows}


def steps_of(sql):
    """The statements of a trigger in place of the one that sets it off on SQLite, with the values of its row."""
    name, _, row = sql.removeprefix("INSERT INTO ").partition(" VALUES ")
    if name not in sqlite.STEPS:
        return [] if sql in sqlite.PREPARATIONS else [sql]
    values = sqlglot.parse_one(f"SELECT {row}", dialect="sqlite").find(sqlglot.exp.Tuple).expressions
    new = dict(zip(sqlite.COLUMNS, values, strict=True))
    steps = [step for step in sqlite.STEPS[name] if step != sqlite.WRITE_OPINIONS]
    into = sqlite.WRITE_OPINIONS.partition("SELECT")[0]
    opinions = [
        f"{into} VALUES ({key}, {target_id}, '', '')" for key, target_id, *_ in json.loads(new["opinions"].name)
    ]
    return [re.sub(r"NEW\.(\w+)", lambda place: new[place[1]].sql(), step) for step in steps] + opinions


def ballot(ticket, mark="11", *, opinions=(), submission="key"):
    return lambda: cast(ticket=ticket, key=submission, marks=mark, opinions=opinions)


def slip_of(batch):
    return codes.exchange(codes.make_slips(batch, 1)[0])


def know(batch, marks="11"):
    """From here on a ballot of the batch is taken in one statement."""
    with pytest.raises(casting.CodeUsed):
        cast(ticket=codes.Ticket(batch.pk, batch.poll_id, 5, ""), key="refused", marks=marks)


CAST = {"campaigns_poll", "ballots_code", "ballots_receipt", "ballots_ballot"}


@pytest.mark.parametrize("is_known", [True, False], ids=["at-once", "step-by-step"])
@pytest.mark.parametrize("with_opinions", [True, False], ids=["with-opinions", "marks-alone"])
@pytest.mark.parametrize("method", ["slips", "screen"])
def test_a_cast_touches_one_poll(method, with_opinions, is_known):
    poll = make_open_poll()
    batch = make_batch(poll, method=method)
    if method == "screen":
        codes.admit(batch, 2)
        ticket = codes.exchange(codes.screen_code(batch), browser="a phone")
    else:
        ticket = slip_of(batch)
    if is_known:
        know(batch)
    opinions = [OpinionText(poll.targets.get().pk, "修路")] if with_opinions else []

    touched, beyond, by_rows = crossed(poll, ballot(ticket, opinions=opinions))

    assert beyond == []
    assert by_rows == set()
    assert touched == CAST | ({"ballots_opinion"} if with_opinions else set())


@pytest.mark.parametrize("is_known", [True, False], ids=["at-once", "step-by-step"])
def test_a_ballot_of_a_shared_slip_touches_its_own_poll_alone(is_known):
    unit = make_organization()
    polls = [make_open_poll(unit, title=title) for title in ("组织评议", "党员评议")]
    batches = make_shared(*polls)
    tickets = codes.exchange_all(codes.make_slips(batches[0], 1)[0])
    if is_known:
        for batch in batches:
            know(batch)

    outcomes = [
        crossed(poll, ballot(ticket, submission=f"key of {ticket.poll_id}"))
        for poll, ticket in zip(polls, tickets, strict=True)
    ]

    assert outcomes == [(CAST, [], set())] * 2


@pytest.mark.parametrize("is_known", [True, False], ids=["at-once", "step-by-step"])
def test_a_choice_from_a_list_touches_one_poll(is_known):
    poll = make_choice_poll()
    batch = make_batch(poll)
    ticket = slip_of(batch)
    if is_known:
        know(batch, "11-1--")

    assert crossed(poll, ballot(ticket, "11-1--")) == (CAST, [], set())


def refused(deed):
    def refuse():
        with pytest.raises(casting.Refused):
            deed()

    return refuse


def test_a_refusal_and_a_second_submission_touch_one_poll():
    poll = make_open_poll()
    slips, screen = make_batch(poll), make_batch(poll, category="群众代表", method="screen")
    codes.admit(screen, 1)
    ticket = slip_of(slips)
    first, second = (codes.exchange(codes.screen_code(screen), browser=name) for name in ("a phone", "another"))
    cast(ticket=ticket, key="key", marks="11")
    cast(ticket=first, key="at the screen", marks="11")
    unused = slip_of(slips)
    deeds = {
        "the same again": ballot(ticket),
        "used": refused(ballot(ticket, submission="another key")),
        "already": refused(ballot(first, submission="a third")),
        "full": refused(ballot(second, submission="a fourth")),
        "admits": lambda: casting.admits(unused),
        "does not admit": refused(lambda: casting.admits(second)),
    }

    assert {name: crossed(poll, deed)[1:] for name, deed in deeds.items()} == dict.fromkeys(deeds, ([], set()))


def keyed_batch(poll, *, opinions=()):
    """A paper batch that two tellers have read alike."""
    batch = make_paper(poll, returned=2)
    for teller in (make_user("甲"), make_user("乙")):
        key(batch, teller, ["11", "12"])
    KeyedSheet.objects.filter(keying__batch=batch, number=1).update(
        opinions=[[target, text] for target, text in opinions]
    )
    return batch


def test_paper_that_is_agreed_and_ballots_from_a_file_touch_one_poll():
    poll = make_open_poll()
    paper = keyed_batch(poll, opinions=[(poll.targets.get().pk, "修路")])
    listed = make_batch(poll, channel="mailbox", method="entered")

    outcomes = [
        crossed(poll, lambda: comparing.agree(paper, by=None)),
        crossed(poll, lambda: casting.record_ballots(batch=listed, marks=[("11", 3)])),
    ]

    assert [outcome[1:] for outcome in outcomes] == [([], set())] * 2
    assert "ballots_keyedsheet" in outcomes[0][0]
    assert [outcome[0] >= {"ballots_batch", "ballots_ballot"} for outcome in outcomes] == [True, True]


def test_a_seal_touches_one_poll():
    poll = make_open_poll()
    target = poll.targets.get().pk
    slips = make_batch(poll)
    for place in range(3):
        cast(ticket=slip_of(slips), key=f"k{place}", marks="11", opinions=[OpinionText(target, f"意见{place}")])
    comparing.agree(keyed_batch(poll), by=None)
    close_poll(poll)

    touched, beyond, by_rows = crossed(poll, lambda: sealing.seal(poll, by=None))

    assert beyond == []
    assert by_rows == set(BY_ROWS)
    assert touched >= CAST | {
        "ballots_batch",
        "ballots_opinion",
        "ballots_sealedbox",
        "ballots_tallyrow",
        "ballots_keyedsheet",
    }
    assert Batch.objects.filter(poll=poll).exists()


LOOSE = [
    "DELETE FROM ballots_receipt WHERE digest = 5",
    "DELETE FROM ballots_code WHERE digest = (SELECT digest FROM ballots_code WHERE batch_id = 7 LIMIT 1)",
    "SELECT marks FROM ballots_ballot WHERE batch_id IN (7, 8)",
    "SELECT marks FROM ballots_ballot WHERE batch_id = 7 OR id > 3",
    "SELECT b.marks FROM ballots_ballot b LEFT JOIN ballots_batch t ON b.batch_id = t.id AND t.poll_id = 1",
    "SELECT b.marks FROM ballots_ballot b JOIN ballots_batch t ON b.batch_id = t.id WHERE t.state = 'open'",
    "UPDATE ballots_batch SET state = 'void' WHERE poll_id = 2",
    "INSERT INTO ballots_receipt (digest, poll_id) VALUES (5, 1), (6, 2)",
    "INSERT INTO ballots_ballot (id, batch_id, marks) SELECT id, batch_id, marks FROM ballots_ballot WHERE id = 4",
    "SELECT 1 FROM campaigns_poll WHERE id = 1 AND EXISTS (SELECT 1 FROM ballots_receipt WHERE digest = 5)",
    "SELECT state FROM campaigns_poll WHERE campaign_id = 1",
]
TIGHT = [
    "DELETE FROM ballots_receipt WHERE digest = 5 AND poll_id = 1",
    "DELETE FROM ballots_code WHERE batch_id = 7 AND digest = (SELECT digest FROM ballots_code WHERE batch_id = 7 LIMIT 1)",
    "SELECT b.marks FROM ballots_ballot b JOIN ballots_batch t ON b.batch_id = t.id WHERE t.poll_id = 1",
    "SELECT marks FROM ballots_ballot WHERE batch_id IN (SELECT id FROM ballots_batch WHERE poll_id = 1)",
    "INSERT INTO ballots_receipt (digest, poll_id) VALUES (5, 1)",
    "SELECT 1 FROM campaigns_poll p WHERE p.id = 1 AND EXISTS (SELECT 1 FROM ballots_receipt r WHERE r.poll_id = p.id)",
    "SELECT title FROM campaigns_campaign WHERE id = 2",
]


@pytest.mark.parametrize("sql", LOOSE)
def test_a_statement_that_crosses_is_found(sql):
    layout = Layout(SPLIT, {"poll": {1}, "batch": {7}})

    assert unbound_tables([sql], layout, dialect=DIALECT)


@pytest.mark.parametrize("sql", TIGHT)
def test_a_statement_that_keeps_to_its_poll_is_not(sql):
    layout = Layout(SPLIT, {"poll": {1}, "batch": {7}})

    assert unbound_tables([sql], layout, dialect=DIALECT) == []
