"""Numbers of sealed polls that are added along the tree, and how the database adds those of a part of it.

A part is a unit of one level with all below it; whoever asks has put it on each row as `part`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import add
from typing import Any

from django.db.models import Count, Exists, Field, OuterRef, Q, QuerySet, Sum

from ballots.counting import tally
from ballots.models import Batch
from campaigns.library import MOST_GRADES
from campaigns.models import Campaign

GRADE_PLACES = range(1, MOST_GRADES + 1)
# The driver gives whole numbers: to make them of each once more would take longer than to read them.
_AS_GIVEN: Any = Field()
CELL_SUMS = {
    **{f"grade_{place}": Sum(f"grade_{place}_count", output_field=_AS_GIVEN) for place in GRADE_PLACES},
    "unknown": Sum("unknown_count", output_field=_AS_GIVEN),
    "abstained": Sum("abstained_count", output_field=_AS_GIVEN),
    "spoiled": Sum("spoiled_count", output_field=_AS_GIVEN),
}
NO_COUNTS = (0,) * len(CELL_SUMS)
PEOPLE = (Campaign.Base.ATTENDED, Campaign.Base.ENTITLED)


@dataclass
class UnitSum:
    """The sums that are added from level to level."""

    units: int = 0
    units_sealed: int = 0
    meetings: int = 0
    sheets: tally.Sheets = field(default_factory=lambda: tally.Sheets(attended=0, entitled=0))
    # The same papers by channel, without people.
    channels: dict[str, tally.Sheets] = field(default_factory=lambda: defaultdict(tally.Sheets))
    # By questionnaire: how many polls asked it, and the papers that carried it, once for each target.
    polls: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    papers: dict[int, tally.Sheets] = field(
        default_factory=lambda: defaultdict(lambda: tally.Sheets(attended=0, entitled=0))
    )
    cells: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [*NO_COUNTS]))
    # By indicator: blanks that persons left in their own rows, where nobody appraises themselves.
    own: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, other: "UnitSum") -> None:
        self.units += other.units
        self.units_sealed += other.units_sealed
        self.meetings += other.meetings
        self.sheets += other.sheets
        for channel, sheets in other.channels.items():
            self.channels[channel] += sheets
        for key, count in other.polls.items():
            self.polls[key] += count
        for key, papers in other.papers.items():
            self.papers[key] += papers
        for key, count in other.own.items():
            self.own[key] += count
        for key, counts in other.cells.items():
            self.cells[key] = list(map(add, self.cells[key], counts))


@dataclass
class PapersOfParts:
    """By questionnaire and part: the polls that asked it, and their papers once for each target."""

    polls: dict[tuple[int, str], int] = field(default_factory=dict)
    sheets: dict[tuple[int, str], tally.Sheets] = field(default_factory=dict)


def papers_of_parts(targets: QuerySet[Any], *, needs_people: bool) -> PapersOfParts:
    """The papers of the polls of some targets, once for each target; people are added where a base asks for them."""
    counts = ~Q(poll__batches__state=Batch.State.VOID)
    numbers = targets.values("questionnaire_id", "part").annotate(
        polls=Count("poll", distinct=True),
        issued=Sum("poll__batches__issued_count", filter=counts, default=0),
        returned=Sum("poll__batches__returned_count", filter=counts, default=0),
        void=Sum("poll__batches__void_count", filter=counts, default=0),
    )
    people = _people(targets) if needs_people else {}
    papers = PapersOfParts()
    for row in numbers:
        key = (row["questionnaire_id"], row["part"])
        attended, entitled = people.get(key, (0, 0))
        papers.polls[key] = row["polls"]
        papers.sheets[key] = tally.Sheets(row["issued"], row["returned"], row["void"], attended, entitled)
    return papers


def _people(targets: QuerySet[Any]) -> Mapping[tuple[int, str], tuple[int | None, int | None]]:
    """Attended and entitled, once for each target; None where one poll does not know it, left out where none came (C14)."""
    returned = Batch.objects.counting().filter(poll=OuterRef("poll"), returned_count__gt=0)
    numbers = targets.filter(Exists(returned)).values("questionnaire_id", "part")
    return {
        (row["questionnaire_id"], row["part"]): (
            None if row["attended_unknown"] else row["attended"],
            None if row["entitled_unknown"] else row["entitled"],
        )
        for row in numbers.annotate(
            attended=Sum("poll__attended_count", default=0),
            entitled=Sum("poll__entitled_count", default=0),
            attended_unknown=Count("pk", filter=Q(poll__attended_count=None)),
            entitled_unknown=Count("pk", filter=Q(poll__entitled_count=None)),
        )
    }


def own_blanks_of_parts(rows: QuerySet[Any]) -> Mapping[tuple[int, str], int]:
    """By indicator and part the blanks that are persons' own, one of each row, as in `results.poll.own_blanks`."""
    of_persons = rows.filter(poll__campaign__is_self_excluded=True).exclude(target__member=None)
    counts: dict[tuple[int, str], int] = defaultdict(int)
    blanks = of_persons.values("indicator_id", "part", "target_id").annotate(blank=Sum("abstained_count"))
    for row in blanks.filter(blank__gt=0):
        counts[row["indicator_id"], row["part"]] += 1
    return counts
