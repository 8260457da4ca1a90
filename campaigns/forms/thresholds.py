"""Forms of the thresholds of a campaign: which it has, and one of its own."""

from django import forms

from .. import library
from ..actions import own_thresholds_for
from ..library import AskedGrades, LibraryThreshold, kept_threshold
from ..models import Campaign
from .campaigns import JUDGED, explained_choice
from .fields import PartForm, PlainField, PlainTextField

MORE, AT_LEAST = "more", "at_least"
SENSES = ((MORE, "超过：恰好等于界限的不算"), (AT_LEAST, "达到：恰好等于界限的也算"))


class ThresholdsForm(PartForm):
    """The thresholds that a campaign has, out of the ready-made and the own ones, and by what it is judged."""

    thresholds = forms.MultipleChoiceField(
        label="结果运用阈值", required=False, widget=forms.CheckboxSelectMultiple, help_text="可以都不选。"
    )

    class Meta:
        model = Campaign
        fields = ["thresholds", "judged"]
        widgets = {"judged": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        campaign = self.instance
        self.limits = {**library.thresholds(), **own_thresholds_for(campaign)}
        self.limits |= {limit.key: limit for limit in campaign.limits}
        self.fields["thresholds"].choices = [
            (key, explained_choice(limit.title, followed_by(limit))) for key, limit in self.limits.items()
        ]
        self.initial["thresholds"] = [limit.key for limit in campaign.limits]
        self.fields["judged"].choices = [
            (key, explained_choice(label, JUDGED[key])) for key, label in Campaign.Judged.choices
        ]

    def clean_thresholds(self):
        """The chosen ones as a campaign keeps them: a key of the library, or the whole of an own one."""
        chosen = [self.limits[key] for key in self.cleaned_data["thresholds"]]
        return [kept_threshold(limit) if limit.is_own else limit.key for limit in chosen]


def followed_by(limit: LibraryThreshold) -> str:
    """「“不满意”多于1/3时触发。…」, under the name of a threshold."""
    edge = "不少于" if limit.is_at_least else "多于"
    review = f"须经组织复核认定后才能运用（以前是“{limit.review_state}”）：" if limit.needs_review else ""
    together = "合计" if len(limit.labels) > 1 else ""
    return f"“{'”“'.join(limit.labels)}”{together}{edge}{limit.share_text}时触发。{review}{'；'.join(limit.consequences)}。"


class ThresholdForm(forms.Form):
    """A threshold of one's own, over the grades that the campaign's questionnaires have."""

    target_kinds = forms.MultipleChoiceField(
        label="对谁判断",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选定对哪类对象判断。"},
        help_text="本活动评议的对象；一个一个地判断，不因汇总抵消。",
    )
    labels = forms.MultipleChoiceField(
        label="计哪几档",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选定计哪几档。"},
        help_text="选几档的，各档的票合计。",
    )
    is_at_least = forms.ChoiceField(label="怎样算到了界限", choices=SENSES, initial=MORE, widget=forms.RadioSelect)
    share = PlainField(
        label="界限",
        max_length=20,
        help_text=f"{library.SHARE_HELP}。按票数准确比较，不看印出的小数。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    consequences = PlainTextField(
        label="到了界限以后怎样",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一句，句末不用标点。如：不得作为表彰或评先推荐对象。",
    )
    needs_review = forms.BooleanField(
        label="先经组织复核认定", required=False, help_text="认定以前，不写后果。评议对象是个人的，一律先复核。"
    )
    review_state = PlainField(
        label="复核以前的状态",
        max_length=30,
        required=False,
        help_text=f"先复核的才填；不填的，写“{library.DEFAULT_REVIEW_STATE}”。",
    )

    def __init__(self, *args, asked: list[AskedGrades], others: list[LibraryThreshold], **kwargs):
        super().__init__(*args, **kwargs)
        self._asked, self._others = asked, others
        kinds = dict.fromkeys(questionnaire.kind for questionnaire in asked)
        labels = dict.fromkeys(label for questionnaire in asked for label in questionnaire.labels)
        self.fields["target_kinds"].choices = [(kind, library.KIND_LABELS[kind]) for kind in kinds]
        self.fields["labels"].choices = [(label, label) for label in labels]
        if len(kinds) == 1:
            self.fields["target_kinds"].initial = list(kinds)

    def clean_share(self):
        share = library.share_of(self.cleaned_data["share"])
        if share is None:
            raise forms.ValidationError(
                f"“{self.cleaned_data['share']}”不是大于0、小于1的界限；可写{library.SHARE_HELP}。"
            )
        return share

    def clean_consequences(self):
        lines = [line.rstrip("。；;，, ") for line in self.cleaned_data["consequences"].splitlines()]
        return [line for line in lines if line]

    def clean(self):
        """Show each broken rule at its field."""
        if not self.errors:
            for fault in library.threshold_faults(self.threshold, self._asked, self._others):
                self.add_error({"": None, "review": "needs_review"}.get(fault.field, fault.field), fault.message)
        return self.cleaned_data

    @property
    def threshold(self) -> LibraryThreshold:
        facts = self.cleaned_data
        state = (facts["review_state"] or library.DEFAULT_REVIEW_STATE) if facts["needs_review"] else ""
        return library.own_threshold(
            target_kinds=facts["target_kinds"],
            labels=facts["labels"],
            share=facts["share"],
            is_at_least=facts["is_at_least"] == AT_LEAST,
            consequences=facts["consequences"],
            review_state=state,
        )


def written(limit: LibraryThreshold) -> dict:
    """A threshold as the form's first contents."""
    return {
        "target_kinds": limit.target_kinds,
        "labels": limit.labels,
        "is_at_least": AT_LEAST if limit.is_at_least else MORE,
        "share": limit.share_text,
        "consequences": "\n".join(limit.consequences),
        "needs_review": limit.needs_review,
        "review_state": limit.review_state,
    }
