"""The page that says what is kept of whom, for how long, who sees it and how somebody asks."""

from django.shortcuts import render

from campaigns.permissions import ADMINISTRATOR, has_role_anywhere

from ..retention.content import kind_lines
from ..retention.periods import are_periods_confirmed, shown_periods


def privacy(request):
    """With the periods as they hold today."""
    context = {
        "lines": kind_lines(shown_periods()),
        "is_confirmed": are_periods_confirmed(),
        "may_see_clearings": has_role_anywhere(request.user, ADMINISTRATOR),
    }
    return render(request, "reports/privacy.html", context)
