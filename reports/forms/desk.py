"""The choice of units on the desk of a campaign."""

from django import forms

from campaigns.forms.lists import ListFilterForm, containing
from campaigns.models import PollQuerySet

from ..committee.desk import Desk


class DeskForm(ListFilterForm):
    """Nothing chosen is every unit in the order of the tree."""

    show = forms.ChoiceField(label="看哪些", required=False)
    part = forms.ChoiceField(label="哪一部分", required=False)
    q = forms.CharField(label="单位名称", required=False, max_length=50)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, desk: Desk, parts: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["show"].choices = [("", "全部单位"), *desk.choices]
        self.fields["part"].choices = [("", f"{desk.unit}和全部下级"), *parts]

    @property
    def chosen(self) -> PollQuerySet:
        wanted = self.wanted
        polls = self.desk.matching(wanted.get("show", ""))
        if part := wanted.get("part"):
            polls = polls.filter(path__startswith=part)
        return polls.filter(containing(wanted.get("q", ""), "organization__name")).order_by("path", "pk")
