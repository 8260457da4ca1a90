"""Forms of the units of a campaign, their meeting facts and what their ballots are about."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet

from ..models import Commitment, LateFact, Member, Organization, Poll, Questionnaire, Target, TargetKind
from ..models.columns import max_length
from .fields import PartForm, PlainField, RowsFormSet, day_input
from .lists import ListFilterForm, containing

PERSONS = TargetKind.persons()
LEADING_POSTS = (Member.Post.SECRETARY, Member.Post.DEPUTY, Member.Post.CADRE)


class UnitsForm(forms.Form):
    """Which units of the tree take part."""

    units = forms.ModelMultipleChoiceField(
        label="评议单位",
        queryset=Organization.objects.none(),
        required=False,
        error_messages={"invalid_choice": "所选单位不在组织单位之下，或已停用。"},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class UnitFilterForm(ListFilterForm):
    """Units by name and kind, at and below the unit `under`."""

    q = forms.CharField(label="单位名称", required=False, max_length=100)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部类别"), *Organization.Kind.choices])
    under_unit = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    @property
    def under(self) -> int | None:
        self.is_valid()
        return self.cleaned_data.get("under_unit")

    def apply(self, units: QuerySet[Organization]) -> QuerySet[Organization]:
        units = units.filter(containing(self.wanted.get("q", ""), "name"))
        return units.filter(kind=self.wanted["kind"]) if "kind" in self.wanted else units

    def address(self, page: str | None) -> str:
        """The query that asks for the same again."""
        words = {**self.wanted, "under_unit": self.under, "unit-page": page}
        return urlencode({name: value for name, value in words.items() if value})


class PollFactsForm(PartForm):
    """How many should take part, and the facts of the meeting."""

    seen_by_constraints = ("attended_count",)
    place = PlainField(label="地点", max_length=100, required=False)
    host = PlainField(label="主持人", max_length=50, required=False)
    supervisor = PlainField(label="上级派员", max_length=50, required=False, help_text="到会监督或点评的上级同志。")
    scrutineers = PlainField(label="监票人", max_length=100, required=False, help_text="几个人时用顿号隔开。")
    tellers = PlainField(label="计票人", max_length=100, required=False, help_text="几个人时用顿号隔开。")

    class Meta:
        model = Poll
        fields = ["entitled_count", "meeting_on", "place", "host", "supervisor", "scrutineers", "tellers"]
        widgets = {"meeting_on": day_input()}

    def __init__(self, *args, roster_count: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["entitled_count"]
        field.help_text = "应当参加评议的总人数，含群众代表和服务对象。"
        if self.instance.entitled_count is None and roster_count:
            self.initial["entitled_count"] = roster_count
            field.help_text += f"现按在册党员{roster_count}名预填，请改为实际人数。"


def put_facts(poll: Poll, facts: dict[str, str]) -> list[tuple[str, str]]:
    """Set facts on a poll in memory as the form would; returns what is wrong, as pairs of column and sentence."""
    form = PollFactsForm(facts, instance=poll)
    form.is_valid()
    return [(column, str(message)) for column, messages in form.errors.items() for message in messages]


class LateFactsForm(forms.Form):
    """The facts of a sealed poll's meeting that were left blank, and why they come so late."""

    reason = PlainField(
        label="补记原因",
        max_length=max_length(LateFact, "reason"),
        help_text="如：封存时漏填。原因、时间和补记人一直列在评议点的页面上。",
        error_messages={"required": "请写明补记原因。"},
    )
    field_order = [*LateFact.Fact.values, "reason"]

    def __init__(self, *args, poll: Poll, facts: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        own = PollFactsForm(instance=poll)
        for name in facts:
            field = own.fields[name]
            field.required = False
            self.fields[name] = field
            self.initial[name] = getattr(poll, name)
        self.order_fields(self.field_order)

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class TargetRow(forms.Form):
    """A target and its name on the ballot; ticked, it is removed."""

    id = forms.IntegerField(widget=forms.HiddenInput)
    name = PlainField(
        label="票面上的名称",
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "aria-label": "票面上的名称"}),
    )
    is_removed = forms.BooleanField(
        label="移除",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": "移除"}),
    )


class TargetRows(RowsFormSet):
    first_field = "id"

    def __init__(self, *args, targets, **kwargs):
        self.targets = {target.pk: target for target in targets}
        initial = [{"id": target.pk, "name": target.name} for target in targets]
        super().__init__(*args, initial=initial, **kwargs)

    def __iter__(self):
        """The rows with the targets they are about."""
        for form in self.forms:
            key = str(form["id"].value())
            form.target = self.targets.get(int(key)) if key.isdecimal() else None
            yield form

    def clean(self):
        if any(self.errors):
            return
        keys = [row["id"] for row in self.rows]
        if set(keys) != set(self.targets) or len(keys) != len(self.targets):
            raise ValidationError("评议对象在此期间有了变化，请重新打开本页再改。")
        taken = set()
        for key, name in self.kept:
            line = (self.targets[key].questionnaire_id, name)
            if line in taken:
                raise ValidationError(f"同一张评议表中有两个评议对象都叫“{name}”。")
            taken.add(line)

    @property
    def kept(self) -> list[tuple[int, str]]:
        """Key and name of the targets that stay, in order."""
        return [(row["id"], row["name"]) for row in self.rows if not row["is_removed"]]


