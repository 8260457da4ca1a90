"""Pages are asked for and sent to, and nothing else is done with them."""

from django.http import HttpResponseNotAllowed

KNOWN = ("GET", "HEAD", "POST")


class RefuseOtherMethods:
    """Refuses every other method of HTTP before a view sees it: a form's page would answer as if it were asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if request.method in KNOWN else HttpResponseNotAllowed(KNOWN)
