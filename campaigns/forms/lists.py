"""The filters above lists. Nothing chosen is everything; what is not understood does not restrict."""

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ..models import Campaign, Commitment, Member, Organization, Poll, PollQuerySet, Role
from ..models.member import MemberQuerySet
from ..models.reach import within_paths

# So many units above are looked below of those whose names fit a search.
UNITS_ABOVE = 50


class ListFilterForm(forms.Form):
    """A filter; its hidden fields, the order among them, go along and restrict nothing."""

    sort = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")

    @property
    def wanted(self) -> dict:
        """The understood part of what was asked for."""
        self.is_valid()
        values = {field.name: self.cleaned_data.get(field.name) for field in self.visible_fields()}
        return {name: value for name, value in values.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.wanted)


def containing(words: str, *columns: str) -> Q:
    """The condition that each word stands in one of the columns."""
    condition = Q()
    for word in words.split():
        condition &= has_text(word, *columns)
    return condition


def has_text(text: str, *columns: str) -> Q:
    """The condition that a text stands in one of the columns, in small letters or in capitals.

    Chinese has none: a database then need not turn a hundred thousand names into capitals first.
    """
    lookup = "contains" if text.upper() == text.lower() else "icontains"
    places = Q()
    for column in columns:
        places |= Q(**{f"{column}__{lookup}": text})
    return places


def in_units_named(words: str, path: str = "path") -> Q:
    """The condition that the name of a row's unit, or of a unit above it, has the words; `path` is the column of its place."""
    above = Organization.objects.filter(containing(words, "name"), children__isnull=False).distinct()
    paths = above.order_by("path").values_list("path", flat=True)[:UNITS_ABOVE]
    return containing(words, "organization__name") | within_paths(paths, path)


class AccountFilterForm(ListFilterForm):
    q = forms.CharField(label="用户名、姓名或单位", required=False, max_length=50)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部角色"), *Role.Kind.choices])
    active = forms.ChoiceField(
        label="能否登录", required=False, choices=[("", "全部账号"), ("yes", "可以登录"), ("no", "不能登录")]
    )

    def apply(self, accounts: QuerySet, roles: QuerySet) -> QuerySet:
        """`roles` are those that the reader may know of."""
        of_account = roles.filter(user=OuterRef("pk"))
        if words := self.wanted.get("q"):
            for word in words.split():
                in_unit = Q(pk__in=roles.filter(has_text(word, "organization__name")).order_by().values("user"))
                accounts = accounts.filter(containing(word, "username", "first_name") | in_unit)
        if kind := self.wanted.get("role"):
            accounts = accounts.filter(Exists(of_account.filter(kind=kind)))
        if active := self.wanted.get("active"):
            accounts = accounts.filter(is_active=active == "yes")
        return accounts


class CampaignFilterForm(ListFilterForm):
    q = forms.CharField(label="名称、组织单位或周期", required=False, max_length=50)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Campaign.State.choices])

    def apply(self, campaigns: QuerySet) -> QuerySet:
        """`campaigns` have their progress, from which the state follows (`Campaign.state`)."""
        campaigns = campaigns.filter(containing(self.wanted.get("q", ""), "title", "organizer__name", "period"))
        prepared = Q(opened_at=None)
        is_sealed = Q(sealed_count=F("poll_count"))
        is_closed = Q(poll_count=F("closed_count") + F("sealed_count"))
        conditions = {
            Campaign.State.PREPARING: prepared,
            Campaign.State.SEALED: ~prepared & is_sealed,
            Campaign.State.CLOSED: ~prepared & is_closed & ~is_sealed,
            Campaign.State.OPEN: ~prepared & ~is_closed,
        }
        state = self.wanted.get("state")
        return campaigns.filter(conditions[Campaign.State(state)]) if state else campaigns


class PollFilterForm(ListFilterForm):
    name = forms.CharField(label="单位名称", required=False, max_length=100)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *Poll.State.choices])

    def apply(self, polls: PollQuerySet) -> PollQuerySet:
        polls = polls.filter(containing(self.wanted.get("name", ""), "organization__name"))
        return polls.filter(state=self.wanted["state"]) if "state" in self.wanted else polls


class UnitSearchForm(ListFilterForm):
    """Polls by the names of their units, or of any unit above them."""

    q = forms.CharField(label="单位或上级的名称", required=False, max_length=100)

    def apply(self, polls: PollQuerySet) -> PollQuerySet:
        words = self.wanted.get("q")
        return polls.filter(in_units_named(words)) if words else polls


class CommitmentsHereForm(ListFilterForm):
    """The filter of the commitments on the page of a unit, beside that of its members."""

    sought = forms.CharField(label="承诺人或内容", required=False, max_length=50)
    commitment_kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *Commitment.Kind.choices])
    commitment_status = forms.ChoiceField(
        label="兑现情况", required=False, choices=[("", "全部"), *Commitment.Status.choices]
    )

    def apply(self, commitments: QuerySet) -> QuerySet:
        commitments = commitments.filter(containing(self.wanted.get("sought", ""), "member__name", "content"))
        for column in ("kind", "status"):
            if value := self.wanted.get(f"commitment_{column}"):
                commitments = commitments.filter(**{column: value})
        return commitments


class MemberFilterForm(ListFilterForm):
    q = forms.CharField(label="姓名", required=False, max_length=50)
    status = forms.ChoiceField(label="党员状态", required=False, choices=[("", "全部"), *Member.Status.choices])
    post = forms.ChoiceField(label="职务", required=False, choices=[("", "全部"), *Member.Post.choices])

    def apply(self, members: MemberQuerySet) -> MemberQuerySet:
        members = members.filter(containing(self.wanted.get("q", ""), "name"))
        for name in ("status", "post"):
            if value := self.wanted.get(name):
                members = members.filter(**{name: value})
        return members
