"""The rows that follow a count, over the whole province: opinions and their readings, ledgers, announcements, 小结, the trail."""

import time
from datetime import timedelta

from django.utils import timezone

from campaigns.models import Campaign, Poll
from reports.announcements.actions import publish_announcement
from reports.models import Announcement, Problem, Summary
from reports.report.filing import file_summary
from reports.scope import Scope

from .rows import follow_keys, growing, repeat_row

# A unit in so many has an announcement and a filed 小结: snapshots of all would take gigabytes.
FILED_OF = 50
TRAIL_OF_UNIT = 4


def follow_up(url: str) -> dict:
    """Rows of every kind after last year's count; how many of each, and how long it took."""
    started = time.perf_counter()
    campaign = Campaign.objects.order_by("pk").first()
    poll = campaign.polls.order_by("pk").first()
    patterns = {"announcement": _announced(poll), "summary": _filed(poll), "problem": _problem(poll)}
    with growing(url) as cursor:
        cursor.execute(
            "CREATE TEMP TABLE chosen AS SELECT p.id AS poll, p.organization_id AS id, p.path, "
            "p.names->>-1 AS name, t.id AS target FROM campaigns_poll p "
            "JOIN LATERAL (SELECT min(id) AS id FROM campaigns_target WHERE poll_id = p.id) t ON true "
            "WHERE p.campaign_id = %s AND p.id <> %s",
            [campaign.pk, poll.pk],
        )
        counts = {
            "opinions": _opinions(cursor),
            "problems": _problems(cursor, patterns["problem"]),
            "announcements": _announcements(cursor, patterns["announcement"]),
            "summaries": _summaries(cursor, patterns["summary"]),
            "trail": _trail(cursor),
        }
        follow_keys(cursor)
    return counts | {"seconds": round(time.perf_counter() - started, 1)}


def _announced(poll: Poll) -> Announcement:
    today = timezone.localdate()
    announcement = Announcement.objects.create(
        poll=poll,
        target_ids=list(poll.targets.values_list("pk", flat=True)),
        title="关于群众评议结果的公示",
        text="现将评议结果予以公示。",
        audience=Announcement.Audience.PUBLIC,
        starts_on=today,
        ends_on=today + timedelta(days=14),
        office="党委组织部",
        phone="010-12345678",
    )
    return publish_announcement(announcement, by=None, today=today)


def _filed(poll: Poll) -> Summary:
    return file_summary(Scope.of_poll(poll), by=None, today=timezone.localdate()).summary


def _problem(poll: Poll) -> Problem:
    return Problem.objects.create(
        organization=poll.organization, campaign=poll.campaign, content="办事大厅排队时间长", treatment="planned"
    )


def _opinions(cursor) -> int:
    """An opinion about each poll; the units with even keys have read theirs."""
    cursor.execute(
        "INSERT INTO ballots_opinion (id, target_id, kind, text) "
        "SELECT 4000000000 + ('x' || substr(md5(target::text), 1, 12))::bit(48)::bigint, target, 'suggestion', "
        "'建议' || name || '多听群众意见，办事窗口中午也有人' FROM chosen"
    )
    count = cursor.rowcount
    cursor.execute(
        "INSERT INTO reports_opinionreading (opinion_id, category, masked_text, is_set_aside, is_in_place, is_reasonable, "
        "is_effective, read_at) SELECT o.id, '', '', false, '', '', '', now() "
        "FROM ballots_opinion o JOIN chosen ON chosen.target = o.target_id WHERE chosen.id % 2 = 0"
    )
    return count


def _problems(cursor, problem: Problem) -> int:
    """A problem of every third unit with a measure and a change; most are closed, some are overdue."""
    state = "(ARRAY['closed','closed','closed','closed','closed','closed','underway','underway','done','registered'])"
    state += "[1 + u.id / 3 % 10]"
    closed = f"{state} = 'closed'"
    changes = {
        "id": "nextval(pg_get_serial_sequence('reports_problem', 'id'))",
        "organization_id": "u.id",
        "content": "'办事大厅排队时间长（' || u.id || '）'",
        "state": state,
        "reply": f"CASE WHEN {closed} THEN '已增开窗口' ELSE '' END",
        "done_on": f"CASE WHEN {closed} THEN current_date - 30 END",
        "closed_at": f"CASE WHEN {closed} THEN now() END",
        "due_on": "current_date - 60 + (u.id % 120)::int",
    }
    count = repeat_row(cursor, "reports_problem", problem.pk, "(SELECT * FROM chosen WHERE id % 3 = 0) u", changes)
    cursor.execute(
        "INSERT INTO reports_measure (problem_id, content, responsible_person, due_on, state, done_on) "
        "SELECT id, '增开一个窗口', '张三', due_on, CASE WHEN state IN ('closed', 'done') THEN 'done' ELSE 'underway' END, "
        "CASE WHEN state IN ('closed', 'done') THEN current_date - 40 END FROM reports_problem WHERE id <> %s",
        [problem.pk],
    )
    cursor.execute(
        "INSERT INTO reports_problemchange (problem_id, revision, text, changed_at) "
        "SELECT id, 1, '登记问题', now() FROM reports_problem WHERE id <> %s",
        [problem.pk],
    )
    return count


def _some(column: str = "id") -> str:
    return f"(SELECT * FROM chosen WHERE {column} % {FILED_OF} = 7) u"


def _announcements(cursor, announcement: Announcement) -> int:
    changes = {
        "id": "nextval(pg_get_serial_sequence('reports_announcement', 'id'))",
        "poll_id": "u.poll",
        "path": "u.path",
        "token": "md5(u.poll::text)",
        "target_ids": "jsonb_build_array(u.target, u.target + 1)",
    }
    return repeat_row(cursor, "reports_announcement", announcement.pk, _some(), changes)


def _summaries(cursor, summary: Summary) -> int:
    changes = {
        "id": "nextval(pg_get_serial_sequence('reports_summary', 'id'))",
        "poll_id": "u.poll",
        "path": "u.path",
    }
    count = repeat_row(cursor, "reports_summary", summary.pk, _some(), changes)
    changes = {"id": "nextval(pg_get_serial_sequence('reports_summaryversion', 'id'))", "summary_id": "u.id"}
    others = f"(SELECT id FROM reports_summary WHERE id <> {int(summary.pk)}) u"
    repeat_row(cursor, "reports_summaryversion", summary.versions.get().pk, others, changes)
    return count


def _trail(cursor) -> int:
    """Rows as they stand in the trail, whose digests are made up: who verifies the chain does not measure pages."""
    cursor.execute(
        "INSERT INTO campaigns_trailentry (number, at, user_id, account, role, place, unit, address, deed, route, "
        "object_kind, object_key, object_name, result, reason, before, digest) "
        "SELECT n, now() - make_interval(mins => (%(count)s - n)::int / 2), users.id, users.username, '党务干事', u.path, "
        "u.name, '10.1.2.3', (ARRAY['facts','batch','close','seal'])[1 + n %% 4], 'ballots:poll_seal', '评议点', u.poll::text, "
        "u.name, 'done', '', md5((n - 1)::text), md5(n::text) "
        "FROM (SELECT *, row_number() OVER (ORDER BY poll) AS place_of FROM chosen) u "
        "CROSS JOIN LATERAL generate_series((u.place_of - 1) * %(each)s + 1, u.place_of * %(each)s) n "
        "JOIN auth_user users ON users.username = 'secretary' || lpad(u.id::text, 6, '0')",
        {"each": TRAIL_OF_UNIT, "count": TRAIL_OF_UNIT * 102_000},
    )
    return cursor.rowcount
