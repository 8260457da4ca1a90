"""Accounts and their roles, each within what its administrator administers."""

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ..accounts.deeds import deed_sentence, deeds_visible_to
from ..accounts.delays import failed_count, release
from ..accounts.giving import INITIAL_DAYS, give_password, standing_of, take_role
from ..forms.accounts import AccountEditForm, AccountForm, RoleForm
from ..forms.lists import AccountFilterForm
from ..forms.seen import save_seen
from ..listing import Head, Listing
from ..models import Role, SecondFactor
from ..permissions import (
    ADMINISTRATOR,
    accounts_visible_to,
    can_edit_account,
    can_give_roles,
    has_role_anywhere,
    require,
)
from ..pinyin import ByPinyin
from .confirming import grave
from .fetching import account_to_administer, role_to_remove, roles_given_by
from .posting import posted

PER_PAGE = 50
ACCOUNT_HEADS = (
    Head("用户名", "username", ("username",)),
    Head("姓名", "name", (ByPinyin("first_name"),)),
    Head("角色"),
)
DEEDS_SHOWN = 20


def account_list(request):
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    roles = roles_given_by(request.user)
    filters = AccountFilterForm(request.GET)
    accounts = filters.apply(accounts_visible_to(request.user).order_by("-is_active", "username"), roles)
    accounts = accounts.prefetch_related(Prefetch("roles", roles, to_attr="known_roles"))
    listing = Listing(request.GET, accounts, ACCOUNT_HEADS, size=PER_PAGE)
    context = {"filters": filters, "listing": listing, "page": listing.page}
    return render(request, "campaigns/account_list.html", context)


@sensitive_post_parameters()
@grave
def account_add(request):
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    form = AccountForm(posted(request), user=request.user)
    if form.is_valid():
        account = form.save(by=request.user)
        messages.success(
            request, f"已新增账号“{account.username}”，请把初始密码当面告诉本人，{INITIAL_DAYS}天内首次登录有效。"
        )
        return redirect("campaigns:account_edit", account.pk)
    return render(request, "campaigns/account_form.html", {"form": form})


def account_edit(request, user_id):
    """Name and whether the account may log in; the page also holds the forms of password and roles."""
    account = account_to_administer(request, user_id)
    can_edit = can_edit_account(request.user, account)
    form = AccountEditForm(posted(request), instance=account)
    if request.method == "POST":
        require(can_edit)
        if save_seen(form, lambda: form.save(by=request.user)):
            messages.success(request, f"已保存账号“{account.username}”。")
            return redirect("campaigns:account_edit", account.pk)
    return _page(request, account, form=form)


@sensitive_post_parameters()
@require_POST
@grave
def account_password(request, user_id):
    account = account_to_administer(request, user_id)
    require(can_edit_account(request.user, account))
    form = SetPasswordForm(account, posted(request))
    if form.is_valid():
        give_password(account, form.cleaned_data["new_password1"], by=request.user)
        messages.success(
            request, f"已重设“{account.username}”的初始密码，{INITIAL_DAYS}天内首次登录有效；它已登录的地方要重新登录。"
        )
        return redirect("campaigns:account_edit", account.pk)
    return _page(request, account, password_form=form)


@require_POST
@grave
def role_add(request, user_id):
    account = account_to_administer(request, user_id)
    require(can_give_roles(request.user, account))
    form = RoleForm(posted(request), user=request.user, instance=Role(user=account))
    if form.is_valid():
        role = form.save(by=request.user)
        messages.success(request, f"已增加角色：{role.organization}{role.get_kind_display()}。")
        return redirect("campaigns:account_edit", account.pk)
    return _page(request, account, role_form=form)


@require_POST
@grave
def role_remove(request, user_id, role_id):
    account = account_to_administer(request, user_id)
    role = role_to_remove(request, account, role_id)
    if account == request.user and role.kind == ADMINISTRATOR:
        messages.error(request, "不能移除自己的系统管理员角色，请由另一位管理员办理。")
    elif not request.user.is_superuser and account.roles.count() == 1:
        messages.error(request, "这是该账号唯一的角色；不再使用的账号，请取消“可以登录”。")
    else:
        take_role(role, by=request.user)
        messages.success(request, f"已移除角色：{role.organization}{role.get_kind_display()}。")
    return redirect("campaigns:account_edit", account.pk)


@require_POST
def account_release(request, user_id):
    """Let an account sign in at once, in spite of wrong passwords."""
    account = account_to_administer(request, user_id)
    release(account, by=request.user)
    messages.success(request, f"“{account.username}”现在可以登录，不用等待。")
    return redirect("campaigns:account_edit", account.pk)


def account_deeds(request):
    """The history of all accounts that the user administers."""
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    deeds = deeds_visible_to(request.user)
    sought = request.GET.get("q", "").strip()
    if sought:
        names = Q(account__username__icontains=sought) | Q(account__first_name__icontains=sought)
        deeds = deeds.filter(names | Q(done_by__username__icontains=sought) | Q(done_by__first_name__icontains=sought))
    page = Paginator(deeds, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "sought": sought, "lines": _lines(page)}
    return render(request, "campaigns/account_deeds.html", context)


def _lines(deeds):
    return [(deed.done_at, deed.who, deed_sentence(deed)) for deed in deeds]


def _page(request, account, *, form=None, password_form=None, role_form=None):
    context = {
        "account": account,
        "roles": roles_given_by(request.user).filter(user=account),
        "can_edit": can_edit_account(request.user, account),
        "can_give_roles": can_give_roles(request.user, account),
        "standing": standing_of(account),
        "failed_count": failed_count(account),
        "factor": SecondFactor.objects.filter(user=account).first(),
        "lines": _lines(deeds_visible_to(request.user).about(account)[:DEEDS_SHOWN]),
        "form": form or AccountEditForm(instance=account),
        "password_form": password_form or SetPasswordForm(account),
        "role_form": role_form or RoleForm(user=request.user, instance=Role(user=account)),
    }
    return render(request, "campaigns/account_edit.html", context)
