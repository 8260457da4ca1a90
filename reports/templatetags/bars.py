"""Bars of grades whose axis may begin above 0, with the words that say so, and the shades of a matrix."""

from django import template

from ballots.counting import tally

from ..tables.axis import WHOLE, axis_of, axis_text
from ..tables.rows import Row
from ..tables.shades import Shades

register = template.Library()
register.filter("axis_of", axis_of)
register.filter("axis_text", axis_text)


@register.simple_tag(takes_context=True)
def bar_parts(context, row: Row) -> tuple[tuple[str, str, str], ...]:
    """The parts of a bar that begins where the page's chart does: at its `axis`, or at 0 where there is none."""
    return row.bar_from(context.get("axis") or WHOLE)


@register.filter
def step_of(rate: tally.Rate, shades: Shades) -> int:
    """The step of a matrix's shades that a rate lies in; 0 where it has none."""
    return shades.step(rate)
