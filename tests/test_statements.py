"""The tests that PostgreSQL runs send together whatever statement any of them sends."""

from itertools import chain

import pytest
from django.db import DataError, IntegrityError, transaction

from campaigns.models import Commitment, Member
from tests import factories, statements


@pytest.mark.parametrize(
    ("statement", "alike"),
    [
        ('SELECT a FROM t WHERE id IN (%s, %s, %s)', 'SELECT a FROM t WHERE id IN (%s, %s)'),
        ('INSERT INTO t (a) VALUES (%s, %s), (%s, %s), (%s, %s)', 'INSERT INTO t (a) VALUES (%s, %s), (%s, %s)'),
        ('SELECT a FROM t LIMIT 21', 'SELECT a FROM t LIMIT 5'),
        ('SAVEPOINT "s1402_x12"', 'SAVEPOINT "s77_x3"'),
        ('WHERE (("a" = %s) OR ("a" = %s) OR ("a" = %s))', 'WHERE (("a" = %s) OR ("a" = %s))'),
        ('CASE WHEN (id = %s) THEN %s WHEN (id = %s) THEN %s ELSE NULL END', 'CASE WHEN (id = %s) THEN %s ELSE NULL END'),
    ],
)  # fmt: skip
def test_statements_that_differ_in_values_and_in_how_many_there_are_have_one_shape(statement, alike):
    assert statements.shape(statement) == statements.shape(alike)


@pytest.mark.parametrize(
    ("statement", "another"),
    [
        ('SELECT "a" FROM "t" WHERE "b" = %s', 'SELECT "a" FROM "t" WHERE "c" = %s'),
        ('SELECT "a" FROM "t" ORDER BY "b"', 'SELECT "a" FROM "t" ORDER BY "b" DESC'),
        ('SELECT "a" FROM "t" WHERE "b" IN (%s)', 'SELECT "a" FROM "t" WHERE "b" IN (SELECT "c" FROM "d")'),
        ('SELECT "a" FROM "t"', 'SELECT "a" FROM "t" FOR UPDATE'),
        ('INSERT INTO "t" ("a") VALUES (%s, %s), (%s, %s)', 'INSERT INTO "t" ("a") VALUES (%s, %s)'),
        ('WHERE ("a" = %s OR "b" = %s)', 'WHERE ("a" = %s OR "a" = %s)'),
    ],
)
def test_statements_that_ask_for_something_else_have_another_shape(statement, another):
    assert statements.shape(statement) != statements.shape(another)


def test_what_a_thread_sends_and_what_the_database_refuses_is_noted(db, tmp_path):
    notes = statements.Notes()
    notes.test = "here"
    unit = factories.make_organization()
    Commitment.objects.create(organization=unit, content="办实事")

    with statements.noted(notes):
        Member.objects.filter(organization=unit).count()
        with pytest.raises(IntegrityError), transaction.atomic():
            Commitment.objects.create(organization=unit, content="办实事")
    Member.objects.exists()
    notes.write(tmp_path / "notes.json")

    count, sent = statements.read([tmp_path / "notes.json"])["here"]
    assert count == 6
    assert sorted(each.split()[0] for each in sent) == [
        "INSERT",
        "RELEASE",
        "ROLLBACK",
        "SAVEPOINT",
        "SELECT",
        "refused:",
    ]


def noted(**sent):
    return {test: (10 * len(shapes), frozenset(shapes)) for test, shapes in sent.items()}


def test_a_test_whose_every_statement_others_send_is_not_needed():
    notes = noted(large="abcde", small="ab", own="z", empty="")

    assert statements.covering(notes) == {"large", "own"}


def test_what_is_sent_anyhow_needs_no_test():
    notes = noted(large="abcde", own="z")

    assert statements.covering(notes, frozenset("abcde")) == {"own"}


def test_the_chosen_send_everything_and_are_the_same_each_time():
    notes = noted(**{f"test{number}": {f"shape{number * place % 97}" for place in range(12)} for number in range(80)})

    chosen = statements.covering(notes)

    assert set(chain(*(notes[test][1] for test in chosen))) == set(chain(*(shapes for _, shapes in notes.values())))
    assert len(chosen) < 40
    assert statements.covering(dict(reversed(notes.items()))) == chosen


class Item:
    """A test as pytest has collected it."""

    def __init__(self, name, fixturenames=(), path="reports/test_home.py", **markers):
        self.nodeid, self.fixturenames, self.markers = name, fixturenames, markers
        self.path = statements.TESTS / path

    def get_closest_marker(self, name):
        return self.markers.get(name)


def test_tests_without_a_note_about_one_database_or_with_real_transactions_are_always_needed():
    items = [
        Item("counts", django_db=pytest.mark.django_db().mark),
        Item("counts too"),
        Item("asks which database", path="test_lookups.py"),
        Item("of a module that asks", path="ballots/voting/test_casting.py"),
        Item("in real transactions", django_db=pytest.mark.django_db(transaction=True).mark),
        Item("in its fixture's", fixturenames=["transactional_db"]),
        Item("has no note"),
    ]
    notes = {item.nodeid: (1, frozenset({"SELECT"})) for item in items[:-1]}
    notes["counts"] = (1, frozenset({"SELECT", "UPDATE"}))
    notes["of another file"] = (1, frozenset({"DELETE"}))

    assert statements.needed(items, notes) == [items[0], *items[2:]]
    assert statements.needed(items, {}) == items


def test_a_test_that_did_not_pass_has_no_note(tmp_path):
    notes = statements.Notes()
    notes.test = "fails"
    notes.sends("SELECT")

    notes.forget("fails")
    notes.sends("ROLLBACK")
    notes.write(tmp_path / "notes.json")

    assert statements.read([tmp_path / "notes.json"]) == {}


@pytest.mark.django_db
def test_a_text_that_is_too_long_for_its_column_is_refused_by_each_database():
    unit = factories.make_organization()

    with pytest.raises(DataError), transaction.atomic():
        Member.objects.create(organization=unit, name="张" * 200)
    with pytest.raises(DataError), transaction.atomic():
        Member.objects.update(name="张" * 200)