TargetFormSet = forms.formset_factory(
    TargetRow, formset=TargetRows, can_order=True, extra=0, max_num=500, validate_max=True
)


class CommitmentsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, commitment):
        who = commitment.member.name if commitment.member else "党组织"
        return f"{who}：{commitment.content}（{commitment.get_status_display()}）"


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, member):
        return f"{member.name}（{member.organization.name}，{member.get_post_display()}）"


class CommitmentsForm(forms.Form):
    """Which public commitments of a poll's unit and its members are put to the vote (评诺), and on what questionnaire."""

    questionnaire = forms.ModelChoiceField(
        label="评议表", queryset=Questionnaire.objects.none(), empty_label=None, help_text="评议文件稿的评议表。"
    )
    commitments = CommitmentsField(
        label="公开承诺",
        queryset=Commitment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选择一项承诺。",
            "invalid_choice": "所选承诺不是本单位的，或者已经在票上。",
        },
    )

    def __init__(self, *args, poll, **kwargs):
        super().__init__(*args, **kwargs)
        self.poll = poll
        asked = poll.campaign.questionnaires.filter(target_kind=TargetKind.DOCUMENT)
        self.fields["questionnaire"].queryset = asked
        # A commitment that is in each of these questionnaires already has nowhere to go.
        there = Count("targets", filter=Q(targets__poll=poll, targets__questionnaire__in=asked))
        waiting = Commitment.objects.filter(organization=poll.organization).annotate(there=there)
        waiting = waiting.order_by(*Commitment._meta.ordering)  # grouping drops it
        self.fields["commitments"].queryset = waiting.filter(there__lt=max(asked.count(), 1)).select_related("member")

    def clean(self):
        questionnaire, chosen = self.cleaned_data.get("questionnaire"), self.cleaned_data.get("commitments")
        if questionnaire and chosen:
            there = self.poll.targets.filter(questionnaire=questionnaire, commitment__in=chosen)
            if names := "、".join(f"“{target.name}”" for target in there):
                self.add_error("commitments", f"{names}已经在“{questionnaire}”中，请取消勾选。")
        return self.cleaned_data

    @property
    def has_questionnaire(self) -> bool:
        return self.fields["questionnaire"].queryset.exists()

    @property
    def has_commitments(self) -> bool:
        return self.fields["commitments"].queryset.exists()


class TargetAddForm(forms.ModelForm):
    """A person from the roster, a document or an open question that one ballot asks about besides the rules."""

    member = MemberField(
        label="名册上的人",
        queryset=Member.objects.none(),
        required=False,
        help_text="评议书记、党员、干部时选择；可以是本单位的，也可以是直属下级单位的书记、班子成员和领导干部。",
    )
    name = PlainField(
        label="票面上的名称",
        max_length=100,
        required=False,
        help_text="不填时用姓名、单位名称或评议表名称。",
    )

    class Meta:
        model = Target
        fields = ["questionnaire", "member", "name"]

    def __init__(self, *args, poll, **kwargs):
        super().__init__(*args, instance=Target(poll=poll), **kwargs)
        self.fields["questionnaire"].queryset = poll.campaign.questionnaires.all()
        own = Q(organization=poll.organization)
        # The few units first, so that their members are found by an index.
        units = Organization.objects.filter(Q(pk=poll.organization_id) | Q(parent=poll.organization_id)).values("pk")
        members = Member.objects.active().filter(own | Q(post__in=LEADING_POSTS), organization__in=units)
        self.fields["member"].queryset = members.select_related("organization")

    def _get_validation_exclusions(self):
        """The constraints are to see what `clean` fills in, which it does only when all else is right."""
        filled_in = set() if self.errors else {"poll", "kind", "name", "organization", "member"}
        return super()._get_validation_exclusions() - filled_in

    def clean(self):
        questionnaire, member = self.cleaned_data.get("questionnaire"), self.cleaned_data.get("member")
        if questionnaire is None:
            return self.cleaned_data
        target, kind = self.instance, questionnaire.target_kind
        target.kind = kind
        as_one_body = questionnaire.target_rule == questionnaire.TargetRule.MEMBERS_TOGETHER
        if kind in PERSONS and not as_one_body and member is None:
            self.add_error("member", "请从名册中选择评议谁。")
        if member and (kind not in PERSONS or as_one_body):
            self.add_error("member", "这张评议表评议的不是个人，请不要选人。")
        unit = target.poll.organization
        if kind == TargetKind.ORGANIZATION or as_one_body:
            target.organization = unit
        if not self.cleaned_data.get("name"):
            default = unit.name if kind == TargetKind.ORGANIZATION else questionnaire.target_name or questionnaire.title
            self.cleaned_data["name"] = member.name if member else default
        return self.cleaned_data
