"""Marks for what is set on paper."""

import re

from django import template
from django.utils.html import format_html, format_html_join

from ..summary.shape import ordinal_text

register = template.Library()
_LATIN = re.compile(r"([!-~]+(?: [!-~]+)*)")


@register.filter
def latin_apart(text: str):
    """Figures and Latin letters in spans of their own, whose face may then be higher than the line's."""
    runs = enumerate(_LATIN.split(text))
    return format_html_join(
        "", "{}", ((format_html('<span class="latin">{}</span>', run) if place % 2 else run,) for place, run in runs)
    )


# 「三」, 「十二」 before a heading.
ordinal = register.filter("ordinal", ordinal_text)
