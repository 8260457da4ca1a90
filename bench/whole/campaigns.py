"""Three campaigns over the whole province: last year's, which is sealed; this year's, under way; and the next, in preparation.

A poll or two of each go through the application's own deeds; the others are written after them in the database.
"""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import boxes, closing, sealing, tally
from ballots.models import Batch, SealedBox, TallyRow
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.models import Campaign, Indicator, Organization, Poll

from ..databases import load_rows
from .rows import follow_keys, growing, repeat_row

SHAPES = 97
MARKS, CALM, ANGRY = "123-", (0.94, 0.045, 0.01, 0.005), (0.3, 0.2, 0.45, 0.05)
SLIPS_MADE = 30
# Of twenty units in this year's campaign so many are sealed and closed; the others but one are open.
SEALED_OF_TWENTY, CLOSED_OF_TWENTY = 4, 2
PLACES = ("unit", "path", "batch", "target", "salt")


def hold(url: str) -> dict:
    """All three campaigns; how many ballots they hold, and how long it took."""
    started = time.perf_counter()
    counts = _sealed_year(url) | _running_year(url) | _next_year(url)
    return counts | {"seconds": round(time.perf_counter() - started, 1)}


def _campaign(title: str, year: int, *, starts_on, ends_on) -> Campaign:
    campaign = actions.create_campaign(
        organizer=Organization.objects.get(pk=1),
        appraisal="company-two-forms",
        title=title,
        period=f"{year}年度",
        by=None,
        starts_on=starts_on,
        ends_on=ends_on,
        is_stopped_on_time=False,  # measured on any day
    )
    Indicator.objects.create(
        questionnaire=campaign.questionnaires.last(), text="总体评价", is_overall=True, position=99
    )
    return campaign


def _sealed_year(url: str) -> dict:
    year = timezone.localdate().year - 1
    dates = {"starts_on": f"{year}-11-01", "ends_on": f"{year}-11-30"}
    campaign, (poll,) = _opened(_campaign(f"{year}年度群众评议", year, **dates), 1)
    _finish(poll, is_sealed=True)
    with growing(url) as cursor:
        counts = _Spread(cursor, Poll.objects.get(pk=poll.pk), shapes=_shapes(poll)).write("true", is_sealed=True)
        follow_keys(cursor)
    Poll.objects.filter(campaign=campaign).update(erased_at=timezone.now())
    return {"sealed_ballots": counts["ballots"], "sealed_boxes": counts["boxes"]}


def _running_year(url: str) -> dict:
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=10), "ends_on": today + timedelta(days=20)}
    _, (sealed, closed, open_, left) = _opened(_campaign(f"{today.year}年度群众评议", today.year, **dates), 4)
    _finish(sealed, is_sealed=True)
    _finish(closed, is_sealed=False)
    batch = _batch(open_, Batch.Method.SLIPS)
    codes.make_slips(batch, SLIPS_MADE)
    Poll.objects.filter(pk=left.pk).update(state="preparing", form=None)
    shapes = _shapes(sealed)
    place, ends = "u.n % 20", SEALED_OF_TWENTY + CLOSED_OF_TWENTY
    with growing(url) as cursor:
        counts = _Spread(cursor, Poll.objects.get(pk=sealed.pk), shapes).write(
            f"{place} < {SEALED_OF_TWENTY}", is_sealed=True
        )
        _Spread(cursor, Poll.objects.get(pk=closed.pk), shapes).write(
            f"{place} >= {SEALED_OF_TWENTY} AND {place} < {ends}", with_ballots=True
        )
        _Spread(cursor, Poll.objects.get(pk=open_.pk), shapes).write(f"{place} >= {ends} AND {place} < 19")
        _Spread(cursor, Poll.objects.get(pk=left.pk), shapes).write(f"{place} = 19")
        cursor.execute(
            "INSERT INTO ballots_code (digest, batch_id) SELECT b.id * 1000 + n, b.id FROM ballots_batch b "
            "JOIN campaigns_poll p ON p.id = b.poll_id, generate_series(1, %s) n "
            "WHERE p.state = 'open' AND b.id <> %s",
            [SLIPS_MADE, batch.pk],
        )
        cursor.execute("SELECT count(*) FROM ballots_ballot")
        counts["lying"] = cursor.fetchone()[0]
        follow_keys(cursor)
    return {"running_ballots": counts["ballots"] + counts["lying"], "running_boxes": counts["boxes"]}


def _next_year(url: str) -> dict:
    today = timezone.localdate()
    dates = {"starts_on": today + timedelta(days=300), "ends_on": today + timedelta(days=330)}
    campaign = _campaign(f"{today.year + 1}年度群众评议", today.year + 1, **dates)
    (poll,) = actions.make_polls(campaign, _units_opened(1))
    with growing(url) as cursor:
        _Spread(cursor, poll, []).write("true")
        follow_keys(cursor)
    return {"preparing_polls": campaign.polls.count()}


