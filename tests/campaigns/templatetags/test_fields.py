"""`{% fields %}`: a form inside the form element of its page."""

import copy
import importlib
import inspect
import pkgutil

import pytest
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.template import Context, Template

from campaigns.models import Organization


class BoxForm(forms.Form):
    name = forms.CharField(label="名称")
    count = forms.IntegerField(label="张数")

    def clean(self):
        raise forms.ValidationError("合不上")


class LaidOutForm(BoxForm):
    layout = Layout("count", Fieldset("谁", "name"))


def drawn(form, names=""):
    return Template("{% load fields %}{% fields form " + names + " %}").render(Context({"form": form}))


@pytest.mark.parametrize("form_class", [BoxForm, LaidOutForm])
def test_all_fields_are_drawn_with_the_errors_and_no_form_element(form_class):
    page = drawn(form_class({"name": "甲"}))

    assert "合不上" in page and "这个字段是必填项" in page
    assert 'name="name"' in page and 'name="count"' in page
    assert "<form" not in page and "csrf" not in page


def test_fields_come_in_the_order_of_the_layout():
    page = drawn(LaidOutForm())

    assert page.index('name="count"') < page.index("<legend") < page.index('name="name"')


def test_named_fields_are_drawn_alone_without_the_errors_of_the_whole_form():
    page = drawn(BoxForm({}), '"count"')

    assert 'name="count"' in page and "这个字段是必填项" in page
    assert 'name="name"' not in page and "合不上" not in page


def all_forms():
    """Every form class of the three apps."""
    for app in ("campaigns", "ballots", "reports"):
        package = importlib.import_module(f"{app}.forms")
        for module in pkgutil.iter_modules(package.__path__, f"{app}.forms."):
            for value in vars(importlib.import_module(module.name)).values():
                if inspect.isclass(value) and issubclass(value, forms.BaseForm) and value.__module__ == module.name:
                    yield value


@pytest.mark.django_db
@pytest.mark.parametrize("form_class", list(all_forms()), ids=lambda form_class: form_class.__name__)
def test_no_form_offers_a_choice_of_dashes(form_class):
    """A choice that is left open is a word, whichever form it is in."""

    class BareForm(forms.Form):
        """The form's fields without what it wants to be made of."""

    BareForm.base_fields = copy.deepcopy(form_class.base_fields)
    for field in BareForm.base_fields.values():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is None:
            field.queryset = Organization.objects.none()

    assert "---" not in drawn(BareForm())


@pytest.mark.parametrize(("required", "words"), [(True, "（请选择）"), (False, "（不选）")])
def test_an_open_choice_is_a_word_that_says_whether_one_must_choose(required, words):
    class ChoiceForm(forms.Form):
        kind = forms.ChoiceField(choices=[("", "---------"), ("a", "甲")], required=required)
        unit = forms.ModelChoiceField(Organization.objects.none(), required=required)
        named = forms.ModelChoiceField(Organization.objects.none(), empty_label="全部")

    page = drawn(ChoiceForm())

    assert (page.count(words), page.count("全部")) == (2, 1)
