"""A province of 102,000 units: its sealed boxes, and the same answers in a table of one row each.

A single unit is appraised through the application's own deeds; the others are written after its pattern in bulk.
"""

import contextlib
import io
import json
import random
import resource
import time
from itertools import accumulate, product
from math import prod

from django.core.management import call_command

from ballots import actions as ballot_actions
from ballots.counting import boxes, closing, sealing
from ballots.models import Batch, SealedBox
from ballots.voting import casting
from campaigns import actions
from campaigns.models import Indicator, Poll

from . import answers
from .databases import connect, load_rows, loading

PROVINCE = 102_000
UNITS_AT_ONCE = 2_000
MARKS, WEIGHTS = "123-", (0.94, 0.045, 0.01, 0.005)


def ballots_in(unit: int) -> int:
    """20 to 61 ballots, 40.3 on average: 4.1 million ballots in a province."""
    return 20 + unit * 7919 % 41 + (unit % 3 == 0)


def generate(url: str, units: int) -> dict:
    """A sealed campaign of so many units; returns its size and the time it took."""
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    # The pattern is the unit before the first; it is taken away in the end.
    pattern = _Pattern(url, _one_poll())
    totals = {"units": units, "ballots": 0, "boxes": 0}
    with loading(url) as cursor:
        answers.make_tables(cursor, pattern.cells())
        for first in range(1, units + 1, UNITS_AT_ONCE):
            chunk = range(first, min(units + 1, first + UNITS_AT_ONCE))
            for table, rows in pattern.rows(chunk, totals).items():
                load_rows(cursor, table, *rows)
        totals["answers"] = answers.fill(cursor)
        pattern.delete(cursor)
    return totals | {"seconds": time.perf_counter() - started}


def recount_whole(url: str) -> dict:
    """Count the whole province again and compare it with what was written and with the sums of every unit."""
    started, worked = time.perf_counter(), _processor_seconds()
    printed = io.StringIO()
    # An exit with an error where a figure differs.
    call_command("recount", stdout=printed)
    return {
        "seconds": time.perf_counter() - started,
        # Of all its processes; those of the database are not among them.
        "cpu_seconds": _processor_seconds() - worked,
        "largest_child_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6, 1),
        "polls": printed.getvalue().count("\t一致\n"),
    }


def _processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _one_poll() -> Poll:
    """A sealed poll of the first unit, with nine answers on a ballot."""
    province = actions.add_organization(name="某省委", kind="committee")
    unit = actions.add_organization(name="第000000党支部", kind="branch", parent=province)
    campaign = actions.create_campaign(
        organizer=province,
        appraisal="company-two-forms",
        title="全省评议",
        period="2026年度",
        by=None,
        starts_on="2026-11-01",
        ends_on="2026-11-30",
        is_stopped_on_time=False,  # measured on any day
    )
    Indicator.objects.create(
        questionnaire=campaign.questionnaires.last(), text="总体评价", is_overall=True, position=99
    )
    actions.make_polls(campaign, [unit])
    ballot_actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    batch = ballot_actions.add_batch(
        poll, channel="meeting", category=campaign.categories.last(), method=Batch.Method.ENTERED
    )
    count = casting.record_ballots(batch=batch, marks=[("1" * 9, 30)])
    closing.close(poll, by=None, attended=None, facts={batch.pk: closing.BatchFacts(issued=count, returned=count)})
    sealing.seal(poll, by=None)
    return poll


