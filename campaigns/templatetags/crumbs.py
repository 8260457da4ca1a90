"""The way from the top to a page, above its heading: `{% crumbs %}` holds a `{% crumb %}` for each step and `{% here %}`."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

register = template.Library()


@register.simple_block_tag
def crumbs(content):
    """The list of steps; paper does without it."""
    return format_html('<nav aria-label="位置" class="d-print-none"><ol class="breadcrumb">{}</ol></nav>', content)


@register.simple_block_tag
def crumb(content, route="", *args, href="", **query):
    """A step on the way, linked to a route with its arguments and query, or to an address; without either it is plain."""
    if route:
        href = reverse(route, args=args, query=query or None)
    if not href:
        return format_html('<li class="breadcrumb-item">{}</li>', content)
    return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', href, content)


@register.simple_block_tag
def here(content):
    """The page itself, at the end of the way."""
    return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', content)
