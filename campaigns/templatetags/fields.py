"""The fields of a form: `{% fields form %}` for all, as `form.layout` has them; `{% fields form "title" "period" %}` for some.

The page writes the form element, its token and its buttons.
"""

from crispy_forms.helper import FormHelper
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field, as_crispy_form
from crispy_forms.utils import render_crispy_form
from django import template
from django.forms import ModelChoiceField
from django.utils.html import format_html_join

register = template.Library()
# Django's words for a choice that is left open.
DASHES = "---------"


@register.simple_tag
def fields(form, *names):
    """All fields and the errors of the form as a whole; or the named fields alone."""
    for field in form.fields.values():
        _say_open_choice(field)
    if names:
        return format_html_join("", "{}", ([as_crispy_field(form[name])] for name in names))
    if not hasattr(form, "layout"):
        return as_crispy_form(form)
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = form.layout
    return render_crispy_form(form, helper)


def _say_open_choice(field) -> None:
    """Let a choice that is left open read as a word; a field that says it in its own words keeps them."""
    words = "（请选择）" if field.required else "（不选）"
    if isinstance(field, ModelChoiceField):
        field.empty_label = words if field.empty_label == DASHES else field.empty_label
    elif any(label == DASHES for _, label in getattr(field, "choices", ())):
        field.choices = [(value, words if label == DASHES else label) for value, label in field.choices]
