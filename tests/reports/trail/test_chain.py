"""The chain shows a changed, a removed and an inserted row; writers at once make one chain."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from campaigns.models import TrailEntry
from reports.trail.chain import TrailFault, chain_end, entry_digest, faults, faults_at_end, is_known
from reports.trail.objects import ThingInTrail
from tests.factories import make_user

from .rows import leave, without_triggers

COPY = ", ".join(field.column for field in TrailEntry._meta.concrete_fields if field.name not in ("number", "before"))


@pytest.mark.django_db
def test_rows_follow_each_other_and_an_untouched_chain_holds():
    first, second = leave(user=make_user("zhang")), leave("li", reason="核对")

    assert [(row.number, row.before) for row in (first, second)] == [(1, ""), (2, first.digest)]
    assert TrailEntry.objects.get(number=2).digest == entry_digest(TrailEntry.objects.get(number=2))
    assert list(faults()) == []
    assert is_known(1, first.digest) and not is_known(1, second.digest)


@pytest.mark.django_db
@pytest.mark.parametrize("column", [field.column for field in TrailEntry._meta.concrete_fields])
def test_a_change_of_any_column_shows(column):
    for _ in range(3):
        leave()
    another = {"number": "9", "user_id": str(make_user().pk), "at": "'2020-01-01 00:00:00+00:00'"}.get(
        column, "'seal1'"
    )
    if column in ("deed", "result"):
        another = {"deed": "'void'", "result": "'refused'"}[column]

    with without_triggers() as cursor:
        cursor.execute(f"UPDATE campaigns_trailentry SET {column} = {another} WHERE number = 2")

    assert list(faults()) != []


@pytest.mark.django_db
def test_a_removed_and_an_inserted_row_show_where_they_are():
    for _ in range(4):
        leave()

    with without_triggers() as cursor:
        cursor.execute("DELETE FROM campaigns_trailentry WHERE number = 2")
    removed = list(faults())
    with without_triggers() as cursor:
        cursor.execute(
            f"INSERT INTO campaigns_trailentry (number, before, {COPY})"
            f" SELECT 2, 'forged', {COPY} FROM campaigns_trailentry WHERE number = 4"
        )

    assert removed == [TrailFault(3, "它前面缺少第2条到第2条")]
    assert [fault.number for fault in faults()] == [2, 2, 3]


@pytest.mark.django_db
def test_the_command_names_the_row_and_a_cut_end_shows_against_a_row_that_was_written_down(capsys):
    for _ in range(3):
        leave()
    end = chain_end()
    known = f"{end.number}:{end.digest}"
    call_command("audit", "--verify", "--known", known)
    assert known in capsys.readouterr().out

    with without_triggers() as cursor:
        cursor.execute("DELETE FROM campaigns_trailentry WHERE number = 3")
    call_command("audit", "--verify")
    with pytest.raises(CommandError, match="1处不符"):
        call_command("audit", "--verify", "--known", known)
    with without_triggers() as cursor:
        cursor.execute("UPDATE campaigns_trailentry SET account = 'li' WHERE number = 1")
    with pytest.raises(CommandError, match="1处不符"):
        call_command("audit", "--verify")

    assert "第1条\t内容与摘要不符" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_end_of_the_chain_is_looked_at_without_what_is_before_it(django_assert_num_queries):
    for _ in range(5):
        leave()

    with without_triggers() as cursor:
        cursor.execute("UPDATE campaigns_trailentry SET account = 'li' WHERE number = 2")
    with django_assert_num_queries(3):
        near = list(faults_at_end(3))
    with without_triggers() as cursor:
        cursor.execute("DELETE FROM campaigns_trailentry WHERE number = 3")

    assert near == []
    assert [[fault.number for fault in faults_at_end(count)] for count in (2, 3, 9)] == [[4], [2, 4], [2, 4]]


@pytest.mark.django_db
def test_a_text_that_is_too_long_keeps_both_ends():
    row = leave(thing=ThingInTrail("党组织", "1", f"甲{'长' * 300}乙"), address="")

    assert (len(row.object_name), row.object_name[0], row.object_name[-1]) == (200, "甲", "乙")
    assert list(faults()) == []


@pytest.mark.slow
@pytest.mark.database
def test_writers_at_once_make_one_chain(transactional_db):
    def write(number):
        try:
            return leave(f"writer{number}").number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(write, range(30)))

    assert sorted(numbers) == list(range(1, 31))
    assert list(faults()) == []
    assert connection.vendor in ("sqlite", "postgresql")