def _units_opened(count: int) -> Sequence[Organization]:
    """The last branches, after which the others are written."""
    return Organization.objects.filter(kind="branch").order_by("-pk")[:count]


def _opened(campaign: Campaign, count: int) -> tuple[Campaign, list[Poll]]:
    actions.make_polls(campaign, _units_opened(count))
    ballot_actions.open_campaign(campaign, by=None)
    return campaign, list(campaign.polls.order_by("pk"))


def _batch(poll: Poll, method: str) -> Batch:
    return ballot_actions.add_batch(poll, channel="meeting", category=poll.campaign.categories.last(), method=method)


def _finish(poll: Poll, *, is_sealed: bool) -> None:
    """Thirty ballots, counted and closed."""
    batch = _batch(poll, Batch.Method.ENTERED)
    count = casting.record_ballots(batch=batch, marks=[("1" * 9, 30)])
    closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(issued=count, returned=count)})
    if is_sealed:
        sealing.seal(poll, by=None)


@dataclass(frozen=True)
class BallotShape:
    """The ballots of one unit, as many units have them: the lines of each section, and the whole ballots."""

    count: int
    sections: tuple[list[str], ...]


def _shapes(poll: Poll) -> list[BallotShape]:
    """So many piles of ballots, among them a very small one and some that are dissatisfied."""
    chance, lengths = random.Random(13), [len(section.indicators) for section in poll.ballot_form.sections]
    shapes = []
    for number in range(SHAPES):
        count = 2 if number == 50 else 20 + number * 7919 % 41
        weights = ANGRY if number % 32 == 31 else CALM
        sections = tuple(
            ["".join(chance.choices(MARKS, weights, k=length)) for _ in range(count)] for length in lengths
        )
        shapes.append(BallotShape(count, sections))
    return shapes


