"""The units of a campaign of more units than fit a page: branch by branch, or found by name and kind, and then a page of
them or all that were found at once. Each form carries the mark of the units it is about, so that only what was seen is done.
"""

from dataclasses import astuple, dataclass
from functools import cached_property
from operator import add

from django.contrib import messages
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Substr
from django.shortcuts import redirect
from django.urls import reverse

from .. import actions
from ..forms.polls import UnitFilterForm
from ..listing import Listing
from ..models import Campaign, Organization
from ..models.place import STEP
from ..models.reach import within_paths
from ..polls_for_deed import mark_of
from .many import NOT_AS_SEEN
from .posting import posted

# More units are not listed at once.
MOST_BOXES = 1000
UNITS_A_PAGE = 200
PAGE, ALL, NONE = "page", "all", "none"


# A number for each unit, as if drawn by lot: sums of some are alike for the same units alone, and those of millions are no
# larger than a database can add up.
LOT = (
    F("pk") * Value(2_654_435_761) % Value(2_147_483_647) * (F("pk") % Value(2_147_483_647)) % Value(1_099_511_627_689)
)
NUMBER = ExpressionWrapper(LOT, BigIntegerField())


@dataclass(frozen=True)
class UnitsCounted:
    """How many units there are and how many of them are chosen, each with a sum that is another for other units."""

    units: int = 0
    chosen: int = 0
    sum: int = 0
    chosen_sum: int = 0

    def __add__(self, more: "UnitsCounted") -> "UnitsCounted":
        return UnitsCounted(*map(add, astuple(self), astuple(more)))


class UnitChoice:
    """The units that a request asks for, a page of them, and which of them have a poll; `units` are all that may have one."""

    def __init__(self, asked, campaign: Campaign, units: QuerySet[Organization]):
        self._campaign = campaign
        self.filters = UnitFilterForm(asked)
        under = units.filter(pk=self.filters.under).first() if self.filters.under else None
        self.branch = under or campaign.organizer
        self._below = units.filter(within_paths([self.branch.path]))
        self._found = self.filters.apply(self._below).order_by("path")
        is_taken = Exists(campaign.polls.filter(organization=OuterRef("pk")))
        shown = self._found if self.filters.is_narrowed else self._below.filter(self._here).order_by("path")
        self.listing = Listing(asked, shown.annotate(is_ticked=is_taken), (), size=UNITS_A_PAGE, prefix="unit-")
        self._is_taken = is_taken

    @property
    def _here(self) -> Q:
        return Q(pk=self.branch.pk) | Q(parent=self.branch.pk)

    @cached_property
    def _counts(self) -> dict[str, UnitsCounted]:
        """The units that were found, counted by the database: by the units right below the branch that they are at or below."""
        chosen = FilteredRelation("polls", condition=Q(polls__campaign=self._campaign))
        parts = Substr("path", 1, len(self.branch.path) + STEP)
        rows = self._found.annotate(of_campaign=chosen, part=parts).order_by("part").values("part")
        is_chosen = Q(of_campaign__isnull=False)
        rows = rows.annotate(
            units=Count("pk"),
            chosen=Count("of_campaign"),
            sum=Sum(NUMBER),
            chosen_sum=Sum(NUMBER, filter=is_chosen, default=0),
        )
        return {row.pop("part"): UnitsCounted(**{name: int(number) for name, number in row.items()}) for row in rows}

    @cached_property
    def _count(self) -> UnitsCounted:
        return sum(self._counts.values(), UnitsCounted())

    @property
    def mark(self) -> str:
        """A short text that is another where other units are found or chosen, all of them though only a page is shown."""
        return mark_of(astuple(self._count))

    @property
    def found_count(self) -> int:
        return self._count.units

    @property
    def chosen_count(self) -> int:
        return self._count.chosen

    @property
    def above(self) -> list[Organization]:
        """The units from the organizer down to the branch, without it."""
        paths = [path for path in self.branch.ancestor_paths[:-1] if len(path) >= len(self._campaign.organizer.path)]
        return list(Organization.objects.filter(path__in=paths).order_by("path"))

    @property
    def rows(self) -> list[tuple[Organization, UnitsCounted]]:
        """The units of the page, each with what there is at and below it; of a search nothing is counted."""
        counts = {} if self.filters.is_narrowed else self._counts
        return [
            (unit, UnitsCounted() if unit == self.branch else counts.get(unit.path, UnitsCounted()))
            for unit in self.listing
        ]

    def change(self, deed: str, ticked: set[int]) -> actions.UnitsChanged:
        """Do what a button says to the units of the page, or to all that were found."""
        if deed == PAGE:
            come = [unit.pk for unit in self.listing if unit.pk in ticked and not unit.is_ticked]
            return self._change(come, [unit.pk for unit in self.listing if unit.pk not in ticked and unit.is_ticked])
        keys = self._found.annotate(is_ticked=self._is_taken).values_list("pk", flat=True)
        if deed == ALL:
            return self._change(list(keys.filter(is_ticked=False)), [])
        return self._change([], list(keys.filter(is_ticked=True)))

    def _change(self, come: list[int], gone: list[int]) -> actions.UnitsChanged:
        return actions.change_units(self._campaign, come=come, gone=gone)


def answer_to_choice(request, campaign: Campaign, choice: UnitChoice):
    """The answer to a form about units in pages; None where they are no longer as they were seen, which a message says."""
    sent = posted(request)
    deed = sent.get("deed")
    if deed not in (PAGE, ALL, NONE) or sent.get("seen") != choice.mark:
        messages.warning(request, NOT_AS_SEEN)
        return None
    changed = choice.change(deed, {int(key) for key in sent.getlist("units") if key.isdecimal()})
    messages.success(request, f"评议单位已经保存：新增{changed.come}个，移除{changed.gone}个。")
    if changed.left:
        messages.warning(request, f"还有{changed.left}个没有轮到，再按一次接着办。")
    return redirect(
        f"{reverse('campaigns:poll_list', args=[campaign.pk])}?{choice.filters.address(sent.get('unit-page'))}"
    )
