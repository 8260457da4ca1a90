"""The meeting that decides members' grades, and each member's grade beside the votes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from campaigns.forms.fields import PlainField, day_input

from ..grading.actions import Decision
from ..grading.content import GradingContent, most_marked
from ..grading.excellent_quota import ExcellentQuota
from ..models import Grading, MemberGrade
from ..results.poll import PollResults
from ..tables.rows import Row, row_of

MEETING = ["held_on", "host", "present_count", "member_count", "attended_count", "excellent_reason", "change_reason"]


@dataclass(frozen=True)
class MemberGradeRow:
    """A member's row in the form, with the lines of their votes that stand for them; none where they are not shown."""

    name: str
    votes: tuple[Row, ...]
    grade: BoundField
    reason: BoundField


class GradingForm(forms.ModelForm):
    """A meeting's decision: nothing is chosen beforehand but what was decided before."""

    host = PlainField(label="主持人", max_length=50)
    excellent_reason = PlainField(
        label="优秀超过上限的理由",
        max_length=300,
        required=False,
        help_text="优秀一般不超过三分之一；不超过的不填，确需超过的写明理由。",
    )
    change_reason = PlainField(label="变更理由", max_length=300)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Grading
        fields = MEETING
        widgets = {"held_on": day_input()}
        help_texts = {
            "present_count": "出席评定等次的会议的党员。",
            "member_count": "包括参加评议、不评定等次的预备党员。",
        }

    def __init__(self, *args, results: PollResults, standing: GradingContent | None, **kwargs):
        kwargs["initial"] = _initial(results, standing)
        super().__init__(*args, **kwargs)
        self.results, self.standing = results, standing
        self._voted = {target.id: most_marked(target) for target in results.targets}
        for name in ("present_count", "member_count", "attended_count"):
            self.fields[name].min_value = 1
        if not standing:
            del self.fields["change_reason"]
        for section in results.graded:
            known = standing.of(section.id) if standing else None
            self.fields[f"grade-{section.id}"] = forms.ChoiceField(
                label=f"{section.name}的评定等次",
                choices=[("", "（请选择）"), *MemberGrade.Value.choices],
                initial=_value_of(known.grade) if known else "",
                error_messages={"required": "请选择等次。"},
                widget=forms.Select(attrs={"class": "form-select", "aria-label": f"{section.name}的评定等次"}),
            )
            self.fields[f"reason-{section.id}"] = PlainField(
                label=f"{section.name}的理由",
                max_length=300,
                required=False,
                initial=known.reason if known else "",
                widget=forms.TextInput(
                    attrs={"class": "form-control", "aria-label": f"{section.name}的理由", "placeholder": "理由"}
                ),
            )

    @property
    def meeting_fields(self) -> list[str]:
        """The names of the fields about the meeting, in their order."""
        return [name for name in MEETING if name in self.fields]

    def rows(self) -> Iterator[MemberGradeRow]:
        """A row a member, beside the votes."""
        judged = {target.id: target.judged for target in self.results.targets}
        for section in self.results.graded:
            votes = tuple(row_of(line.text, line.total) for line in judged.get(section.id, ()))
            yield MemberGradeRow(section.name, votes, self[f"grade-{section.id}"], self[f"reason-{section.id}"])

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > timezone.localdate():
            raise ValidationError(f"会议日期不能晚于今天（{timezone.localdate():%Y-%m-%d}）。")
        return held_on

    def clean(self):
        facts = super().clean()
        members = facts.get("member_count")
        if members is not None and members < len(self.results.graded):
            self.add_error("member_count", f"评定等次的党员有{len(self.results.graded)}名，应参加评议的不能少于此数。")
        for section in self.results.graded:
            self._ask_for_reason(section.id, section.name)
        if not self.errors:
            self._ask_about_excellent()
        return facts

    def _ask_for_reason(self, target_id: int, name: str) -> None:
        """Where another grade has most votes, the decision is explained (「不能以票取人」)."""
        value, reason = self.cleaned_data.get(f"grade-{target_id}"), self.cleaned_data.get(f"reason-{target_id}")
        if value and not reason and self._is_unlike_votes(target_id, value):
            most = "、".join(self._voted[target_id])
            self.add_error(f"reason-{target_id}", f"{name}得票最多的是“{most}”，评定为“{_label(value)}”请写明理由。")

    def _ask_about_excellent(self) -> None:
        rule = self.results.poll.campaign.excellent_limit
        if rule == "none":
            return
        excellent = sum(decision.value == MemberGrade.Value.EXCELLENT for decision in self.decisions)
        facts = self.cleaned_data
        asked = ExcellentQuota(
            excellent, facts["member_count"], facts["attended_count"], rule, facts["excellent_reason"], ""
        )
        if asked.wants_reason:
            self.add_error("excellent_reason", f"{asked.sentence}确需超过的，请填写理由。")
        elif not asked.is_over:
            facts["excellent_reason"] = ""

    def _is_unlike_votes(self, target_id: int, value: str) -> bool:
        """Whether another grade has most votes; of votes that are not shown nothing is said."""
        voted = self._voted.get(target_id)
        return bool(voted) and _label(value) not in voted

    @property
    def meeting(self) -> dict:
        """The filled columns of the meeting."""
        return {name: self.cleaned_data[name] for name in self.meeting_fields}

    @property
    def decisions(self) -> list[Decision]:
        """Each member's grade."""
        return [
            Decision(
                target_id=section.id,
                value=(value := self.cleaned_data[f"grade-{section.id}"]),
                is_unlike_votes=self._is_unlike_votes(section.id, value),
                reason=self.cleaned_data[f"reason-{section.id}"],
            )
            for section in self.results.graded
        ]


def _label(value: str) -> str:
    return MemberGrade.Value(value).label


def _value_of(label: str) -> str:
    return next(value for value, name in MemberGrade.Value.choices if name == label)


def _initial(results: PollResults, standing: GradingContent | None) -> dict:
    """The facts of the meeting before where there was one, else what the poll knows."""
    if standing:
        return {
            "seen": standing.number,
            "host": standing.host,
            "member_count": standing.members,
            "attended_count": standing.attended,
            "excellent_reason": standing.excellent_reason,
        }
    members = results.poll.roster_count or len(results.graded) + len(results.ungraded)
    return {"seen": 0, "host": results.poll.host, "member_count": members, "attended_count": members}
