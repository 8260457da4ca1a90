"""A refusal as pages show it: its sentence, and the link to the page that mends it."""

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html

from ..ways import Refusal, Way


def told(refusal: Exception | str, *, before: str = "") -> str:
    """The sentence of a refusal behind some words, with a link where it has a way out."""
    return with_way(f"{before}{refusal}", getattr(refusal, "way", None))


def with_way(sentence: str, way: Way | None) -> str:
    """A sentence for an error of a form or of a page, with a link behind it."""
    return with_link(sentence, reverse(way.route, args=way.keys), way.label) if way else sentence


def with_link(sentence: str, address: str, label: str) -> str:
    return format_html('{} <a href="{}">打开“{}”</a>', sentence, address, label)


def refuse(request, sentence: str, way: Way | None = None) -> None:
    """Say on the next page why nothing was done, and where it is mended."""
    messages.error(request, told(Refusal(sentence, way=way)))