class _Spread:
    """Rows of a poll, to be written again for other units of the province."""

    def __init__(self, cursor, poll: Poll, shapes: list[BallotShape]):
        self._cursor, self._poll = cursor, poll
        self._targets = list(poll.targets.order_by("position", "pk").values_list("pk", flat=True))
        self._batch = poll.batches.first()
        self._shapes = shapes

    def write(self, condition: str, *, is_sealed: bool = False, with_ballots: bool = False) -> dict[str, int]:
        """Polls of the units for which a condition on their number `u.n` holds; the ballots and boxes that were written."""
        self._choose(condition)
        self._write_polls()
        counts = {"ballots": 0, "boxes": 0}
        if self._batch:
            self._write_batches()
        if is_sealed:
            counts = self._write_boxes()
        elif with_ballots:
            self._write_ballots()
        return counts

    def _choose(self, condition: str) -> None:
        """The chosen units, numbered from 0, with the keys that their rows get and the pile of ballots that they have."""
        self._cursor.execute("DROP TABLE IF EXISTS chosen")
        self._cursor.execute(
            "CREATE TEMP TABLE chosen AS SELECT u.*, row_number() OVER (ORDER BY u.n) - 1 AS place, "
            "(SELECT max(id) FROM campaigns_poll) + row_number() OVER (ORDER BY u.n) AS poll, "
            "(SELECT max(id) FROM campaigns_target) + 1 + (row_number() OVER (ORDER BY u.n) - 1) * %s AS target, "
            "coalesce((SELECT max(id) FROM ballots_batch), 0) + row_number() OVER (ORDER BY u.n) AS batch "
            f"FROM (SELECT id AS n, * , (id * 31) %% {SHAPES} AS shape FROM campaigns_organization "
            "WHERE id > 1 AND id NOT IN (SELECT organization_id FROM campaigns_poll WHERE campaign_id = %s)) u "
            f"WHERE {condition.replace('%', '%%')}",
            [len(self._targets), self._poll.campaign_id],
        )
        self._cursor.execute("ANALYZE chosen")

    def _write_polls(self) -> None:
        names = (
            "(SELECT jsonb_agg(a.name ORDER BY a.path) FROM campaigns_organization a "
            "WHERE a.id IN (SELECT substr(u.path, 8 * s - 7, 8)::int FROM generate_series(1, length(u.path) / 8) s))"
        )
        changes = {"id": "u.poll", "organization_id": "u.id", "path": "u.path"}
        if self._poll.names:
            changes |= {"names": names, "unit_kind": "u.kind"}
        if self._poll.form:
            form = "p.form"
            for place in range(len(self._targets)):
                form = f"jsonb_set({form}, '{{sections,{place},id}}', to_jsonb(u.target + {place}))"
            changes["form"] = f"jsonb_set({form}, '{{sections,0,name}}', to_jsonb(u.name))"
        repeat_row(self._cursor, "campaigns_poll", self._poll.pk, "chosen u", changes)
        for place, key in enumerate(self._targets):
            changes = {"id": f"u.target + {place}", "poll_id": "u.poll"}
            changes["organization_id"] = "CASE WHEN p.organization_id IS NULL THEN NULL ELSE u.id END"
            if place == 0:
                changes["name"] = "u.name"
            repeat_row(self._cursor, "campaigns_target", key, "chosen u", changes)

    def _write_batches(self) -> None:
        changes = {"id": "u.batch", "poll_id": "u.poll"}
        if self._batch.issued_count is not None:
            values = ", ".join(f"({number}, {shape.count})" for number, shape in enumerate(self._shapes))
            counts = f"JOIN (VALUES {values}) AS counted(shape, count) USING (shape)"
            changes |= {"issued_count": "u.count", "returned_count": "u.count"}
            source = f"(SELECT * FROM chosen {counts}) u"
        else:
            source = "chosen u"
        repeat_row(self._cursor, "ballots_batch", self._batch.pk, source, changes)

    def _write_ballots(self) -> None:
        self._cursor.execute("DROP TABLE IF EXISTS pile")
        self._cursor.execute("CREATE TEMP TABLE pile (shape int, number int, marks text)")
        rows = (
            (number, place, "".join(parts))
            for number, shape in enumerate(self._shapes)
            for place, parts in enumerate(zip(*shape.sections, strict=True))
        )
        load_rows(self._cursor, "pile", "shape,number,marks", rows)
        self._cursor.execute(
            "INSERT INTO ballots_ballot (id, batch_id, marks) "
            "SELECT u.batch * 1000 + p.number + 3000000000, u.batch, p.marks FROM chosen u JOIN pile p USING (shape)"
        )

    def _write_boxes(self) -> dict[str, int]:
        sections = self._poll.ballot_form.sections
        heads = {
            box.target_id: json.loads(box.content.partition("\n")[0])
            for box in SealedBox.objects.filter(batch=self._batch)
        }
        self._cursor.execute("DROP TABLE IF EXISTS box, cell")
        self._cursor.execute("CREATE TEMP TABLE box (shape int, place int, head text, lines text, count int)")
        self._cursor.execute(
            "CREATE TEMP TABLE cell (shape int, place int, indicator bigint, one int, two int, three int, none int, valid int)"
        )
        boxes_of, cells_of = [], []
        for number, shape in enumerate(self._shapes):
            for place, (section, lines) in enumerate(zip(sections, shape.sections, strict=True)):
                head = heads[section.id] | {name: f"§{name}§" for name in PLACES}
                text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).replace('"§batch§"', "§batch§")
                # Two backslashes become one in COPY.
                boxes_of.append((number, place, text, "\n".join(sorted(lines)), len(lines)))
                counted = tally.count_sections(lines, boxes.section_grades(section), len(section.indicators))
                cells_of += [
                    (number, place, indicator.id, *cell.grades, cell.abstained, len(lines))
                    for indicator, cell in zip(section.indicators, counted, strict=True)
                ]
        load_rows(self._cursor, "box", "shape,place,head,lines,count", boxes_of)
        load_rows(self._cursor, "cell", "shape,place,indicator,one,two,three,none,valid", cells_of)
        return {"boxes": self._fill_boxes(), "ballots": self._fill_rows()}

    def _fill_boxes(self) -> int:
        content = "head"
        for name, value in (
            ("unit", "u.name"),
            ("path", "u.path"),
            ("batch", "u.batch::text"),
            ("target", "t.name"),
            ("salt", "md5(u.batch || 's' || t.id)"),
        ):
            content = f"replace({content}, '§{name}§', {value})"
        self._cursor.execute(
            "INSERT INTO ballots_sealedbox (batch_id, target_id, content, sha256, sm3, ballot_count) "
            "SELECT batch, target, content, encode(sha256(convert_to(content, 'UTF8')), 'hex'), '', count FROM "
            f"(SELECT u.batch, t.id AS target, {content} || E'\\n' || b.lines AS content, b.count "
            "FROM chosen u JOIN box b USING (shape) JOIN campaigns_target t ON t.id = u.target + b.place) written"
        )
        return self._cursor.rowcount

    def _fill_rows(self) -> int:
        """The tally rows; returns the number of ballots."""
        key = TallyRow.objects.filter(poll=self._poll).order_by("pk").values_list("pk", flat=True)[0]
        changes = {
            "id": "nextval(pg_get_serial_sequence('ballots_tallyrow', 'id'))",
            "poll_id": "u.poll",
            "target_id": "u.target + u.place_of",
            "indicator_id": "u.indicator",
            "valid_count": "u.valid",
            "grade_1_count": "u.one",
            "grade_2_count": "u.two",
            "grade_3_count": "u.three",
            "abstained_count": "u.none",
        }
        source = "(SELECT c.*, cell.place AS place_of, indicator, one, two, three, none, valid FROM chosen c JOIN cell USING (shape)) u"
        repeat_row(self._cursor, "ballots_tallyrow", key, source, changes)
        self._cursor.execute("SELECT sum(count) FROM chosen JOIN box USING (shape) WHERE box.place = 0")
        return int(self._cursor.fetchone()[0] or 0)
