"""Forms of opinions that came in beside the ballots, and of 座谈会."""

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ballots.models import Consultation, Forum, OpinionOrigin
from ballots.voting.casting import MAX_OPINION_LENGTH
from campaigns.forms.fields import PlainField, PlainTextField, day_input
from campaigns.forms.seen import SharedRowForm
from campaigns.models import Poll, Target

from ..gathering.actions import HeardOpinion

MAX_OPINIONS = 200
# Each comes with something else that is recorded.
RECORDED_ELSEWHERE = (
    OpinionOrigin.Source.FORUM,
    OpinionOrigin.Source.BOX,
    OpinionOrigin.Source.SHEET,
    OpinionOrigin.Source.DRAFT,
    OpinionOrigin.Source.WINDOW,
)


class _AboutTargetForm(SharedRowForm):
    """An entry about one of a poll's targets, which is asked for where there are several."""

    def __init__(self, *args, poll: Poll, **kwargs):
        super().__init__(*args, **kwargs)
        targets = Target.objects.filter(poll=poll).select_related("questionnaire").order_by("position", "pk")
        self.first_target = targets[0]
        if len(targets) > 1:
            self.fields["target"] = forms.ModelChoiceField(
                label="对谁的意见", queryset=targets, initial=targets[0], empty_label=None
            )

    @property
    def target(self) -> Target:
        return self.cleaned_data.get("target", self.first_target)


def not_later(day):
    if day and day > timezone.localdate():
        raise ValidationError(f"日期不能晚于今天（{timezone.localdate():%Y-%m-%d}）。")
    return day


def lines_of(text: str) -> list[str]:
    """The lines that say something, an opinion each."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_OPINION_LENGTH:
            raise ValidationError(f"第{number}条有{len(line)}字，每条至多{MAX_OPINION_LENGTH}字，请删短。")
    if len(lines) > MAX_OPINIONS:
        raise ValidationError(f"一次至多登记{MAX_OPINIONS}条，这里有{len(lines)}条，请分次登记。")
    return lines


class GatheredOpinionForm(_AboutTargetForm):
    """An opinion and the way by which it came; of a 座谈会 the opinion alone."""

    text = PlainTextField(
        label="意见建议",
        max_length=MAX_OPINION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"一次登记一条，至多{MAX_OPINION_LENGTH}字。不写提意见人的姓名；照原话登记，公开时用的文字在意见阅办里改。",
    )
    place = PlainField(label="地点", max_length=100, required=False, help_text="走访何处、信箱设在哪里等，可以不填。")

    class Meta:
        model = OpinionOrigin
        fields = ["source", "received_on", "place"]
        widgets = {"received_on": day_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= {"target": self.instance.opinion.target_id, "text": self.instance.opinion.text}
        if self.instance.source in RECORDED_ELSEWHERE:
            for name in self._meta.fields:
                del self.fields[name]
        else:
            self.fields["received_on"].required = True
            self.fields["received_on"].label = "收到日期"
            sources = [choice for choice in OpinionOrigin.Source.choices if choice[0] not in RECORDED_ELSEWHERE]
            self.fields["source"].choices = [("", "（请选择）"), *sources]
        names = ("source", "received_on", "place", "target", "text", "seen")
        self.layout = Layout(*(name for name in names if name in self.fields))

    def shown(self, row):
        return super().shown(row) | {"target": row.opinion.target_id, "text": row.opinion.text}

    def clean_received_on(self):
        return not_later(self.cleaned_data["received_on"])

    @property
    def heard(self) -> HeardOpinion:
        origin = self.instance
        kept = {name: getattr(origin, name) for name in ("source", "received_on", "place", "sheet_kind")}
        return HeardOpinion(**kept | self.facts | {"target": self.target})


class ForumForm(_AboutTargetForm):
    """A 座谈会, and opinions raised there, a line each."""

    place = PlainField(label="地点", max_length=100)
    host = PlainField(label="主持人", max_length=50)
    attendees = PlainField(
        label="参加人员", max_length=200, help_text="写类别和人数，如“居民代表8名、党员代表4名”，不写姓名。"
    )
    opinions = PlainTextField(
        label="提出的意见建议",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"一行一条，每条至多{MAX_OPINION_LENGTH}字；没有提出意见的留空，以后可以再补。",
    )

    class Meta:
        model = Forum
        fields = ["held_on", "place", "host", "attended_count", "attendees"]
        widgets = {"held_on": day_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["opinions"].label = "补登意见建议"
        seen = ["seen"] if "seen" in self.fields else []
        self.layout = Layout(
            *seen,
            Fieldset("座谈会", *self._meta.fields),
            Fieldset("会上提出的意见建议", *(["target"] if "target" in self.fields else []), "opinions"),
        )

    def clean_held_on(self):
        return not_later(self.cleaned_data["held_on"])

    def clean_opinions(self):
        return lines_of(self.cleaned_data["opinions"])

    @property
    def forum_facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    @property
    def raised(self) -> list[HeardOpinion]:
        """The opinions that are to be recorded."""
        return [HeardOpinion(self.target, text) for text in self.cleaned_data["opinions"]]


class ConsultationForm(SharedRowForm):
    """How many 征求意见表 were handed out and came back."""

    class Meta:
        model = Consultation
        fields = ["issued_count", "returned_count"]


class SheetOpinionsForm(_AboutTargetForm):
    """Opinions of one kind from 征求意见表, a line each."""

    sheet_kind = forms.ChoiceField(
        label="意见性质",
        choices=OpinionOrigin.SheetKind.choices,
        widget=forms.RadioSelect,
        help_text="修改意见：要求改动所评的文稿或做法；其他的都是其他意见。",
    )
    opinions = PlainTextField(
        label="意见建议",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"一行一条，照表上的字录入，每条至多{MAX_OPINION_LENGTH}字。只录文字，不录是哪一张表、哪个人的。",
    )

    class Meta:
        model = OpinionOrigin
        fields = ["sheet_kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.layout = Layout(*(["target"] if "target" in self.fields else []), "sheet_kind", "opinions")

    def _get_validation_exclusions(self):
        # The row is made of each line, not of the form.
        return {field.name for field in OpinionOrigin._meta.get_fields()}

    def clean_opinions(self):
        return lines_of(self.cleaned_data["opinions"])

    def heard_on(self, day) -> list[HeardOpinion]:
        """The opinions that are to be recorded, as of a day."""
        kind = self.cleaned_data["sheet_kind"]
        return [
            HeardOpinion(self.target, text, OpinionOrigin.Source.SHEET, day, sheet_kind=kind)
            for text in self.cleaned_data["opinions"]
        ]
