"""`{% picture "start-1" "评议活动的页面" %}`: a picture of the help pages with its caption, from `static/help/`."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def picture(name, caption):
    """The picture, linked to its full size; it loads when it comes near."""
    address = static(f"help/{name}.png")
    return format_html(
        '<figure class="picture"><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"></a>'
        "<figcaption>{1}</figcaption></figure>",
        address,
        caption,
    )