class _Pattern:
    """The rows of one poll, to be written again for other units."""

    def __init__(self, url: str, poll: Poll):
        self._form = poll.form
        self._targets = list(poll.targets.values_list("pk", "questionnaire"))
        self._indicators = [
            [indicator["id"] for indicator in section["indicators"]] for section in poll.form["sections"]
        ]
        own_boxes = list(SealedBox.objects.filter(batch__poll=poll).order_by("pk"))
        self._heads = [json.loads(box.content.partition("\n")[0]) for box in own_boxes]
        (batch,) = poll.batches.all()
        self._next_box = own_boxes[-1].pk + 1
        self._first = {"unit": poll.organization_id, "poll": poll.pk, "batch": batch.pk, "target": self._targets[-1][0]}
        # Drawn from all possible sections at once: a draw for each mark would take minutes.
        self._sections = [_possible_sections(len(indicators)) for indicators in self._indicators]
        with contextlib.closing(connect(url)) as connection:
            cursor = connection.cursor()
            self._unit = _row(cursor, "campaigns_organization", poll.organization_id)
            self._poll = _row(cursor, "campaigns_poll", poll.pk)
            self._target_rows = [_row(cursor, "campaigns_target", pk) for pk, _ in self._targets]
            self._batch = _row(cursor, "ballots_batch", batch.pk)
            self._tally_rows = [
                [_row(cursor, "ballots_tallyrow", row.pk) for row in poll.tally_rows.filter(target=pk).order_by("pk")]
                for pk, _ in self._targets
            ]
        self._next_row = max(row["id"] for rows in self._tally_rows for row in rows) + 1
        self._root_path, self._root_name = poll.campaign.path, poll.campaign.organizer_name

    def cells(self):
        """Where in a section each indicator's mark stands."""
        for (_, questionnaire), indicators in zip(self._targets, self._indicators, strict=True):
            yield from ((questionnaire, position, indicator) for position, indicator in enumerate(indicators, start=1))

    def delete(self, cursor) -> None:
        """Take away the poll that the others were written after: it has no answers."""
        poll, batch = int(self._first["poll"]), int(self._first["batch"])
        for table, column, key in (
            ("ballots_sealedbox", "batch_id", batch),
            ("ballots_tallyrow", "poll_id", poll),
            ("ballots_batch", "id", batch),
            ("campaigns_target", "poll_id", poll),
            ("campaigns_poll", "id", poll),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = {key}")  # noqa: S608  our own names

    def rows(self, units: range, totals: dict) -> dict[str, tuple[str, list]]:
        """For each table its columns and the rows of these units."""
        written = {table: [] for table in ("unit", "poll", "target", "batch", "box", "row", "section")}
        for unit in units:
            self._write(unit, written, totals)
        return {
            "campaigns_organization": (",".join(self._unit), written["unit"]),
            "campaigns_poll": (",".join(self._poll), written["poll"]),
            "campaigns_target": (",".join(self._target_rows[0]), written["target"]),
            "ballots_batch": (",".join(self._batch), written["batch"]),
            "ballots_sealedbox": ("id,batch_id,target_id,content,sha256,sm3,ballot_count", written["box"]),
            "ballots_tallyrow": (",".join(self._tally_rows[0][0]), written["row"]),
            "section": ("ballot_id,target_id,questionnaire_id,marks", written["section"]),
        }

    def _write(self, unit: int, written: dict, totals: dict) -> None:
        name, count = f"第{unit:06d}党支部", ballots_in(unit)
        organization, poll, batch = (self._first[key] + unit for key in ("unit", "poll", "batch"))
        target = self._first["target"] + 1 + (unit - 1) * len(self._targets)
        path = self._root_path + str(organization).zfill(8)
        written["unit"].append(tuple((self._unit | {"id": organization, "name": name, "path": path}).values()))
        sections = [
            section | {"id": target + place, "name": name if place == 0 else section["name"]}
            for place, section in enumerate(self._form["sections"])
        ]
        form = json.dumps({"sections": sections})
        names = json.dumps([self._root_name, name], ensure_ascii=False)
        own = {"id": poll, "organization_id": organization, "form": form, "path": path, "names": names}
        written["poll"].append(tuple((self._poll | own).values()))
        own = {"id": batch, "poll_id": poll, "issued_count": count, "returned_count": count}
        written["batch"].append(tuple((self._batch | own).values()))
        chance = random.Random(unit)
        for place, (row, head) in enumerate(zip(self._target_rows, self._heads, strict=True)):
            section = sections[place]
            own = {"id": target + place, "poll_id": poll, "name": section["name"], "organization_id": organization}
            written["target"].append(tuple((row | own).values()))
            marks = chance.choices(self._sections[place][0], cum_weights=self._sections[place][1], k=count)
            questionnaire = self._targets[place][1]
            first = totals["ballots"] + 1
            written["section"] += [(first + at, target + place, questionnaire, mark) for at, mark in enumerate(marks)]
            salt = f"{chance.getrandbits(128):032x}"
            own = {"unit": name, "path": path, "batch": batch, "target": section["name"], "salt": salt}
            content = "\n".join([json.dumps(head | own, ensure_ascii=False, separators=(",", ":")), *sorted(marks)])
            digests = boxes.box_digest(content), boxes.box_sm3(content)
            written["box"].append((self._next_box, batch, target + place, content, *digests, count))
            self._next_box += 1
            for row, column in zip(self._tally_rows[place], zip(*marks, strict=True), strict=True):
                counts = {f"grade_{mark}_count": column.count(mark) for mark in MARKS[:-1]}
                counts |= {"valid_count": count, "abstained_count": column.count(MARKS[-1])}
                own = {"id": self._next_row, "poll_id": poll, "target_id": target + place}
                written["row"].append(tuple((row | own | counts).values()))
                self._next_row += 1
            totals["boxes"] += 1
        totals["ballots"] += count


def _row(cursor, table: str, key: int) -> dict:
    cursor.execute(f"SELECT * FROM {table} WHERE id = {key}")  # noqa: S608  our own names
    return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


def _possible_sections(cells: int) -> tuple[list[str], list[float]]:
    """Every section that so many cells can bear, and the running sum of their probabilities."""
    possible = ["".join(marks) for marks in product(MARKS, repeat=cells)]
    weights = dict(zip(MARKS, WEIGHTS, strict=True))
    return possible, list(accumulate(prod(weights[mark] for mark in section) for section in possible))
