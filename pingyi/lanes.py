"""Two lanes for requests: pages with an account have a session, a user and messages; a participant's have none to wait for."""

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.utils.module_loading import import_string


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
