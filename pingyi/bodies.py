"""How much may be sent to a page: known from its length before any of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.shortcuts import render
from django.urls import Resolver404, resolve

# Taken by every page; a page without an account takes no more.
ANY_PAGE_TAKES = 256 * 1024
# The heads of a form's parts around its files, and its other fields.
AROUND_FILES = 64 * 1024


def takes_files(largest: int) -> Callable:
    """Let a view take as many bytes of files; whoever reads files says so (tests/test_architecture.py)."""

    def mark(view):
        view.largest_body = largest + AROUND_FILES
        return view

    return mark


def largest_body(path: str) -> int:
    """The bytes that the page at a path takes."""
    try:
        view = resolve(path).func
    except Resolver404:
        return ANY_PAGE_TAKES
    is_public = not getattr(view, "login_required", True)
    return getattr(view, "largest_body", ANY_PAGE_TAKES if is_public else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class RefuseLargeBodies:
    """Answers a request that is larger than its page takes, without reading it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        size = announced_length(request)
        if size > ANY_PAGE_TAKES and size > (largest := largest_body(request.path_info)):
            return render(request, "413.html", {"largest": largest}, status=413)
        return self.get_response(request)


def announced_length(request) -> int:
    """The bytes that a request says it brings."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0
