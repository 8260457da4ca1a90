"""Where the time of one cast goes: a profile of the server's own code, without network and gunicorn.

Runs with Django set up (`children.run_in_child`).
"""

import io
import pstats
import sys
import time
from cProfile import Profile

from django.core.wsgi import get_wsgi_application

from . import orders

# The parts shown, by file and function; each contains the functions it calls.
PARTS = (
    ("投票事务", "ballots/voting/casting.py", "cast"),
    ("提交事务", "backends/base/base.py", "commit"),
    ("CSP头", "pingyi/policy.py", "process_response"),
    ("路由", "core/handlers/base.py", "resolve_request"),
    ("回执cookie", "ballots/voting/cookies.py", "keep_stub"),
    ("选票cookie", "ballots/voting/cookies.py", "ticket_of"),
    ("跳转", "django/shortcuts.py", "redirect"),
)


def profile_casts(url: str, batch: int, count: int) -> dict:
    """Microseconds of CPU that a cast takes, and the share of its parts in a profile."""
    application = get_wsgi_application()
    _cast(application, orders.submissions(url, [batch], count)["requests"])
    requests = orders.submissions(url, [batch], count)["requests"]
    started = time.process_time()
    _cast(application, requests)
    microseconds = 1e6 * (time.process_time() - started) / count
    profile = Profile()
    profile.runcall(_cast, application, orders.submissions(url, [batch], count)["requests"])
    calls = pstats.Stats(profile).stats
    whole = max(cumulative for _, _, _, cumulative, _ in calls.values())
    shares = {
        name: round(cumulative / whole, 3)
        for name, ending, called in PARTS
        for (path, _, function), (_, _, _, cumulative, _) in calls.items()
        if path.endswith(ending) and function == called
    }
    return {"microseconds": round(microseconds), "shares": shares, "accepted": 3 * count}


def _cast(application, requests: list[str]) -> None:
    for request in requests:
        statuses = []
        response = application(_environ(request), lambda status, headers, into=statuses: into.append(status))
        response.close()
        if not statuses[0].startswith("302"):
            raise RuntimeError(f"a cast was answered with {statuses[0]}")


def _environ(request: str) -> dict:
    """The request environment that gunicorn makes of the bytes."""
    head, _, body = request.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    method, path, protocol = first.split()
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": protocol,
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": headers["Host"],
        "HTTP_COOKIE": headers["Cookie"],
        "CONTENT_TYPE": headers["Content-Type"],
        "CONTENT_LENGTH": headers["Content-Length"],
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
