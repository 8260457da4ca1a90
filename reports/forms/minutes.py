"""会议记录: what was said and decided at a poll's meeting, and who of the members was there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.db import models
from django.forms.boundfield import BoundField

from campaigns.forms.fields import PlainField, PlainTextField
from campaigns.forms.seen import SharedRowForm
from campaigns.models import Member

from ..minutes.actions import MemberAttendance
from ..minutes.content import members_for_attendance
from ..models import Minutes

LONGEST_AGENDA, LONGEST_PROCEEDINGS, LONGEST_RESOLUTIONS = 2000, 20000, 5000


class Presence(models.TextChoices):
    """How a member's attendance is recorded."""

    PRESENT = "present", "出席"
    ABSENT = "absent", "缺席"
    LEFT_OUT = "left_out", "不记"


@dataclass(frozen=True)
class AttendanceRow:
    """A member's row in the form."""

    name: str
    presence: BoundField
    reason: BoundField


def _clock_time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "请按“时:分”填写，如14:30。"},
    )


def _text(label: str, longest: int, rows: int, help_text: str, *, required: bool = True) -> PlainTextField:
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainTextField(label=label, max_length=longest, required=required, widget=widget, help_text=help_text)


class MinutesForm(SharedRowForm):
    """The minutes of one poll's meeting; the members of the unit's roster are listed to be marked."""

    began_at = _clock_time("开始时间")
    ended_at = _clock_time("结束时间")
    recorder = PlainField(label="记录人", max_length=50)
    guests = PlainField(
        label="列席人员",
        max_length=300,
        required=False,
        help_text="不是本单位党员而到会的，如：服务对象代表8名、社区居民代表5名。",
    )
    agenda = _text("议程", LONGEST_AGENDA, 5, "一行一项。")
    proceedings = _text(
        "会议情况", LONGEST_PROCEEDINGS, 12, "一行一段。记会上谁汇报、谁发言、谁点评、说了什么；不记谁怎样画票。"
    )
    resolutions = _text("会议决定", LONGEST_RESOLUTIONS, 4, "一行一项；没有的不填。", required=False)

    class Meta:
        model = Minutes
        fields = ["began_at", "ended_at", "recorder", "guests", "agenda", "proceedings", "resolutions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._members: list[Member] = []
        is_new = self.instance.pk is None
        for member, recorded in members_for_attendance(self.instance.poll, self.instance):
            self._members.append(member)
            unknown = Presence.PRESENT if is_new else Presence.LEFT_OUT
            known = (Presence.PRESENT if recorded.is_present else Presence.ABSENT) if recorded else unknown
            self.fields[f"presence-{member.pk}"] = forms.ChoiceField(
                label=f"{member.name}的出席情况",
                choices=Presence.choices,
                initial=known,
                widget=forms.Select(attrs={"class": "form-select", "aria-label": f"{member.name}的出席情况"}),
            )
            self.fields[f"reason-{member.pk}"] = PlainField(
                label=f"{member.name}的缺席原因",
                max_length=100,
                required=False,
                initial=recorded.absence_reason if recorded else "",
                widget=forms.TextInput(attrs={"class": "form-control", "aria-label": f"{member.name}的缺席原因"}),
            )

    def shown(self, row) -> dict:
        attendances = row.attendances.order_by("pk").values_list("member", "is_present", "absence_reason")
        return {**super().shown(row), "attendances": list(attendances)}

    @property
    def meeting_fields(self) -> list[str]:
        """The names of the fields about the meeting, in their order."""
        return self._meta.fields

    def rows(self) -> Iterator[AttendanceRow]:
        """A row a member."""
        for member in self._members:
            yield AttendanceRow(member.name, self[f"presence-{member.pk}"], self[f"reason-{member.pk}"])

    def clean(self):
        facts = super().clean()
        for member in self._members:
            presence, reason = facts.get(f"presence-{member.pk}"), facts.get(f"reason-{member.pk}")
            if presence == Presence.ABSENT and reason == "":
                self.add_error(f"reason-{member.pk}", f"{member.name}缺席，请写明原因，如“出差”“病假”。")
            elif presence != Presence.ABSENT and reason:
                self.add_error(f"reason-{member.pk}", f"{member.name}写了缺席原因，请选“缺席”，或者删去原因。")
        return facts

    @property
    def attendances(self) -> list[MemberAttendance]:
        """Who was there and who was away; of those left out nothing."""
        return [
            MemberAttendance(member, self.cleaned_data[f"reason-{member.pk}"])
            for member in self._members
            if self.cleaned_data[f"presence-{member.pk}"] != Presence.LEFT_OUT
        ]
