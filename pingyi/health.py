"""Whether the server runs, for whoever watches it: two short answers in plain text, without anybody's data."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from .heartbeat import has_worker

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@require_safe
def is_alive(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type=PLAIN)


@login_not_required
@require_safe
def is_ready(request):
    """The database answers too, and the worker lives; 503 where not."""
    problem = _problem()
    return HttpResponse(f"{problem or 'ok'}\n", content_type=PLAIN, status=503 if problem else 200)


def _problem() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "数据库没有回答"
    return "" if has_worker() else "后台程序（manage.py work_exports）没有运行"
