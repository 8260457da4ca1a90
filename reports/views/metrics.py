"""Figures about the installation, for a program on this machine."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from pingyi.addresses import is_at_machine

from ..metrics import metrics_text


@login_not_required
@require_safe
def metrics(request):
    """The figures, for whoever asks the server itself over the loopback: whatever a proxy passes on is refused."""
    if not is_at_machine(request):
        raise Http404
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)
