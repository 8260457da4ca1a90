"""Forms of a campaign's stages and the files of their papers."""

from django import forms
from django.core.exceptions import ValidationError

from ..kept_files import CONTENT_TYPES
from ..models import Artefact, CampaignStage
from ..models.columns import max_length
from .fields import PartForm, PlainField, PlainTextField, day_input

MOST_PAPERS = 20


class StageForm(PartForm):
    """A stage, with the titles of its papers one a line."""

    seen_by_constraints = ("campaign",)
    title = PlainField(label="阶段名称", max_length=50, help_text="如：宣传发动、征求意见、自查。")
    papers = PlainTextField(
        label="应有的材料",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一项，如：活动方案、动员通知、会议记录、自查材料。已经上传了文件的不能去掉。",
    )

    class Meta:
        model = CampaignStage
        fields = ["title", "due_on"]
        widgets = {"due_on": day_input()}
        help_texts = {"due_on": "过了这一天还缺材料的，显示为逾期。可以不填。"}

    field_order = ["title", "due_on", "papers"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["papers"] = "\n".join(self.instance.artefacts.values_list("title", flat=True))

    def shown(self, row) -> dict:
        return {**super().shown(row), "papers": list(row.artefacts.values_list("title", flat=True))}

    def clean_papers(self):
        titles = [line.strip() for line in self.cleaned_data["papers"].splitlines() if line.strip()]
        if len(titles) > MOST_PAPERS:
            raise ValidationError(f"一个阶段至多{MOST_PAPERS}项材料，现在填了{len(titles)}项。")
        longest = max_length(Artefact, "title")
        for number, title in enumerate(titles, start=1):
            if len(title) > longest:
                raise ValidationError(f"第{number}项“{title[:10]}…”有{len(title)}字，至多{longest}字。")
            if title in titles[: number - 1]:
                raise ValidationError(f"“{title}”填了两次。")
        return titles


class ArtefactFileForm(forms.Form):
    """A file of a paper."""

    file = forms.FileField(
        label="文件",
        help_text="PDF、JPEG和PNG图片、Word文档（docx）、Excel工作簿（xlsx），不超过10MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{kind}" for kind in CONTENT_TYPES)}),
    )
