"""Forms of leaders' comments: which are listed, whom one is about, and what was said."""

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.forms.fields import PartForm, PlainField, PlainTextField, day_input
from campaigns.forms.roster import RosterForm
from campaigns.models import Campaign, Organization

from ..comments.points import MAX_POINT_LENGTH, points_of
from ..models import LeaderComment


class CommentFilterForm(forms.Form):
    """Which comments are listed; what is not understood does not restrict."""

    campaign = forms.ModelChoiceField(
        label="评议活动", queryset=Campaign.objects.none(), empty_label=None, required=False
    )
    unit = forms.ChoiceField(label="单位（含下级）", required=False)
    mode = forms.ChoiceField(label="点评方式", required=False, choices=[("", "全部方式"), *LeaderComment.Mode.choices])
    leader = forms.CharField(label="点评领导", required=False, max_length=50)
    followed_up = forms.ChoiceField(
        label="整改落实",
        required=False,
        choices=[("", "全部"), ("yes", "已填落实情况"), ("no", "未填落实情况")],
    )

    def __init__(self, *args, campaigns, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns
        self.fields["unit"].choices = units

    def apply(self, comments: QuerySet[LeaderComment]) -> QuerySet[LeaderComment]:
        self.is_valid()
        wanted = self.cleaned_data
        if mode := wanted.get("mode"):
            comments = comments.filter(mode=mode)
        if leader := wanted.get("leader", "").strip():
            comments = comments.filter(leader__icontains=leader)
        if followed_up := wanted.get("followed_up"):
            written = ~Q(follow_up="")
            comments = comments.filter(written if followed_up == "yes" else ~written)
        return comments


class SubjectFilterForm(forms.Form):
    """In which campaign, and which unit by a part of its name."""

    campaign = forms.ModelChoiceField(
        label="评议活动", queryset=Campaign.objects.none(), empty_label=None, required=False
    )
    name = forms.CharField(label="单位名称", required=False, max_length=100)

    def __init__(self, *args, campaigns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns

    def apply(self, organizations: QuerySet[Organization]) -> QuerySet[Organization]:
        self.is_valid()
        name = self.cleaned_data.get("name", "").strip()
        return organizations.filter(name__icontains=name) if name else organizations


class CommentImportForm(RosterForm):
    """The upload of a workbook of comments."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "点评工作簿"


class CommentImportConfirmForm(forms.Form):
    """The upload that a preview hands back, and the digest of what it showed."""

    upload = forms.CharField(max_length=60, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


class CommentForm(PartForm):
    """A leader's comment on one subject, point by point, and what was done about it."""

    seen_by_constraints = ("points",)
    leader = PlainField(label="点评领导", max_length=50)
    leader_post = PlainField(label="领导职务", max_length=50, required=False)
    content = PlainTextField(
        label="点评内容",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="综合点评，或者没有按要点逐项点评时写在这里。至多1000字。",
    )
    follow_up = PlainTextField(
        label="整改落实情况",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="点评以后做了什么，可以以后补填。至多500字。",
    )

    class Meta:
        model = LeaderComment
        fields = ["leader", "leader_post", "commented_on", "mode", "content", "follow_up", "followed_up_on"]
        widgets = {"commented_on": day_input(), "followed_up_on": day_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stored, member = self.instance.points, self.instance.member
        self.points = points_of(stored, post=member.post if member else None)
        for point in self.points:
            self.fields[point.key] = PlainTextField(
                label=point.text,
                max_length=MAX_POINT_LENGTH,
                required=False,
                initial=stored.get(point.key, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        seen = ["seen"] if "seen" in self.fields else []
        self.layout = Layout(
            *seen,
            Fieldset("谁在何时点评", "leader", "leader_post", "commented_on", "mode"),
            Fieldset("逐项点评（谈到的填写，没谈到的留空）", *(point.key for point in self.points)),
            Fieldset("综合点评", "content"),
            Fieldset("整改落实", "follow_up", "followed_up_on"),
        )

    def shown(self, row):
        return super().shown(row) | {"points": row.points}

    def clean_commented_on(self):
        return _not_in_the_future(self.cleaned_data["commented_on"], "点评时间")

    def clean_followed_up_on(self):
        return _not_in_the_future(self.cleaned_data["followed_up_on"], "落实日期")

    def clean(self):
        """Put the points where the constraint sees them."""
        texts = {point.key: self.cleaned_data.get(point.key, "") for point in self.points}
        self.instance.points = {key: text for key, text in texts.items() if text}
        return self.cleaned_data

    def save(self):
        self.instance.save()
        return self.instance


def _not_in_the_future(day, label):
    if day and day > timezone.localdate():
        raise ValidationError(f"{label}不能晚于今天（{timezone.localdate():%Y-%m-%d}）。")
    return day
