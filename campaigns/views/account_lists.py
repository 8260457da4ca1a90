"""Accounts of many units out of a workbook: upload, preview, confirm; the passwords are given once."""

import csv
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pingyi.addresses import public_address
from pingyi.bodies import takes_files

from .. import uploads
from ..accounts.giving import INITIAL_DAYS
from ..accounts.letters import draw_letters, letters_of
from ..accounts.listing import HEADINGS, AccountLine, AccountListing, AccountsChanged, open_accounts, read_accounts
from ..accounts.template import draw_account_template
from ..forms.accounts import AccountFileForm
from ..kept_files import XLSX
from ..models import Role
from ..permissions import ADMINISTRATOR, has_role_anywhere, require
from ..roster.safety import MAX_UPLOAD_BYTES, Unreadable
from .confirming import grave
from .posting import posted, posted_files
from .refusing import told

KIND = "accounts"
ERRORS_SHOWN = 100


@takes_files(MAX_UPLOAD_BYTES)
def account_import(request):
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    form = AccountFileForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            listing = read_accounts(form.cleaned_data["file"], by=request.user)
        except Unreadable as error:
            form.add_error("file", told(error))
        else:
            return _preview(request, listing)
    kinds = [label for _, label in Role.Kind.choices]
    return render(request, "campaigns/account_import.html", {"form": form, "headings": HEADINGS, "kinds": kinds})


def account_template(request):
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    headers = {"Content-Disposition": content_disposition_header(True, "账号表.xlsx")}
    return HttpResponse(draw_account_template(request.user), content_type=XLSX, headers=headers)


def _preview(request, listing: AccountListing):
    token = "" if listing.errors else uploads.keep(listing.to_json(), request.user, kind=KIND)
    context = {
        "listing": listing,
        "errors": listing.errors[:ERRORS_SHOWN],
        "token": token,
        "initial_days": INITIAL_DAYS,
    }
    return render(request, "campaigns/account_import_preview.html", context)


@require_POST
@never_cache
@grave
def account_import_confirm(request):
    """Open the accounts and send the initial passwords, a list or letters, which are not to be had again."""
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    token = request.POST.get("upload", "")
    try:
        listing = AccountListing.from_json(uploads.fetch(token, request.user, kind=KIND))
        # Where the letters cannot be drawn, no account is opened whose password nobody has.
        with transaction.atomic():
            opened = open_accounts(listing, by=request.user)
            response = _letters(request, opened) if request.POST.get("as") == "letters" else _list(opened)
    except uploads.Gone:
        messages.error(request, "预览已经过期，或者已经确认过，请看账号列表；没有写入的，重新上传。")
        return redirect("campaigns:account_list")
    except AccountsChanged as refusal:
        messages.error(request, told(refusal))
        return redirect("campaigns:account_import")
    uploads.throw_away(token, kind=KIND)
    return response


def _list(opened: list[tuple[AccountLine, str]]) -> HttpResponse:
    """A line for each role, for a spreadsheet."""
    headers = {"Content-Disposition": content_disposition_header(True, "初始密码.csv")}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    response.write("\ufeff")  # or spreadsheets take it for GBK
    writer = csv.writer(response)
    writer.writerow([*HEADINGS, "初始密码"])
    writer.writerows([line.name, line.username, line.unit_name, line.kind_label, password] for line, password in opened)
    return response


def _letters(request, opened: list[tuple[AccountLine, str]]) -> HttpResponse:
    """A letter for each account, to be printed and cut."""
    until = timezone.localdate() + timedelta(days=INITIAL_DAYS)
    body = draw_letters(letters_of(opened), site=public_address(request, "/"), until=until)
    headers = {"Content-Disposition": content_disposition_header(True, "账号通知单.pdf")}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
