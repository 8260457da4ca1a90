"""No page stays in a browser or on the way to it: results, opinions and ballots are shown to whoever asks and may."""

# As Django's `never_cache` puts it together for every answer anew, which took as long as a statement of a ballot.
KEPT_NOWHERE = "max-age=0, no-cache, no-store, must-revalidate, private"


class KeepNoPage:
    """Middleware: `no-store` on every answer that does not say itself how long it may be kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", KEPT_NOWHERE)
        return response
