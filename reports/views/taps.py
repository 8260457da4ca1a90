"""窗口即时评议 as anybody finds it: one tap, thanks, and a word for whoever wants; on a tablet without the word."""

import secrets

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ballots.voting.cookies import participant_page
from campaigns.views.posting import posted
from pingyi.addresses import client_address

from ..forms.window import TapForm, WordForm
from ..letterbox import receipts
from ..window import actions, limits
from .fetching.windows import public_window

REASONS = {
    "cookie": "没有记下：这台设备不保存小记录（cookie），或者页面打开得太久。请再按一次；还不行的，请允许保存后再按。",
    "wait": "没有记下：这里刚刚按得太多，请过一会儿再按。",
    "shut": "没有记下：这个窗口的评议刚刚关闭。",
    "choose": "没有记下：请按下面的一个按钮。",
}
# A tablet goes back to the question after so many seconds; a page that nobody touches renews its marks before they end.
SECONDS_OF_THANKS, SECONDS_UNTOUCHED = 5, 1800


@participant_page
@require_http_methods(["GET", "HEAD", "POST"])
def window_tap(request, window_token):
    """The question with a button for each grade; a tap is answered by another page, so that Back and reload tap nothing."""
    window = public_window(window_token)
    is_kiosk = window_token == window.kiosk_token
    browser = receipts.writer_of(request)
    form = TapForm(posted(request), window=window)
    if form.is_bound:
        return _tapped(request, window, window_token, form, browser)
    mark = browser or secrets.token_urlsafe(12)
    reason = REASONS.get(request.GET.get("not", ""))
    context = {
        "window": window,
        "token": window_token,
        "is_kiosk": is_kiosk,
        "choices": form.fields["grade"].choices,
        "key": receipts.new_key(mark),
        "reason": reason,
    }
    response = render(request, "reports/window_tap.html", context)
    receipts.leave_with(response, receipts.BROWSER, mark, receipts.BROWSER_SECONDS)
    if is_kiosk:
        _go_back(response, request.path, SECONDS_OF_THANKS if reason else SECONDS_UNTOUCHED)
    return response


def _tapped(request, window, token: str, form: TapForm, browser: str | None):
    if not form.is_valid():
        return _refused(token, "choose")
    key = form.cleaned_data["key"]
    if browser is None or not receipts.is_key(key, browser):
        return _refused(token, "cookie")
    is_kiosk = token == window.kiosk_token
    if limits.is_tapping_too_much(window.pk, browser, address=client_address(request), is_kiosk=is_kiosk):
        return _refused(token, "wait")
    try:
        actions.tap(window, form.cleaned_data["grade"], receipt=limits.key_digest(key, window_id=window.pk))
    except actions.WindowShut:
        return _refused(token, "shut")
    response = redirect("reports:window_thanks", token)
    if not is_kiosk:
        limits.let_write(response, window.pk)
    return response


def _refused(token: str, reason: str):
    response = redirect("reports:window_tap", token)
    response["Location"] += f"?not={reason}"
    return response


def _go_back(response, path: str, seconds: int) -> None:
    """Let the browser open a page by itself after some seconds."""
    response["Refresh"] = f"{seconds}; url={path}"


@participant_page
@require_http_methods(["GET", "HEAD", "POST"])
def window_thanks(request, window_token):
    """Thanks, and on a phone room for one word; a tablet shows the question again after a few seconds."""
    window = public_window(window_token)
    is_kiosk = window_token == window.kiosk_token
    key = None if is_kiosk else limits.word_key(request, window.pk)
    form = WordForm(posted(request) if key else None)
    if form.is_valid():
        actions.leave_word(window, form.cleaned_data["text"], receipt=limits.key_digest(key, window_id=window.pk))
    if request.method == "POST" and (form.is_valid() or not key):
        response = redirect("reports:window_thanks", window_token)
        response["Location"] += "?written" if key else "?late"
        receipts.forget_in_browser(response, limits.WORD)
        return response
    context = {
        "window": window,
        "token": window_token,
        "is_kiosk": is_kiosk,
        "form": form if key else None,
        "is_written": "written" in request.GET,
        "is_late": "late" in request.GET,
    }
    response = render(request, "reports/window_thanks.html", context)
    if is_kiosk:
        _go_back(response, reverse("reports:window_tap", args=[window_token]), SECONDS_OF_THANKS)
    return response
