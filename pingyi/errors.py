"""Error pages in Chinese."""

import logging
import sqlite3
import sys

from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from .failures import Failure, note_failure
from .trouble import Trouble, trouble_of

LOG = logging.getLogger(__name__)
# A lock that did not come free in time, a deadlock, and two transactions that came between each other.
POSTGRESQL_LOCKS = ("55P03", "40P01", "40001")
SQLITE_LOCKS = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
SECONDS_TO_TRY_AGAIN = "5"
CSRF_FIELD = "csrfmiddlewaretoken"


class CannotDraw(Exception):
    """A PDF cannot be drawn on this server; the message says what to do."""


class ExplainCannotDraw:
    """Answers a request whose PDF cannot be drawn with the reason."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, CannotDraw):
            return render(request, "503.html", {"reason": exception}, status=503)
        return None


def is_locked(error: BaseException | None) -> bool:
    """Whether a statement failed because somebody else holds the database: later it may succeed."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    extended = getattr(cause, "sqlite_errorcode", 0)
    return extended & 0xFF in SQLITE_LOCKS or getattr(cause, "pgcode", None) in POSTGRESQL_LOCKS


def server_error(request):
    """The answer to a failure: a page that says what is wrong with the machine, and where another program holds the
    database one that asks again by itself."""
    error = sys.exc_info()[1]
    if not is_locked(error):
        note_failure(Failure.ERROR)
        trouble = trouble_of(error)
        return _unavailable(trouble, error) if trouble else defaults.server_error(request)
    note_failure(Failure.BUSY)
    # Without the request: its account is in the database.
    response = HttpResponse(render_to_string("busy.html"), status=503)
    response["Retry-After"] = SECONDS_TO_TRY_AGAIN
    if request.method == "GET":
        response["Refresh"] = SECONDS_TO_TRY_AGAIN
    return response


def _unavailable(trouble: Trouble, error: BaseException | None) -> HttpResponse:
    """A page without any secret of the machine; its log gets the line with the command, in place of a traceback."""
    LOG.error("%s（%s）", trouble, str(error).partition("\n")[0])
    response = HttpResponse(render_to_string("unavailable.html", {"reason": trouble.told}), status=503)
    response["Retry-After"] = SECONDS_TO_TRY_AGAIN
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
    return response


def csrf_failure(request, reason=""):
    """The answer to a form whose token does not fit: signed in anew meanwhile, or a browser that keeps no cookies.

    A form of this site is offered again with all that was filled in. Files and passwords have to be given once more.
    """
    is_ours = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF_FIELD]
    is_offered = is_ours and bool(fields) and not any("password" in name for name, _ in fields)
    context = {
        "fields": fields if is_offered else (),
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
    }
    return render(request, "403_csrf.html", context, status=403)
