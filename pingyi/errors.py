"""Error pages in Chinese."""

from django.shortcuts import render


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


def csrf_failure(request, reason=""):
    """A form whose page was open too long, or a browser that keeps no cookies."""
    return render(request, "403_csrf.html", status=403)
