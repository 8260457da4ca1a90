"""`{% sentence %}`: one Chinese sentence written over several lines of a template.

A browser shows a line break as a space, and Chinese text has none. Inside the tag the template's own line breaks go,
with the indent around them; spaces within a line stay, and so does whatever a value brings with it. An HTML tag must
not be broken there, as its attributes would run together.
"""

import re

from django import template
from django.template.base import Node, TextNode

register = template.Library()

LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*")  # not the full-width space, which Chinese text is spaced by


class SentenceNode(Node):
    """The nodes of a sentence, whose text has no line breaks."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        return self.nodelist.render(context)


@register.tag
def sentence(parser, token):
    """The text up to `{% endsentence %}` as if it stood on one line."""
    nodelist = parser.parse(("endsentence",))
    parser.delete_first_token()
    for text in nodelist.get_nodes_by_type(TextNode):
        text.s = LINE_BREAK.sub("", text.s)
    return SentenceNode(nodelist)
