"""「登录的设备」: where one's own account is signed in, and ending that; an administrator ends all of another account."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ..accounts.signed_in import end_all, end_others, end_place, places_of
from ..permissions import can_edit_account, require
from .confirming import grave
from .fetching import account_to_administer


@never_cache
def signed_in_list(request):
    places = [(place, place.key == request.session.session_key) for place in places_of(request.user)]
    has_others = any(not is_present for _, is_present in places)
    return render(request, "campaigns/signed_in_list.html", {"places": places, "has_others": has_others})


@require_POST
@grave
def signed_in_end(request, number):
    if end_place(request.user, number):
        messages.success(request, "已结束，那里要重新登录。")
    else:
        messages.info(request, "那里已经退出登录。")
    return redirect("campaigns:signed_in_list")


@require_POST
@grave
def signed_in_end_others(request):
    ended = end_others(request.user, present=request.session.session_key)
    messages.success(request, f"已结束其他{ended}处登录，那里要重新登录。")
    return redirect("campaigns:signed_in_list")


@require_POST
def account_sign_out(request, user_id):
    """End every session of somebody else's account."""
    account = account_to_administer(request, user_id)
    require(can_edit_account(request.user, account))
    ended = end_all(account, by=request.user)
    messages.success(request, f"已结束“{account.username}”的{ended}处登录；密码没有变，需要的请一并重设。")
    return redirect("campaigns:account_edit", account.pk)
