"""The choice of an organization: a list indented by depth, or, where there are too many for one, a search by name.

The search needs no script: a name that one unit alone has is taken; otherwise the page comes back with those that were
meant, to choose from.
"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html

from ..models import Organization
from ..unit_names import name_with_parent
from .lists import containing

# So many units stand in a list.
LISTED = 200
# So many that fit a search are offered.
OFFERED = 30
HELP = "单位太多，不能全部列出。请填名称，同名的写成“上级名称/名称”；只记得几个字的也可以，提交以后从查到的里面选。"


@dataclass(frozen=True)
class SoughtUnit:
    """The words that were typed, and the key of the unit that was chosen beside them; either may be empty."""

    words: str
    key: str

    def __str__(self):
        return self.key

    def fitting(self, units: QuerySet[Organization]) -> QuerySet[Organization]:
        """The units whose names have the words in them; before a stroke, those of the unit right above."""
        above, _, name = self.words.rpartition("/")
        fitting = units.filter(containing(name, "name"), containing(above, "parent__name"))
        return fitting.select_related("parent").order_by("path")

    def exact(self, units: QuerySet[Organization]) -> list[Organization]:
        """The first two units of exactly this name."""
        above, _, name = self.words.rpartition("/")
        return list(units.filter(name=name.strip(), **({"parent__name": above.strip()} if above else {}))[:2])


class UnitSelect(forms.Select):
    """The list of a `TreeChoiceField`; of too many units, the one that is chosen or those that were meant, and the search."""

    field: "TreeChoiceField"

    def value_from_datadict(self, data, files, name):
        key, words = data.get(name, ""), data.get(f"{name}_sought", "").strip()
        return SoughtUnit(words, key) if words else key

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_sought" not in data

    def use_required_attribute(self, initial):
        return self.field.empty_label is not None

    def render(self, name, value, attrs=None, renderer=None):
        units = list(self.field.queryset[: LISTED + 1])
        if len(units) <= LISTED:
            self.choices = [*self._empty(), *((unit.pk, self.field.label_from_instance(unit)) for unit in units)]
            return super().render(name, str(value) if isinstance(value, SoughtUnit) else value, attrs, renderer)
        return self._searched(name, value, attrs or {}, renderer)

    def _searched(self, name, value, attrs, renderer):
        sought = value if isinstance(value, SoughtUnit) else None
        offered = self._offered(value)
        about = {"placeholder": "单位名称", "aria-describedby": f"id_{name}_how", "class": "form-control"}
        if offered:
            own = {**about, "aria-label": f"{self.field.label}，另找一个", "class": "form-control mt-2"}
        else:
            own = {**attrs, **about, "required": self.field.required}
        text = forms.TextInput({"maxlength": 200, "autocomplete": "off"})
        words = text.render(f"{name}_sought", sought.words if sought else "", own, renderer)
        self.choices = [("", "（请选择）"), *((unit.pk, name_with_parent(unit)) for unit in offered)]
        chosen = str(value or "")
        listed = super().render(name, chosen, {**attrs, "required": False}, renderer) if offered else ""
        return format_html('{}{}<div class="form-text" id="id_{}_how">{}</div>', listed, words, name, HELP)

    def _offered(self, value) -> list[Organization]:
        """The units that fit the search, or the one that is chosen."""
        units = self.field.queryset.select_related("parent")
        if isinstance(value, SoughtUnit):
            return list(value.fitting(units)[:OFFERED])
        key = value.pk if isinstance(value, Organization) else value
        return list(units.filter(pk=key)) if str(key or "").isdecimal() else []

    def _empty(self):
        return [] if self.field.empty_label is None else [("", self.field.empty_label)]


class IndentedChoiceField(forms.ModelChoiceField):
    """A choice of an organization, indented by its depth below the highest there are (`depth`)."""

    depth = 0

    def label_from_instance(self, organization):
        return "\u3000" * (organization.depth - self.depth) + organization.name


class TreeChoiceField(IndentedChoiceField):
    """The same of any number of organizations: of too many for a list, it is searched."""

    widget = UnitSelect

    @property
    def queryset(self):
        return self._queryset

    @queryset.setter
    def queryset(self, queryset):
        self._queryset = None if queryset is None else queryset.all()
        self.widget.field = self

    def to_python(self, value):
        if not isinstance(value, SoughtUnit):
            return super().to_python(value)
        units = self.queryset
        if value.key.isdecimal() and (chosen := value.fitting(units).filter(pk=value.key).first()):
            return chosen
        if len(exact := value.exact(units)) == 1:
            return exact[0]
        count = value.fitting(units).count()
        if not count:
            raise ValidationError(f"没有名称里有“{value.words}”的单位，请检查，或者只写其中几个字。")
        more = f"，只列前{OFFERED}个，没有要找的请写得再具体些" if count > OFFERED else ""
        raise ValidationError(f"名称里有“{value.words}”的单位有{count}个，请从列出的里面选一个{more}。")
