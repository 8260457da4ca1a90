"""The units of a campaign of more units than fit a page: branch by branch, or found by name and kind, and then a page of
them or all that were found at once. Each form carries the mark of the units it is about, so that only what was seen is done.
"""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
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


@dataclass(frozen=True)
class ChosenBelow:
    """How many units there are at and below one, and how many of them are chosen."""

    units: int = 0
    chosen: int = 0


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
    def keys(self) -> dict[int, bool]:
        """The keys of all that were found, each with whether it is chosen."""
        return dict(self._found.values_list("pk", self._is_taken))

    @property
    def mark(self) -> str:
        return mark_of(list(self.keys), self._chosen(self.keys))

    @property
    def found_count(self) -> int:
        return len(self.keys)

    @property
    def chosen_count(self) -> int:
        return len(self._chosen(self.keys))

    @property
    def above(self) -> list[Organization]:
        """The units from the organizer down to the branch, without it."""
        paths = [path for path in self.branch.ancestor_paths[:-1] if len(path) >= len(self._campaign.organizer.path)]
        return list(Organization.objects.filter(path__in=paths).order_by("path"))

    @property
    def rows(self) -> list[tuple[Organization, ChosenBelow]]:
        """The units of the page, each with what there is at and below it; of a search nothing is counted."""
        counts = {} if self.filters.is_narrowed else self._counts()
        return [(unit, counts.get(unit.path, ChosenBelow())) for unit in self.listing]

    def _counts(self) -> dict[str, ChosenBelow]:
        parts = self._below.annotate(part=Substr("path", 1, len(self.branch.path) + STEP)).order_by().values("part")
        rows = parts.annotate(units=Count("pk"), chosen=Count("pk", filter=self._is_taken))
        return {
            row["part"]: ChosenBelow(row["units"], row["chosen"]) for row in rows if row["part"] != self.branch.path
        }

    def change(self, deed: str, ticked: set[int]) -> actions.UnitsChanged:
        """Do what a button says to the units of the page, or to all that were found."""
        if deed == PAGE:
            keys = [unit.pk for unit in self.listing]
            come = [key for key in keys if key in ticked and not self.keys[key]]
            return self._change(come, self._chosen(key for key in keys if key not in ticked))
        come = [key for key, is_chosen in self.keys.items() if not is_chosen]
        return self._change(come, []) if deed == ALL else self._change([], self._chosen(self.keys))

    def _change(self, come: list[int], gone: list[int]) -> actions.UnitsChanged:
        return actions.change_units(self._campaign, come=come, gone=gone)

    def _chosen(self, keys) -> list[int]:
        return [key for key in keys if self.keys[key]]


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
