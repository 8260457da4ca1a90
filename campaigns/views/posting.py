"""The one way to read what a form sent.

`request.POST or None` reads an empty POST (every box unticked, say) as a page that is only looked at: its form stays unbound
and shows no error.
"""

from django.http import QueryDict


def posted(request):
    """The fields of a POST, even when there are none; None for every other method."""
    return request.POST if request.method == "POST" else None


def posted_files(request):
    """The files of a POST, even when there are none; None for every other method."""
    return request.FILES if request.method == "POST" else None


def ended(response):
    """The answer of a POST that did its deed although a page comes back, which its form with errors would be otherwise."""
    response.is_end = True
    return response


def post_instead(request, fields: str) -> None:
    """Let a POST be read as if these fields, written as a query, had been sent."""
    request.POST = QueryDict(fields)
