"""意见箱 as anybody finds it, without an account: write, keep the receipt code, read the reply."""

import secrets

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ballots.voting.codes import normalize
from ballots.voting.cookies import participant_page
from campaigns.views.posting import posted
from pingyi.addresses import client_address

from ..forms.letterbox import LetterForm, ReceiptForm
from ..letterbox import actions, receipts
from .fetching.letterbox import letter_with_receipt, public_letterbox

NO_COOKIE = "没有收下：这台设备不保存小记录（cookie），无法防止重复提交。请允许后再写。"
TOO_MANY = "没有收下：这里交来的意见太多，请过几分钟再交。"
SHUT = "没有收下：意见箱刚刚关闭。"
REASONS = {"cookie": NO_COOKIE, "wait": TOO_MANY, "shut": SHUT}


@participant_page
@require_http_methods(["GET", "HEAD", "POST"])
def letter_write(request, box_token):
    """The box: a page to write on; a POST is answered by another page, so that Back and reload send nothing twice."""
    box = public_letterbox(box_token)
    browser = receipts.writer_of(request)
    form = LetterForm(posted(request))
    if form.is_valid():
        return _put_in(request, box, form, browser)
    mark = browser or secrets.token_urlsafe(12)
    context = {
        "box": box,
        "form": form,
        "key": request.POST.get("key") or receipts.new_key(mark),
        "reason": REASONS.get(request.GET.get("not", "")),
    }
    response = render(request, "reports/letter_write.html", context)
    receipts.leave_with(response, receipts.BROWSER, mark, receipts.BROWSER_SECONDS)
    return response


def _put_in(request, box, form: LetterForm, browser: str | None):
    key = form.cleaned_data["key"]
    if browser is None or not receipts.is_key(key, browser):
        return _refused(box, "cookie")
    if receipts.is_writing_too_much(browser, address=client_address(request)):
        return _refused(box, "wait")
    code = receipts.receipt_code(key)
    try:
        actions.drop_letter(box, form.cleaned_data["text"], receipt=receipts.receipt_digest(code))
    except actions.BoxShut:
        return _refused(box, "shut")
    response = redirect("reports:letter_sent", box.token)
    receipts.leave_with(response, receipts.CODE, code, receipts.CODE_SECONDS)
    return response


def _refused(box, reason: str):
    response = redirect("reports:letter_write", box.token)
    response["Location"] += f"?not={reason}"
    return response


@participant_page
@require_safe
def letter_sent(request, box_token):
    """The receipt code, once."""
    box = public_letterbox(box_token)
    response = render(request, "reports/letter_sent.html", {"box": box, "code": receipts.code_of(request)})
    receipts.forget_in_browser(response, receipts.CODE)
    return response


@participant_page
@require_http_methods(["GET", "HEAD", "POST"])
def reply_ask(request):
    """Ask for a receipt code; the right one is exchanged for a short-lived mark in the browser."""
    form = ReceiptForm(posted(request))
    if form.is_bound:
        kept = letter_with_receipt(*receipts.receipt_digests(form.data.get("code", "")))
        if form.is_valid() and normalize(form.cleaned_data["code"]) and kept:
            response = redirect("reports:reply_read")
            receipts.leave_with(response, receipts.READER, kept.receipt, receipts.READER_SECONDS)
            return response
        is_waiting = receipts.is_guessing_receipts(address=client_address(request))
        response = redirect("reports:reply_ask")
        response["Location"] += "?wait" if is_waiting else "?wrong"
        return response
    return render(request, "reports/reply_ask.html", {"form": form})


@participant_page
@require_safe
def reply_read(request):
    """The reply, for ten minutes after the code was typed."""
    digest = receipts.reader_of(request)
    letter = letter_with_receipt(digest) if digest is not None else None
    if letter is None:
        return redirect("reports:reply_ask")
    return render(request, "reports/reply_read.html", {"letter": letter})
