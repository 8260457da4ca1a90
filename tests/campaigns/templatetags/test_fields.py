"""`{% fields %}`: a form inside the form element of its page."""

import pytest
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.template import Context, Template


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
