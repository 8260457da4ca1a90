"""The choice of a unit: a list of a few, a search of many."""

import pytest
from django import forms

from campaigns.forms import unit_field
from campaigns.forms.unit_field import TreeChoiceField
from campaigns.models import Organization
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class UnitForm(forms.Form):
    unit = TreeChoiceField(label="单位", queryset=Organization.objects.none(), empty_label="（请选择）")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Organization.objects.order_by("path")


@pytest.fixture
def units():
    """A committee with two counties, each with a unit called alike, by name."""
    committee = factories.make_organization("某市委")
    counties = [factories.make_organization(name, parent=committee) for name in ("甲县委", "乙县委")]
    branches = [factories.make_organization("第一支部", parent=county, kind="branch") for county in counties]
    return {
        "甲县委": counties[0],
        "乙县委": counties[1],
        "甲县委/第一支部": branches[0],
        "乙县委/第一支部": branches[1],
    }


@pytest.fixture
def many(units, monkeypatch):
    monkeypatch.setattr(unit_field, "LISTED", 4)


def drawn(form) -> str:
    return str(form["unit"])


def test_a_few_units_stand_in_one_list_indented_by_their_depth(units, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = drawn(UnitForm())

    assert shown.count("<option") == 6 and "\u3000\u3000第一支部</option>" in shown
    assert "unit_sought" not in shown


def test_too_many_units_are_not_listed_but_searched(many):
    shown = drawn(UnitForm())

    assert "<option" not in shown
    assert 'name="unit_sought"' in shown and 'id="id_unit"' in shown


def test_the_unit_that_is_chosen_already_stays_in_sight(many, units):
    shown = drawn(UnitForm(initial={"unit": units["乙县委"]}))

    assert f'<option value="{units["乙县委"].pk}" selected>某市委/乙县委</option>' in shown
    assert shown.count("<option") == 2


@pytest.mark.parametrize("words", ["乙县委", " 乙县委 ", "某市委/乙县委"])
def test_a_name_that_one_unit_has_is_taken(many, units, words):
    form = UnitForm({"unit_sought": words})

    assert form.is_valid()
    assert form.cleaned_data["unit"] == units["乙县委"]


def test_a_name_that_several_have_is_asked_about_and_the_answer_taken(many, units):
    asked = UnitForm({"unit_sought": "第一支部"})
    answered = UnitForm({"unit_sought": "第一支部", "unit": str(units["乙县委/第一支部"].pk)})
    told = UnitForm({"unit_sought": "乙县委/第一支部"})

    assert asked.errors["unit"] == ["名称里有“第一支部”的单位有2个，请从列出的里面选一个。"]
    assert "甲县委/第一支部</option>" in drawn(asked) and "乙县委/第一支部</option>" in drawn(asked)
    assert 'value="第一支部"' in drawn(asked)
    assert [form.is_valid() and form.cleaned_data["unit"] for form in (answered, told)] == [
        units["乙县委/第一支部"]
    ] * 2


def test_a_part_of_a_name_is_never_taken_unseen(many, units):
    form = UnitForm({"unit_sought": "乙县"})

    assert form.errors["unit"] == ["名称里有“乙县”的单位有1个，请从列出的里面选一个。"]
    assert "某市委/乙县委</option>" in drawn(form)


def test_words_typed_since_count_more_than_the_unit_chosen_before(many, units):
    form = UnitForm({"unit": str(units["甲县委"].pk), "unit_sought": "乙县委"})

    assert form.is_valid()
    assert form.cleaned_data["unit"] == units["乙县委"]


def test_only_so_many_are_offered(many, monkeypatch):
    monkeypatch.setattr(unit_field, "OFFERED", 1)
    form = UnitForm({"unit_sought": "支部"})

    assert form.errors["unit"] == [
        "名称里有“支部”的单位有2个，请从列出的里面选一个，只列前1个，没有要找的请写得再具体些。"
    ]
    assert drawn(form).count("<option") == 2


def test_units_out_of_reach_are_not_there(many, units):
    form = UnitForm({"unit_sought": "甲县委"})
    form.fields["unit"].queryset = Organization.objects.exclude(name="甲县委")

    assert form.errors["unit"] == ["没有名称里有“甲县委”的单位，请检查，或者只写其中几个字。"]
    assert "甲县委</option>" not in drawn(form)


@pytest.mark.parametrize("sent", [{}, {"unit": "", "unit_sought": "  "}, {"unit": "x"}, {"unit": "0"}])
def test_nothing_and_nonsense_are_refused(many, sent):
    assert "unit" in UnitForm(sent).errors


@pytest.mark.parametrize("words", ["/", "a/b/c", "%", "_", "甲" * 300])
def test_any_words_can_be_sought(many, words):
    form = UnitForm({"unit_sought": words, "unit": "99999999999999999999999"})

    assert "unit" in form.errors and drawn(form)
