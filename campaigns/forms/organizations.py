"""Forms of an organization's page: the organization itself, its members and its commitments."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from .. import actions
from ..models import Commitment, Member, Organization
from ..permissions import can_arrange, organizations_of_roster
from ..plain_text import NotPlain, clean_name
from .fields import PartForm, PlainField, day_input


class TreeChoiceField(forms.ModelChoiceField):
    """A choice of an organization, indented by depth."""

    def label_from_instance(self, organization):
        return "\u3000" * organization.depth + organization.name


class NameField(PlainField):
    """A person's name, without the white space that aligns names in lists."""

    def to_python(self, value):
        try:
            return clean_name(super().to_python(value) or "")
        except NotPlain as error:
            raise ValidationError(str(error)) from error


class OrganizationForm(PartForm):
    """A new organization below a parent, or the name, kind and place of one that is there."""

    seen_by_constraints = ("parent",)
    name = PlainField(label="名称", max_length=100)
    kind = forms.ChoiceField(label="类别", choices=[("", "（请选择）"), *Organization.Kind.choices])
    parent = TreeChoiceField(
        label="上级党组织",
        queryset=Organization.objects.none(),
        empty_label="（最上级）",
        help_text="换上级时，它的下级、党员和承诺一起移动。",
    )

    class Meta:
        model = Organization
        fields = ["name", "kind", "parent"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or not can_arrange(user, self.instance.parent):
            del self.fields["parent"]
            return
        self.fields["parent"].queryset = organizations_of_roster(user)
        if can_arrange(user, None):
            self.fields["parent"].required = False
        else:
            self.fields["parent"].empty_label = None

    def save(self):
        """Write it; raises TreeError where it cannot stand in the chosen place."""
        organization = self.instance
        if organization.pk is None:
            return actions.add_organization(name=organization.name, kind=organization.kind, parent=organization.parent)
        with transaction.atomic():
            organization.save(update_fields=["name", "kind"])
            if "parent" in self.changed_data:
                actions.move_organization(organization, organization.parent)
        return organization


class MemberForm(PartForm):
    """A member of one organization; when edited, the organization can be changed too."""

    seen_by_constraints = ("organization",)
    name = NameField(label="姓名", max_length=50)
    organization = TreeChoiceField(
        label="所在党组织",
        queryset=Organization.objects.none(),
        empty_label=None,
        help_text="党员调到另一个党组织时改这里，本人的承诺一起转过去。",
    )

    class Meta:
        model = Member
        fields = ["name", "status", "post", "organization"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = organizations_of_roster(user)

    def save(self):
        member = self.instance
        if member.pk is None:
            member.save()
            return member
        with transaction.atomic():
            member.save(update_fields=["name", "status", "post"])
            if "organization" in self.changed_data:
                actions.transfer_member(member, member.organization)
        return member


class CommitmentForm(PartForm):
    """A commitment of an organization or of one of its members, and what became of it."""

    seen_by_constraints = ("organization",)
    content = PlainField(
        label="承诺内容", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="至多300字。"
    )
    note = PlainField(
        label="践诺情况",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="做了什么；没有兑现的写明原因。至多300字。",
    )

    class Meta:
        model = Commitment
        fields = ["kind", "member", "content", "due_on", "status", "fulfilled_on", "note"]
        widgets = {"due_on": day_input(), "fulfilled_on": day_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        members = Member.objects.filter(organization=self.instance.organization)
        self.fields["member"].queryset = members.active() | members.filter(pk=self.instance.member_id)
        self.fields["member"].empty_label = "（党组织的承诺）"
        self.fields["member"].help_text = ""

    def save(self):
        self.instance.save()
        return self.instance
