"""The filters above the lists of announcements, exports, letters, findings and polls."""

from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet

from campaigns.forms.lists import ListFilterForm, UnitSearchForm, containing

from ..findings import Crossing
from ..models import Announcement, Export, Finding


class AnnouncementFilterForm(ListFilterForm):
    q = forms.CharField(label="标题", required=False, max_length=50)
    audience = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Announcement.Audience.choices])
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def apply(self, announcements: QuerySet) -> QuerySet:
        announcements = announcements.filter(containing(self.wanted.get("q", ""), "title"))
        audience = self.wanted.get("audience")
        return announcements.filter(audience=audience) if audience else announcements


class ExportFilterForm(ListFilterForm):
    q = forms.CharField(label="单位或活动", required=False, max_length=50)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Export.State.choices])

    def apply(self, exports: QuerySet) -> QuerySet:
        exports = exports.filter(containing(self.wanted.get("q", ""), "organization__name", "campaign__title"))
        return exports.filter(state=self.wanted["state"]) if "state" in self.wanted else exports


class PartSearchForm(UnitSearchForm):
    """Polls of a unit's part of a campaign; the unit goes along."""

    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LetterFilterForm(ListFilterForm):
    q = forms.CharField(label="文字", required=False, max_length=50)
    answered = forms.ChoiceField(
        label="办理", required=False, choices=[("", "全部"), ("no", "未答复"), ("yes", "已答复")]
    )

    def apply(self, letters: QuerySet) -> QuerySet:
        letters = letters.filter(containing(self.wanted.get("q", ""), "text"))
        answered = self.wanted.get("answered")
        if not answered:
            return letters
        return letters.exclude(reply="") if answered == "yes" else letters.filter(reply="")


class CrossingFilterForm(ListFilterForm):
    q = forms.CharField(label="评议对象或单位", required=False, max_length=50)
    state = forms.ChoiceField(label="认定", required=False, choices=[("", "全部"), *Finding.State.choices])
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def chosen(self, crossings: Sequence[Crossing]) -> list[Crossing]:
        words, state = self.wanted.get("q", "").split(), self.wanted.get("state")
        return [
            crossing
            for crossing in crossings
            if all(word in crossing.target or word in crossing.unit for word in words)
            and state in (None, crossing.state)
        ]
