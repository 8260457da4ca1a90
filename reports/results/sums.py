"""The sums of sealed polls without the tree: the database adds, by campaign and by part of the tree (DESIGN 9).

For pages that want a few sums of many units; the same figures as `rollup.roll_up`, ballots added and never rates (C20).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Substr

from ballots.counting import tally
from ballots.models import Batch, TallyRow
from campaigns.models import Campaign, Poll, Target
from campaigns.models.reach import within_paths

from .hidden import hidden_among
from .poll import rules_of
from .rollup import CELL_SUMS, NO_COUNTS, RolledLine, questions_of

PEOPLE = (Campaign.Base.ATTENDED, Campaign.Base.ENTITLED)
# Of which campaign, and the path of the part; the path is empty where nothing is parted.
Part = tuple[int, str]


@dataclass
class _Papers:
    """By questionnaire and part: the polls that asked it, and their papers once for each target."""

    polls: dict[tuple[int, str], int] = field(default_factory=dict)
    sheets: dict[tuple[int, str], tally.Sheets] = field(default_factory=dict)


@dataclass(frozen=True)
class Sums:
    """The lines of each part that has a sealed poll, and why those of some are not shown; a part is in one of the two."""

    lines: Mapping[Part, tuple[RolledLine, ...]]
    hidden: Mapping[Part, str]

    def of(self, campaign: Campaign, path: str = "") -> tuple[RolledLine, ...]:
        """The lines of a part; none where it has no sealed poll or is not shown."""
        return self.lines.get((campaign.pk, path), ())

    def hidden_reason(self, campaign: Campaign, path: str = "") -> str:
        return self.hidden.get((campaign.pk, path), "")


def sums_of(campaigns: Sequence[Campaign], paths: Iterable[str], *, level: int | None = None) -> Sums:
    """The lines of each campaign over its sealed polls within some subtrees; a number of queries that no row adds to.

    `level` parts them by that many digits of their path: each unit of one level with all below it, or, past the
    deepest, each poll by itself. A part without a sealed poll is not there.
    """
    paths = tuple(paths)
    sealed = Q(poll__campaign__in=campaigns, poll__state=Poll.State.SEALED)
    sealed &= within_paths(paths, "poll__path")
    part = Substr("poll__path", 1, level) if level else Value("")
    targets = Target.objects.filter(sealed).annotate(part=part).order_by()
    rows = TallyRow.objects.filter(sealed).annotate(part=part).order_by()
    papers = _papers(targets, needs_people=any(campaign.base in PEOPLE for campaign in campaigns))
    cells = {
        (indicator, path): numbers
        for indicator, path, *numbers in rows.values_list("indicator_id", "part").annotate(**CELL_SUMS)
    }
    own = _own_blanks(rows) if any(campaign.is_self_excluded for campaign in campaigns) else {}
    questions = questions_of(campaigns)
    parts = set(targets.values_list("poll__campaign_id", "part"))
    rules = {campaign.pk: rules_of(campaign) for campaign in campaigns}
    hidden = _hidden_parts(campaigns, parts, paths, level)
    lines = {
        (campaign, path): tuple(
            question.line(
                cells.get((question.indicator.pk, path), NO_COUNTS),
                papers.sheets.get((question.questionnaire.pk, path), tally.Sheets()),
                rules[campaign],
                polls=papers.polls.get((question.questionnaire.pk, path), 0),
                own=own.get((question.indicator.pk, path), 0),
            )
            for question in questions[campaign]
            if question.adds_up
        )
        for campaign, path in sorted(parts)
        if (campaign, path) not in hidden
    }
    return Sums(lines, hidden)


def _hidden_parts(
    campaigns: Sequence[Campaign], parts: Iterable[Part], paths: Sequence[str], level: int | None
) -> dict[Part, str]:
    """The reasons why parts are not shown; the sum over several subtrees is not where one of them is not."""
    hidden = hidden_among(campaigns)
    reasons = {
        (campaign, path): hidden[campaign].of_part(path, level)
        if level
        else next(filter(None, (hidden[campaign].sums.get(root, "") for root in paths)), "")
        for campaign, path in parts
    }
    return {part: reason for part, reason in reasons.items() if reason}


def _papers(targets: QuerySet[Any], *, needs_people: bool) -> _Papers:
    counts = ~Q(poll__batches__state=Batch.State.VOID)
    numbers = targets.values("questionnaire_id", "part").annotate(
        polls=Count("poll", distinct=True),
        issued=Sum("poll__batches__issued_count", filter=counts, default=0),
        returned=Sum("poll__batches__returned_count", filter=counts, default=0),
        void=Sum("poll__batches__void_count", filter=counts, default=0),
    )
    people = _people(targets) if needs_people else {}
    papers = _Papers()
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


def _own_blanks(rows: QuerySet[Any]) -> Mapping[tuple[int, str], int]:
    """By indicator and part the blanks that are persons' own, one of each row, as in `results.poll.own_blanks`."""
    of_persons = rows.filter(poll__campaign__is_self_excluded=True).exclude(target__member=None)
    counts: dict[tuple[int, str], int] = defaultdict(int)
    blanks = of_persons.values("indicator_id", "part", "target_id").annotate(blank=Sum("abstained_count"))
    for row in blanks.filter(blank__gt=0):
        counts[row["indicator_id"], row["part"]] += 1
    return counts
