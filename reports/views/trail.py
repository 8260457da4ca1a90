"""The trail (审计记录): read by auditors, and taken away as a workbook, which leaves a row itself."""

from django.shortcuts import render
from django.utils import timezone

from campaigns.listing import Head, Listing
from campaigns.permissions import can_read_trail, require

from ..files import excel
from ..forms.trail import TrailFilterForm
from ..trail.reading import begun_visible_to, trail_visible_to
from .sending import XLSX, attachment

PER_PAGE = 50
# More rows than these nobody reads in a workbook; the dates restrict them.
MOST_IN_WORKBOOK = 20_000
# Of deeds under way there are a few at a time.
MOST_BEGUN = 20
HEADS = (
    Head("序号", "number", ("number",), is_number=True),
    Head("时间", "at", ("at", "number")),
    Head("账号", "account", ("account",)),
    Head("地址", "address", ("address",)),
    Head("事项", "deed", ("deed",)),
    Head("对象", "object", ("object_kind", "object_name")),
    Head("党组织", "unit", ("place",)),
    Head("结果", "result", ("result",)),
)


def trail_list(request):
    filters, listing = _asked(request)
    context = {
        "filters": filters,
        "listing": listing,
        "begun": begun_visible_to(request.user)[:MOST_BEGUN],
        "page": listing.page,
        "query": request.GET.urlencode(),
        "most": MOST_IN_WORKBOOK,
    }
    return render(request, "reports/trail_list.html", context)


def trail_workbook(request):
    """The same rows, the newest first where there are too many."""
    _, listing = _asked(request)
    body = excel.draw_trail_workbook(listing.rows[:MOST_IN_WORKBOOK], now=timezone.localtime())
    return attachment(body, name="审计记录.xlsx", content_type=XLSX)


def _asked(request) -> tuple[TrailFilterForm, Listing]:
    require(can_read_trail(request.user))
    filters = TrailFilterForm(request.GET)
    return filters, Listing(request.GET, filters.apply(trail_visible_to(request.user)), HEADS, size=PER_PAGE)
