"""Whether the server runs, for whoever watches it: two short answers in plain text, without anybody's data."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@require_safe
def is_alive(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type=PLAIN)


@login_not_required
@require_safe
def is_ready(request):
    """The database answers too; 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("数据库没有回答\n", content_type=PLAIN, status=503)
    return HttpResponse("ok\n", content_type=PLAIN)
