"""Names of accounts in templates: `{{ keying.teller|name_of }}`."""

from django import template

from ..people import name_of

register = template.Library()
register.filter("name_of", name_of)
