"""The Content-Security-Policy of every page, put together once: for each ballot anew it cost as much as a statement."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy


class FixedPolicyMiddleware(CSPMiddleware):
    """django-csp without what differs from page to page: no nonces, no exceptions of single views."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self._policy = build_policy()

    def process_request(self, request):
        """No nonce is offered."""

    def process_response(self, request, response):
        response.headers.setdefault(HEADER, self._policy)
        return response
