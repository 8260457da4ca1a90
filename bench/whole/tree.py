"""The province: units on five levels, their members, commitments and accounts."""

import time
from dataclasses import dataclass

from django.core.management import call_command

from .rows import follow_keys, growing

MEMBERS_OF_BRANCH = 12
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂鹏辉鑫宇博"
NAMES = (("某省委", 1), ("第{:02d}市委", 2), ("第{:03d}县委", 3), ("第{:04d}镇党委", 4), ("第{:06d}党支部", 6))
# The branch that the walk opens, counted from the first of the first county; its opinions, problems and people are of every kind.
OPENED = 1


@dataclass(frozen=True)
class Levels:
    """How many units each level has, the province first."""

    counts: tuple[int, ...]

    @classmethod
    def of(cls, units: int) -> "Levels":
        cities, counties, towns = max(2, units // 5000), max(4, units // 500), max(8, units // 25)
        return cls((1, cities, counties, towns, units - 1 - cities - counties - towns))

    def first(self, level: int) -> int:
        """The key of the first unit of a level."""
        return 1 + sum(self.counts[:level])


def plant(url: str, units: int) -> dict:
    """A migrated database with the province's units, people and promises; how many of each, and how long it took."""
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    levels = Levels.of(units)
    with growing(url) as cursor:
        counts = {"units": _units(cursor, levels), "members": _members(cursor, levels)}
        counts |= {"commitments": _commitments(cursor, levels), "accounts": _accounts(cursor, levels)}
        follow_keys(cursor)
    return counts | {"seconds": round(time.perf_counter() - started, 1)}


def _units(cursor, levels: Levels) -> int:
    cursor.execute(
        "INSERT INTO campaigns_organization (id, name, kind, parent_id, path, is_active) "
        "VALUES (1, '某省委', 'committee', NULL, '00000001', true)"
    )
    for level in range(1, 5):
        (name, kind) = (NAMES[level][0].partition("{")[0], "branch" if level == 4 else "committee")
        ending = NAMES[level][0].partition("}")[2]
        count, above = levels.counts[level], levels.counts[level - 1]
        cursor.execute(
            "INSERT INTO campaigns_organization (id, name, kind, parent_id, path, is_active) "
            "SELECT %(first)s + n, %(name)s || lpad((n + 1)::text, %(digits)s, '0') || %(ending)s, %(kind)s, o.id, "
            "o.path || lpad((%(first)s + n)::text, 8, '0'), true "
            "FROM generate_series(0, %(count)s - 1) n "
            "JOIN campaigns_organization o ON o.id = %(above)s + n * %(parents)s / %(count)s",
            {
                "first": levels.first(level),
                "above": levels.first(level - 1),
                "count": count,
                "parents": above,
                "name": name,
                "ending": ending,
                "kind": kind,
                "digits": NAMES[level][1],
            },
        )
    return sum(levels.counts)


def _members(cursor, levels: Levels) -> int:
    """Names of three characters, of which the last tells the people of a branch apart."""
    cursor.execute(
        "INSERT INTO campaigns_member (id, organization_id, name, status, post, is_active) "
        "SELECT n * %(each)s + m + 1, %(first)s + n, "
        "substr(%(surnames)s, 1 + (n * 7 + m * 3) %% 20, 1) || substr(%(given)s, 1 + (n * 13 + m) %% 29, 1) || "
        "substr(%(given)s, 1 + m, 1), 'full', CASE m WHEN 0 THEN 'secretary' WHEN 1 THEN 'deputy' ELSE 'member' END, true "
        "FROM generate_series(0, %(branches)s - 1) n, generate_series(0, %(each)s - 1) m",
        {
            "each": MEMBERS_OF_BRANCH,
            "first": levels.first(4),
            "surnames": SURNAMES,
            "given": GIVEN,
            "branches": levels.counts[4],
        },
    )
    return cursor.rowcount


def _commitments(cursor, levels: Levels) -> int:
    """A promise of each member and of each unit; a third is fulfilled, some are overdue."""
    cursor.execute(
        "INSERT INTO campaigns_commitment (organization_id, member_id, kind, content, due_on, status, fulfilled_on, note) "
        "SELECT organization_id, id, 'promise', '办好第' || id || '件实事，方便群众', date '2026-12-31' - (id %% 400)::int, "
        "CASE WHEN id %% 3 = 0 THEN 'fulfilled' ELSE 'ongoing' END, "
        "CASE WHEN id %% 3 = 0 THEN date '2026-10-01' END, '' FROM campaigns_member "
        "UNION ALL SELECT id, NULL, 'promise', '修好门前的路', date '2026-12-31', 'ongoing', NULL, '' "
        "FROM campaigns_organization",
        {},
    )
    return cursor.rowcount


def _accounts(cursor, levels: Levels) -> int:
    """A secretary for each unit, an officer for each committee."""
    below = levels.first(4)
    for kind, limit in (("secretary", sum(levels.counts) + 1), ("officer", below)):
        cursor.execute(
            "WITH made AS (INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, "
            "is_active, date_joined) SELECT '!', false, %(kind)s || lpad(id::text, 6, '0'), '经办人' || id, '', '', false, true, "
            "timestamptz '2026-01-05 09:00+08' FROM campaigns_organization WHERE id < %(limit)s RETURNING id, username) "
            "INSERT INTO campaigns_role (user_id, organization_id, kind) "
            "SELECT id, substr(username, length(%(kind)s) + 1)::int, %(kind)s FROM made",
            {"kind": kind, "limit": limit},
        )
    return sum(levels.counts) + below - 1
