"""Forms of documents and their drafts."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..documents.recording import FILE_KINDS, STAGES
from ..models import AppraisedDocument, DocumentDraft, Poll, Target, TargetKind
from .fields import PartForm, PlainField, PlainTextField, day_input

MOST_CHARACTERS = 20_000
# The usual kind of report of each kind of target.
KIND_OF_TARGET: dict[str, str] = {TargetKind.DOCUMENT: AppraisedDocument.Kind.ANALYSIS}


class DocumentForm(PartForm):
    """A document of one of a poll's targets that has none yet."""

    seen_by_constraints = ("poll",)
    title = PlainField(label="标题", max_length=100, help_text="票面上和手机上照这样写，如：2026年度抓党建述职报告。")

    class Meta:
        model = AppraisedDocument
        fields = ["target", "kind", "title", "speaking_order"]
        help_texts = {
            "target": "评议哪个对象以前读这份报告，一个对象一份。",
            "kind": "述职报告一次写成；分析检查报告有征求意见稿、讨论稿、评议稿。",
            "speaking_order": "会上第几个报告，从1起，同一评议点不能重复；不在会上报告的不填。",
        }

    def __init__(self, *args, poll: Poll, **kwargs):
        super().__init__(*args, **kwargs)
        targets = Target.objects.filter(poll=poll).exclude(kind=TargetKind.OPEN)
        free = targets.filter(document=None) | targets.filter(document=self.instance.pk or 0)
        self.fields["target"].queryset = free.order_by("position", "pk")
        self.fields["target"].empty_label = "（请选择）"
        self.fields["speaking_order"].min_value = 1

    def save(self):
        return self.instance


class DraftFactsForm(PartForm):
    """To whom a draft went and who approved it."""

    sent_to = PlainField(
        label="印发或者提交的范围",
        max_length=100,
        required=False,
        help_text="如：局党组成员、机关各科室；讨论稿写提交哪个会议。小结照这样写，不填的写成【待填】。",
    )
    approved_by = PlainField(
        label="审核同意的组织或者领导",
        max_length=100,
        required=False,
        help_text="如：市委指导检查组。小结照这样写，不填的写成【待填】。",
    )

    class Meta:
        model = DocumentDraft
        fields = ["sent_to", "approved_by"]


class DraftForm(forms.Form):
    """A further draft of a document."""

    stage = forms.ChoiceField(label="阶段", choices=DocumentDraft.Stage.choices)
    dated_on = forms.DateField(label="日期", widget=day_input(), help_text="印发或者提交会议的那一天。")
    text = PlainTextField(
        label="正文",
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=f"至多{MOST_CHARACTERS}字，一行一段。参评人员在手机上读的就是这里；只传文件的，手机上要另外打开文件。",
    )
    file = forms.FileField(
        label="文件",
        required=False,
        help_text="PDF、JPEG和PNG图片、Word文档（docx），不超过10MB。可以不传。",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{kind}" for kind in FILE_KINDS)}),
    )

    def __init__(self, *args, document: AppraisedDocument, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = document.drafts.last()
        stages = STAGES[document.kind]
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in stages]
        if len(stages) == 1:
            self.fields["stage"].widget = forms.HiddenInput()
            self.initial["stage"] = stages[0]
        else:
            # Handed out and approved is what the drafts of a leading body's report are.
            self.fields |= {name: DraftFactsForm.base_fields[name] for name in DraftFactsForm.Meta.fields}
            self.order_fields(["stage", "dated_on", *DraftFactsForm.Meta.fields, "text", "file"])

    def clean_dated_on(self):
        day, today = self.cleaned_data["dated_on"], timezone.localdate()
        if day > today:
            raise ValidationError(f"日期不能晚于今天（{today:%Y-%m-%d}）。")
        if self.last and day < self.last.dated_on:
            raise ValidationError(f"日期不能早于上一稿（{self.last.dated_on:%Y-%m-%d}）。")
        return day

    def clean(self):
        facts = super().clean()
        if not facts.get("text") and not facts.get("file") and not self.errors:
            self.add_error("text", "请写正文，或者上传文件。")
        return facts

    @property
    def facts(self) -> dict:
        """The columns of the draft."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}
