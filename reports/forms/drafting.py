"""Forms of opinions on a report's drafts, and of what became of them."""

from django import forms
from django.core.exceptions import ValidationError

from ballots.models import OpinionOrigin
from campaigns.forms.fields import PlainField, PlainTextField, day_input
from campaigns.models import AppraisedDocument, DocumentDraft

from ..gathering.on_drafts import ASKED_ABOUT
from .gathering import MAX_OPINION_LENGTH, lines_of, not_later

NOT_ADOPTED = "not adopted"


class DraftOpinionsForm(forms.Form):
    """Opinions of one kind, from one kind of people, on a draft, a line each."""

    draft = forms.ModelChoiceField(label="对哪一稿", queryset=DocumentDraft.objects.none(), empty_label=None)
    sheet_kind = forms.ChoiceField(
        label="意见性质", choices=OpinionOrigin.SheetKind.choices, widget=forms.RadioSelect, initial="amendment"
    )
    given_by = PlainField(
        label="哪方面的人提出", max_length=50, help_text="写类别，不写姓名，如：机关各科室、指导检查组。"
    )
    received_on = forms.DateField(label="收到日期", widget=day_input())
    opinions = PlainTextField(
        label="意见建议",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"一行一条，每条至多{MAX_OPINION_LENGTH}字，不写提意见人的姓名。",
    )

    def __init__(self, *args, document: AppraisedDocument, **kwargs):
        super().__init__(*args, **kwargs)
        drafts = document.drafts.filter(stage__in=ASKED_ABOUT).order_by("-number")
        self.fields["draft"].queryset = drafts
        self.fields["draft"].label_from_instance = lambda draft: f"{draft.get_stage_display()}（第{draft.number}稿）"

    def clean_received_on(self):
        return not_later(self.cleaned_data["received_on"])

    def clean_opinions(self):
        return lines_of(self.cleaned_data["opinions"])

    def clean(self):
        facts = super().clean()
        draft, day = facts.get("draft"), facts.get("received_on")
        if draft and day and day < draft.dated_on:
            self.add_error("received_on", f"这一稿的日期是{draft.dated_on:%Y-%m-%d}，收到意见不能在这以前。")
        return facts

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("sheet_kind", "given_by", "received_on")}


class AdoptionForm(forms.Form):
    """The draft that took an opinion in, or why none did."""

    verdict = forms.ChoiceField(label="是否采纳", widget=forms.RadioSelect)
    reason = PlainField(
        label="不采纳的理由", max_length=200, required=False, help_text="不采纳的必须写明，采纳的不填。"
    )

    def __init__(self, *args, origin: OpinionOrigin, **kwargs):
        super().__init__(*args, **kwargs)
        later = origin.draft.document.drafts.filter(number__gt=origin.draft.number)
        self.drafts = {str(draft.pk): draft for draft in later}
        taken = [
            (key, f"采纳到{draft.get_stage_display()}（第{draft.number}稿）") for key, draft in self.drafts.items()
        ]
        self.fields["verdict"].choices = [*taken, (NOT_ADOPTED, "不采纳")]

    def clean(self):
        facts = super().clean()
        is_rejected = facts.get("verdict") == NOT_ADOPTED
        if is_rejected and not facts.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "不采纳的，请写明理由。")
        if facts.get("verdict") in self.drafts and facts.get("reason"):
            raise ValidationError("采纳了的，不填不采纳的理由。")
        return facts

    @property
    def facts(self) -> dict:
        return {"draft": self.drafts.get(self.cleaned_data["verdict"]), "reason": self.cleaned_data["reason"]}
