"""Error pages in Chinese."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """A form whose page was open too long, or a browser that keeps no cookies."""
    return render(request, "403_csrf.html", status=403)
