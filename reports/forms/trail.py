"""The filter above the trail."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from campaigns.forms.lists import ListFilterForm, containing
from campaigns.models import TrailEntry


class TrailFilterForm(ListFilterForm):
    q = forms.CharField(label="账号、单位、对象或地址", required=False, max_length=50)
    account = forms.CharField(label="账号", required=False, max_length=150)
    deed = forms.ChoiceField(label="事项", required=False, choices=[("", "全部事项"), *TrailEntry.Deed.choices])
    result = forms.ChoiceField(label="结果", required=False, choices=[("", "全部结果"), *TrailEntry.Result.choices])
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def apply(self, entries):
        wanted = self.wanted
        entries = entries.filter(containing(wanted.get("q", ""), "account", "unit", "object_name", "address"))
        for name in ("account", "deed", "result"):
            if value := wanted.get(name):
                entries = entries.filter(**{name: value})
        if since := wanted.get("since"):
            entries = entries.filter(at__gte=_at(since, time.min))
        if until := wanted.get("until"):
            entries = entries.filter(at__lte=_at(until, time.max))
        return entries


def _at(day, moment) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
