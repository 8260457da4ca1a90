"""The words of a page for tests that look for a figure in it.

A bare figure must never be looked for in a page's source: tokens and addresses hold digits of their own, which change
from run to run.
"""

import re

from django.http import HttpResponse

# Tokens, digests and keys of rows; every other value counts as seen, a hidden field's too.
_TOKEN = re.compile(r'<input type="hidden" name="(?:csrfmiddlewaretoken|key|seen|[\w-]+-id)"[^>]*>')
_SEEN = re.compile(r'<[^>]*?\s(?:value|title|alt|aria-label)="([^"]*)"[^>]*>')


def words(page: HttpResponse | str) -> str:
    """All that a reader sees, what stands in fields too, without markup and runs of space."""
    html = page if isinstance(page, str) else page.content.decode()
    shown = _SEEN.sub(r" \1 ", _TOKEN.sub(" ", html))
    return " ".join(re.sub(r"<[^>]*>", " ", shown).split())
