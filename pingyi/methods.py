"""Pages are asked for and sent to, and nothing else is done with them."""

from django.http import HttpResponseNotAllowed

KNOWN = ("GET", "HEAD", "POST")
# The web API refuses by itself, in JSON (reports/views/api.py).
PROGRAMS = "/api/"


class RefuseOtherMethods:
    """Refuses every other method of HTTP before a view sees it: a form's page would answer as if it were asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in KNOWN or request.path_info.startswith(PROGRAMS):
            return self.get_response(request)
        return HttpResponseNotAllowed(KNOWN)
