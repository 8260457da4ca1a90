"""Templates draw a bar from where its chart begins, and say where that is."""

from fractions import Fraction

from django.template import Context, Template

from ballots.counting.tally import rate_of
from reports.tables.shades import Shades
from tests.reports.tables.test_axis import row


def drawn(text, **context):
    return Template("{% load bars %}" + text).render(Context(context))


def test_a_bar_is_whole_unless_its_chart_begins_higher():
    text = "{% bar_parts row as parts %}{% for tone, start, width in parts %}{{ tone }} {{ start }} {{ width }};{% endfor %}"

    assert drawn(text, row=row(96, 4, 0)) == "g1 0 96;g3 96 4;"
    assert drawn(text, row=row(96, 4, 0), axis=Fraction(9, 10)) == "g1 0 60;g3 60 40;"


def test_the_beginning_of_the_axis_is_said():
    rows = [row(96, 4, 0), row(92, 8, 0)]

    assert drawn("{% with axis=rows|axis_of %}{{ axis|axis_text }}{% endwith %}", rows=rows) == "横轴从90%起"
    assert drawn("{% with axis=rows|axis_of %}{{ axis|axis_text }}{% endwith %}", rows=rows[:1]) == ""


def test_a_rate_lies_in_a_step_of_its_matrix():
    rates = [rate_of(9, 10), rate_of(10, 10)]

    assert (
        drawn("{% for rate in rates %}{{ rate|step_of:shades }}{% endfor %}", rates=rates, shades=Shades.of(rates))
        == "15"
    )
