"""The table of decided grades: of one branch, or of a unit with those right below it, each the sum of its branches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from campaigns.models import Poll
from campaigns.models.place import STEP
from campaigns.units import key_of, names_by_path

from .. import wording
from ..models import Grading, MemberGrade
from ..results.poll import member_labels
from ..scope import Scope

# More rows than this are left to the page and the workbook.
ROWS_IN_PRINT = 30
# The place and the probationary members of a poll.
KNOWN = ("pk", "path", "names", "form__ungraded")


@dataclass(frozen=True)
class GradesRow:
    """The members of a unit by decided grade; `branches` are the polls whose meetings have decided."""

    unit: str
    organization_id: int
    branches: int
    members: int
    attended: int
    counts: tuple[int, ...]
    # Probationary members, who take part and get no grade.
    ungraded: int

    def __add__(self, other: "GradesRow") -> "GradesRow":
        return replace(
            self,
            branches=self.branches + other.branches,
            members=self.members + other.members,
            attended=self.attended + other.attended,
            counts=tuple(mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True)),
            ungraded=self.ungraded + other.ungraded,
        )

    @property
    def numbers(self) -> tuple[int, ...]:
        """The columns after the unit's name, as `GradesTable.heads` has them."""
        return (self.members, self.attended, *self.counts, self.ungraded)


@dataclass(frozen=True)
class GradesTable:
    """A row for each unit right below, and their sum; of a single branch the sum alone."""

    labels: tuple[str, ...]
    rows: tuple[GradesRow, ...]
    total: GradesRow

    @property
    def heads(self) -> tuple[str, ...]:
        return ("应参加", "实际参加", *self.labels, "不评定等次")

    @property
    def sentence(self) -> str:
        """The sentence of C5 over all; of several branches with how many they are."""
        counts = list(zip(self.labels, self.total.counts, strict=True))
        sentence = wording.graded_sentence(self.total.members, self.total.attended, counts)
        return sentence if not self.rows else f"{self.total.branches}个单位评定了党员等次：{sentence}"

    @property
    def printed_rows(self) -> tuple[GradesRow, ...]:
        """The rows that stand in a 小结: none where they are too many, and the sum stands alone."""
        return self.rows if len(self.rows) <= ROWS_IN_PRINT else ()


def decided_grades(scope: Scope) -> GradesTable | None:
    """The decided grades of a scope; None, after one query, before any was decided; else three queries."""
    gradings = Grading.objects.standing().filter(poll__in=scope.polls.order_by())
    facts = list(gradings.order_by("poll").values_list("poll", "member_count", "attended_count"))
    if not facts:
        return None
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    grades = MemberGrade.objects.filter(grading__in=gradings.order_by()).order_by("grading__poll", "value")
    for poll, value, count in grades.values_list("grading__poll", "value").annotate(Count("pk")):
        counts[poll][value] = count
    polls = Poll.objects.filter(gradings__in=gradings.order_by()).order_by("path", "pk")
    known = {key: (path, names, ungraded) for key, path, names, ungraded in polls.values_list(*KNOWN)}
    rows = {}
    for poll, members, attended in facts:
        path, names, ungraded = known[poll]
        by_grade = tuple(counts[poll].get(value, 0) for value in MemberGrade.Value.values)
        rows[path] = GradesRow(names[-1], key_of(path), 1, members, attended, by_grade, len(ungraded or ()))
    first, *others = rows.values()
    total = replace(sum(others, first), unit="合计", organization_id=scope.unit.pk)
    below = () if scope.poll else tuple(_below(scope, rows, names_by_path((row[0], row[1]) for row in known.values())))
    return GradesTable(member_labels(), below, total)


def _below(scope: Scope, rows: Mapping[str, GradesRow], names: Mapping[str, str]) -> Iterable[GradesRow]:
    """The sums of the units right below, and the unit's own branch, in tree order."""
    sums: dict[str, GradesRow] = {}
    for path, row in rows.items():
        top = path[: len(scope.unit.path) + STEP]
        sums[top] = sums[top] + row if top in sums else row
    for top in sorted(sums):
        yield replace(sums[top], unit=names[top], organization_id=key_of(top))
