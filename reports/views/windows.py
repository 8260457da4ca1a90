"""窗口即时评议 at the desk: windows with their sums and words, their posters, and what a campaign takes of them."""

import segno
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.forms.seen import save_seen
from campaigns.permissions import can_keep_windows
from campaigns.views.posting import posted
from campaigns.views.refusing import told
from pingyi.addresses import public_address

from ..committee.charts import LineChart, line_chart
from ..files import excel, pdf
from ..forms.window import MaskWordForm, TakingForm, WindowForm, WindowNameForm
from ..gathering.actions import is_filed
from ..models import ServiceWindow
from ..tables.taps import WindowSums, window_sums, windows_tables
from ..window import actions
from ..window.sums import MIN_GROUP, RULES, parts_of, words_to_read
from ..window.taking import CannotTake, give_back, take_into
from .fetching.windows import (
    organization_for_window,
    organization_of_windows,
    poll_to_take,
    taking_to_give_back,
    window_to_keep,
    window_to_see,
    windows_within,
    word_to_mask,
)
from .sending import PDF, XLSX, attachment

WORDS_SHOWN = 100
NOT_SHOWN = f"当天的不列；不足{MIN_GROUP}人次的日子与后面的合并，凑足以后再列。"


def window_list(request, organization_id):
    """The windows at and below a unit, with the sums of the last year."""
    organization = organization_of_windows(request, organization_id)
    windows = list(windows_within(organization))
    context = {
        "organization": organization,
        "windows": windows,
        "tables": windows_tables(windows, now=timezone.now()),
        "not_shown": NOT_SHOWN,
        "can_keep": can_keep_windows(request.user, organization),
    }
    return render(request, "reports/window_list.html", context)


def window_add(request, organization_id):
    organization = organization_for_window(request, organization_id)
    form = WindowForm(posted(request), instance=ServiceWindow(organization=organization))
    if form.is_valid():
        window = actions.add_window(organization, **form.cleaned_data)
        messages.success(request, "服务窗口已经设好。把海报贴在窗口，或者在平板上打开平板网址。")
        return redirect("reports:window_detail", window.pk)
    return render(request, "reports/window_form.html", {"organization": organization, "form": form})


def window_edit(request, window_id):
    window = window_to_keep(request, window_id)
    form = WindowNameForm(posted(request), instance=window)
    if save_seen(form):
        messages.success(request, "名称已经保存；贴出去的海报请换新的。")
        return redirect("reports:window_detail", window.pk)
    context = {"organization": window.organization, "window": window, "form": form}
    return render(request, "reports/window_form.html", context)


def window_detail(request, window_id):
    """A window's sums and words, and for its keeper the ways in."""
    window = window_to_see(request, window_id)
    parts = parts_of(window, now=timezone.now())
    sums = window_sums(window, parts)
    context = {
        "window": window,
        "organization": window.organization,
        "sums": sums,
        "chart": _trend(sums),
        "words": words_to_read(window, parts)[:WORDS_SHOWN],
        "takings": window.takings.select_related("poll__campaign").order_by("-first_on"),
        "not_shown": NOT_SHOWN,
        "can_keep": can_keep_windows(request.user, window.organization),
        "address": _address(request, window.token),
        "kiosk_address": _address(request, window.kiosk_token),
        "picture": segno.make(_address(request, window.token), error="m", micro=False).svg_data_uri(border=2, scale=4),
    }
    return render(request, "reports/window_detail.html", context)


def _trend(sums: WindowSums) -> LineChart | None:
    """The rate over the months; None where there is but one."""
    if not sums.tables:
        return None
    periods, values = zip(*sums.trend, strict=True)
    return line_chart(periods, [(sums.tables[0].rate_name, values)], decimals=RULES.decimals)


def _address(request, token: str) -> str:
    return public_address(request, reverse("reports:window_tap", args=[token]))


@require_POST
def window_open(request, window_id):
    return _set_open(request, window_id, True, "窗口的评议已经打开。")


@require_POST
def window_shut(request, window_id):
    return _set_open(request, window_id, False, "窗口的评议已经关闭，各日的合计都在；再打开，网址不变。")


def _set_open(request, window_id, is_open: bool, words: str):
    window = window_to_keep(request, window_id)
    actions.set_open(window, is_open)
    messages.success(request, words)
    return redirect("reports:window_detail", window.pk)


@never_cache
def window_poster(request, window_id):
    window = window_to_keep(request, window_id)
    address = _address(request, window.token)
    picture = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    body = pdf.draw_window_poster(window, address=address, picture=picture)
    return attachment(body, name=f"即时评议海报-{window.name}.pdf", content_type=PDF)


@never_cache
def window_workbook(request, window_id):
    window = window_to_see(request, window_id)
    sums = window_sums(window, parts_of(window, now=timezone.now()), is_whole=True)
    title = f"{window.organization.name}·{window.name}"
    body = excel.draw_window_workbook(sums, title, (window.question, NOT_SHOWN))
    return attachment(body, name=f"窗口即时评议-{title}.xlsx", content_type=XLSX)


def window_word(request, word_id):
    """A word, and the words in which it is shown."""
    word = word_to_mask(request, word_id)
    form = MaskWordForm(posted(request), instance=word)
    if save_seen(form, lambda: actions.mask_word(word, form.cleaned_data["masked_text"])):
        messages.success(request, "公开的文字已经保存。")
        return redirect("reports:window_detail", word.window_id)
    return render(request, "reports/window_word.html", {"word": word, "window": word.window, "form": form})


def window_takings(request, poll_id):
    """The sums of windows that a poll has taken, and a form to take more."""
    poll = poll_to_take(request, poll_id)
    windows = windows_within(poll.organization)
    targets = poll.targets.select_related("questionnaire").order_by("position", "pk")
    form = TakingForm(posted(request), windows=windows, targets=targets)
    if form.is_valid() and _took(form, poll, request.user):
        messages.success(
            request,
            "已经汇总到本次评议，封存以后列在结果、小结、报告单、公示和工作簿里，与评议票分开；留言在意见阅办里，来源写“窗口”。",
        )
        return redirect("reports:window_takings", poll.pk)
    context = {
        "poll": poll,
        "form": form,
        "has_windows": windows.exists(),
        "is_filed": is_filed(poll),
        "takings": poll.window_takings.select_related("window__organization", "taken_by"),
        "not_shown": NOT_SHOWN,
    }
    return render(request, "reports/window_takings.html", context)


def _took(form: TakingForm, poll, user) -> bool:
    try:
        take_into(poll, **form.cleaned_data, by=user)
    except CannotTake as refusal:
        form.add_error(None, told(refusal))
        return False
    return True


@require_POST
def window_give_back(request, taking_id):
    taking = taking_to_give_back(request, taking_id)
    try:
        give_back(taking)
    except CannotTake as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, "已经撤回，这些日子可以汇总到别的评议。")
    return redirect("reports:window_takings", taking.poll_id)
