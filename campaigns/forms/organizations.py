"""Forms of an organization's page: the organization itself, its members and its commitments."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from .. import actions
from ..models import Commitment, Member, Organization
from ..permissions import can_arrange, organizations_of_roster
from ..plain_text import NotPlain, clean_name
from .fields import PartForm, PlainField, day_input
from .unit_field import TreeChoiceField


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

    def save(self, *, by):
        """Write it; raises TreeError where it cannot stand in the chosen place."""
        organization = self.instance
        if organization.pk is None:
            return actions.add_organization(name=organization.name, kind=organization.kind, parent=organization.parent)
        with transaction.atomic():
            actions.edit_organization(organization, by=by)
            if "parent" in self.changed_data:
                actions.move_organization(organization, organization.parent, by=by)
        return organization


class MemberForm(PartForm):
    """A member of one organization; to another one a member is transferred (`forms.moves`)."""

    seen_by_constraints = ("organization",)
    name = NameField(label="姓名", max_length=50)

    class Meta:
        model = Member
        fields = ["name", "status", "post"]

    def save(self):
        if self.instance.pk is None:
            self.instance.save()
            return self.instance
        return super().save()


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
