"""The choice of units on the desk of a campaign, and their order."""

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models import Case, Value, When

from campaigns.models import Poll, PollQuerySet

from ..committee.desk import Desk

BY_PLACE, BY_NAME, BY_STATE, BY_LATENESS = "place", "name", "state", "lateness"
STATES = (Poll.State.PREPARING, Poll.State.REHEARSING, Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED)
_STATE = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(STATES)), default=Value(len(STATES)))


class DeskForm(forms.Form):
    """Nothing chosen is every unit in the order of the tree; what is not understood does not restrict."""

    show = forms.ChoiceField(label="看哪些", required=False)
    part = forms.ChoiceField(label="哪一部分", required=False)
    q = forms.CharField(label="单位名称", required=False, max_length=50)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sort = forms.ChoiceField(
        choices=[(key, key) for key in (BY_PLACE, BY_NAME, BY_STATE, BY_LATENESS)],
        widget=forms.HiddenInput,
        required=False,
    )

    def __init__(self, *args, desk: Desk, parts: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["show"].choices = [("", "全部单位"), *desk.choices]
        self.fields["part"].choices = [("", f"{desk.unit}和全部下级"), *parts]
        columns = [Column(name, css_class="col-sm-6 col-lg-4") for name in ("show", "part", "q")]
        self.layout = Layout("unit", "sort", Row(*columns))

    @property
    def chosen(self) -> PollQuerySet:
        self.is_valid()
        wanted = self.cleaned_data
        polls = self.desk.matching(wanted.get("show", ""))
        if part := wanted.get("part"):
            polls = polls.filter(path__startswith=part)
        if name := wanted.get("q", "").strip():
            polls = polls.filter(organization__name__icontains=name)
        return polls.order_by(*self._order(wanted.get("sort")))

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or BY_PLACE

    @property
    def heads(self) -> list[tuple[str, str, bool]]:
        """The heads that sort the list: the order to ask for, the words, and whether it is the present one.

        The tree's order and that of names take turns at the head of the units.
        """
        units = BY_NAME if self.order == BY_PLACE else BY_PLACE
        return [
            (units, "单位", self.order in (BY_PLACE, BY_NAME)),
            (BY_STATE, "状态", self.order == BY_STATE),
            (BY_LATENESS, "滞后情况", self.order == BY_LATENESS),
        ]

    def _order(self, sort: str | None) -> tuple:
        late_first = Case(When(pk__in=self.desk.late, then=Value(0)), default=Value(1))
        orders = {
            BY_NAME: ("organization__name", "path"),
            BY_STATE: (_STATE, "path"),
            BY_LATENESS: (late_first, _STATE, "path"),
        }
        return orders.get(sort or "", ("path", "pk"))
