"""How long details are kept: the periods, a look at what would go by them, and the record of what went."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.permissions import ADMINISTRATOR, has_role_anywhere, paths_of, require
from campaigns.views.confirming import grave
from campaigns.views.posting import posted

from ..forms.retention import RetentionForm
from ..models import Clearing
from ..permissions import can_set_periods
from ..retention.content import kind_lines, previewed_lines
from ..retention.periods import are_periods_confirmed, proposed_periods, record_periods, shown_periods

CLEARINGS_PER_PAGE = 30


def retention(request):
    """The periods as they hold; `?preview=1` with months looks at what would go by those, and changes nothing."""
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    form = RetentionForm(request.GET) if "preview" in request.GET else RetentionForm(initial=proposed_periods())
    return _page(request, form)


@require_POST
@grave
def retention_save(request):
    """Confirm the months that were previewed; the worker goes by them from then on."""
    require(can_set_periods(request.user))
    form = RetentionForm(posted(request))
    if not form.is_valid():
        return _page(request, form)
    record_periods(form.months, by=request.user)
    messages.success(request, "保存期限已经确认，后台程序每小时按它清除一次。")
    return redirect("reports:retention")


def _page(request, form: RetentionForm):
    paths = paths_of(request.user, ADMINISTRATOR)
    is_previewed = form.is_bound and form.is_valid()
    months = form.months if is_previewed else shown_periods()
    clearings = Paginator(Clearing.objects.within(paths), CLEARINGS_PER_PAGE)
    lines = previewed_lines(months, paths=paths, today=timezone.localdate()) if is_previewed else kind_lines(months)
    context = {
        "form": form,
        "lines": lines,
        "is_previewed": is_previewed,
        "total": sum(line.number for line in lines),
        "is_confirmed": are_periods_confirmed(),
        "can_set": can_set_periods(request.user),
        "page": clearings.get_page(request.GET.get("page")),
    }
    return render(request, "reports/retention.html", context)
