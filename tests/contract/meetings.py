"""A poll at a site, and its count as the secretary makes it: over HTTP."""

import itertools
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from ballots.models import Ballot, SealedBox, TallyRow
from ballots.voting import codes
from campaigns.models import Poll
from tests.factories import PASSWORD, make_batch, make_open_poll, make_user

from .browsers import Desk, Phone

# Three grades and blank on seven lines tell 16,384 ballots apart, so that each can be followed.
INDICATORS = ("一", "二", "三", "四", "五", "六", "总体评价")
MARKS = "123-"


@dataclass
class Meeting:
    """An open poll with one batch of slips; the codes in clear are known to the test alone."""

    site: object
    poll_id: int
    batch_id: int
    slips: list[str]

    def phones(self, all_marks):
        """A phone for each code with everything filled in, ready to send."""
        pairs = zip(self.slips, all_marks, strict=True)
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda pair: Phone(self.site.port).prepare(*pair), pairs))

    def desk(self):
        return Desk(self.site.port).log_in("secretary", PASSWORD)

    def close_and_seal(self):
        desk = self.desk()
        self.close(desk)
        self.seal(desk)

    def close(self, desk):
        closed = desk.post(
            f"/polls/{self.poll_id}/close/",
            {"attended_count": "", f"batch-{self.batch_id}-issued": len(self.slips), "confirmed": "yes"},
        )
        assert (closed.status, closed.location) == (302, f"/polls/{self.poll_id}/"), closed

    def seal(self, desk):
        sealed = desk.post(f"/polls/{self.poll_id}/seal/", {})
        assert (sealed.status, sealed.location) == (302, f"/polls/{self.poll_id}/"), sealed

    def counted(self):
        """The contents of the sealed poll: the ballots in its box, and for each cell how often each mark was counted."""
        with self.site.database():
            assert Poll.objects.get(pk=self.poll_id).state == Poll.State.SEALED
            assert not Ballot.objects.exists()
            (box,) = SealedBox.objects.filter(batch=self.batch_id)
            rows = TallyRow.objects.filter(poll=self.poll_id).order_by("indicator__position")
            cells = [
                (row.grade_1_count, row.grade_2_count, row.grade_3_count, row.abstained_count, row.valid_count)
                for row in rows
            ]
        return sorted(box.content.split("\n")[1:]), cells


def make_meeting(site, *, voters):
    with site.database():
        poll = make_open_poll(indicators=INDICATORS)
        secretary = make_user("secretary", kind="secretary", organization=poll.organization)
        # As the server hashes passwords; the tests' own way is not one of its.
        secretary.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
        secretary.save()
        batch = make_batch(poll)
        lots = [min(codes.MAX_PRINTED, voters - made) for made in range(0, voters, codes.MAX_PRINTED)]
        return Meeting(site, poll.pk, batch.pk, [slip for lot in lots for slip in codes.make_slips(batch, lot)])


def different_marks(count, *, seed=3):
    """As many ballots, no two alike, in an order that has nothing to do with what is on them."""
    every = ["".join(marks) for marks in itertools.product(MARKS, repeat=len(INDICATORS))]
    return random.Random(seed).sample(every, count)


def count_cells(all_marks):
    """The counts that a tally of these ballots must give for each cell, counted one by one."""
    cells = [Counter(marks[cell] for marks in all_marks) for cell in range(len(INDICATORS))]
    return [(*(cell[mark] for mark in MARKS), len(all_marks)) for cell in cells]


def at_once(deeds):
    """Do everything at the same moment, each in a thread of its own; what each returned."""
    start = Barrier(len(deeds))

    def run(deed):
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def side_by_side(deeds, count):
    """Do everything, so many at a time; what each returned."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda deed: deed(), deeds))
