"""Two lanes for requests: pages with an account have a session, a user and messages; a participant's have none to wait for.

A participant's request that is as phones send it goes the short way: to its page at once, which gets the head that the
middleware gives to all. Whatever is out of the ordinary goes the long way, through all of MIDDLEWARE.
"""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.module_loading import import_string

from .bodies import ANY_PAGE_TAKES, announced_length
from .methods import KNOWN


class ParticipantsLane:
    """The short way. It stands before all other middleware, and gives what they would (tests/test_lanes.py)."""

    def __init__(self, get_response):
        self.get_response = get_response
        self._show = convert_exception_to_response(_show)
        # The fixed part of the head by whether the request came over HTTPS, as the middleware wrote it the first time.
        self._heads: dict[bool, list[tuple[str, str]]] = {}
        # The pages without a code or a number in their address, as the table of routes gave them the first time.
        self._pages: dict[tuple[str, str], ResolverMatch] = {}

    def __call__(self, request):
        if not is_participants(request):
            return self.get_response(request)
        is_secure = request.is_secure()
        if not _is_usual(request, is_secure=is_secure) or (page := self._page(request.path_info)) is None:
            return self.get_response(request)
        request.resolver_match = page
        response = self._show(request)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        for name, value in self._heads.get(is_secure) or self._learn(request, is_secure=is_secure):
            response.headers.setdefault(name, value)
        return response

    def _page(self, path: str) -> ResolverMatch | None:
        """The page at an address; none of a wrong address, and none that leaves Django to ask where its form comes from.

        Neither codes nor whatever a stranger asks for is remembered.
        """
        known = (settings.ROOT_URLCONF, path)
        if known in self._pages:
            return self._pages[known]
        try:
            page = resolve(path)
        except Resolver404:
            return None
        if not getattr(page.func, "csrf_exempt", False):
            return None
        if not page.kwargs:
            self._pages[known] = page
        return page

    def _learn(self, request, *, is_secure: bool) -> list[tuple[str, str]]:
        """The headers that the middleware of PARTICIPANT_HEAD gives to an answer which has none."""
        lane = _bare_answer
        for name in reversed(settings.PARTICIPANT_HEAD):
            lane = import_string(name)(lane)
        self._heads[is_secure] = list(lane(request).items())
        return self._heads[is_secure]


def _is_usual(request, *, is_secure: bool) -> bool:
    """Whether there is nothing in a request for the rest of the middleware to refuse or to mend."""
    is_fit = request.method in KNOWN and announced_length(request) <= ANY_PAGE_TAKES
    if not is_fit or (settings.SECURE_SSL_REDIRECT and not is_secure):
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _show(request):
    page = request.resolver_match
    return page.func(request, *page.args, **page.kwargs)


def _bare_answer(request) -> HttpResponse:
    response = HttpResponse()
    del response.headers["Content-Type"]
    return response


class AccountLane:
    """The middleware of ACCOUNT_MIDDLEWARE, in its order, for every page that is not a participant's."""

    def __init__(self, get_response):
        self.get_response = self._whole_lane = get_response
        self._view_steps = []
        for name in reversed(settings.ACCOUNT_MIDDLEWARE):
            step = import_string(name)(self._whole_lane)
            self._whole_lane = convert_exception_to_response(step)
            if hasattr(step, "process_view"):
                self._view_steps.insert(0, step.process_view)

    def __call__(self, request):
        return (self.get_response if is_participants(request) else self._whole_lane)(request)

    def process_view(self, request, view, args, kwargs):
        if is_participants(request):
            return None
        answers = (step(request, view, args, kwargs) for step in self._view_steps)
        return next((answer for answer in answers if answer is not None), None)


def is_participants(request) -> bool:
    """Whether the address is a participant's; no page beneath it asks for an account (tests/test_lanes.py)."""
    return request.path_info.startswith(settings.PARTICIPANT_PAGES)
