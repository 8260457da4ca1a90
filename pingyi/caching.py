"""No page stays in a browser or on the way to it: results, opinions and ballots are shown to whoever asks and may."""

from django.utils.cache import add_never_cache_headers


class KeepNoPage:
    """Middleware: `no-store` on every answer that does not say itself how long it may be kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
