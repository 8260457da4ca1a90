"""The history of accounts in words: written as deeds are done, read by administrators and by the account's owner."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.timezone import localtime

from ..models import AccountDeed, AccountStanding, Role, TrailEntry
from ..people import name_of
from ..permissions import accounts_visible_to, paths_of

SENTENCES: dict[str, str] = {
    AccountDeed.Kind.OPENED: "新增了{whose}账号",
    AccountDeed.Kind.ROLE_GIVEN: "给了{whom}“{detail}”角色",
    AccountDeed.Kind.ROLE_TAKEN: "移除了{whose}“{detail}”角色",
    AccountDeed.Kind.PASSWORD_GIVEN: "给{whom}设置了初始密码",
    AccountDeed.Kind.PASSWORD_CHANGED: "修改了{whose}密码",
    AccountDeed.Kind.RENAMED: "修改了{whose}姓名：{detail}",
    AccountDeed.Kind.SHUT: "停止了{whose}登录",
    AccountDeed.Kind.REOPENED: "恢复了{whose}登录",
    AccountDeed.Kind.RELEASED: "解除了{whose}登录等待",
    AccountDeed.Kind.SECOND_ADDED: "启用了{whose}两步验证",
    AccountDeed.Kind.SECOND_TAKEN: "取消了{whose}两步验证",
    AccountDeed.Kind.RECOVERY_USED: "用掉了{whose}一个恢复码",
    AccountDeed.Kind.SESSIONS_ENDED: "结束了{whose}全部登录",
}


# The page that asks for the code of the second factor.
SECOND_STEP = "second_code"
# A role and a password that come with a new account are written this soon after it.
ALONG = timedelta(minutes=1)


def record_deed(account: User, kind: str, *, by: User | None, detail: str = "", place: str = "") -> AccountDeed:
    """Write a line of an account's history; `by` is None on the server."""
    return AccountDeed.objects.create(account=account, kind=kind, detail=detail, place=place, done_by=by)


def record_role_deed(role: Role, kind: str, *, by: User | None) -> AccountDeed:
    """Write that a role was given or taken, with the place that its unit has now."""
    detail = f"{role.organization.name}{role.get_kind_display()}"
    return record_deed(role.user, kind, by=by, detail=detail, place=role.organization.path)


def deeds_visible_to(user: User):
    """The history that an administrator may read: roles at the own units, and the rest of the accounts seen there."""
    paths = paths_of(user, Role.Kind.ADMINISTRATOR)
    return AccountDeed.objects.within(paths, accounts_visible_to(user)).select_related("account", "done_by")


def deed_sentence(deed: AccountDeed) -> str:
    """The deed as an administrator reads it: 「给了“张三”“第一党支部党务干事”角色」."""
    whom = "自己" if deed.done_by_id == deed.account_id else f"“{name_of(deed.account)}”"
    return SENTENCES[deed.kind].format(whom=whom, whose=f"{whom}的", detail=deed.detail)


def deed_told(deed: AccountDeed) -> str:
    """The same as the account's owner reads it: 「管理员张三于2026年11月29日给了您“第一党支部党务干事”角色」."""
    who = "您" if deed.done_by_id == deed.account_id else f"管理员{deed.who}" if deed.done_by else deed.who
    return f"{who}于{date_format(localtime(deed.done_at), 'Y年n月j日')}{_told_of_yours(deed)}"


def news_told(deeds: list[AccountDeed]) -> list[str]:
    """Deeds as their owner is told of them; a new account's opening, roles and password are one sentence."""
    opened = next((deed for deed in deeds if deed.kind == AccountDeed.Kind.OPENED), None)
    parts = [deed for deed in deeds if opened and _belongs_to(deed, opened)]
    first = ["，".join([deed_told(opened), *map(_told_of_yours, parts)])] if opened else []
    return [*first, *(deed_told(deed) for deed in deeds if deed != opened and deed not in parts)]


def _belongs_to(deed: AccountDeed, opened: AccountDeed) -> bool:
    """Whether a deed was done along with the opening of the account."""
    is_part = deed.kind in (AccountDeed.Kind.ROLE_GIVEN, AccountDeed.Kind.PASSWORD_GIVEN)
    return is_part and deed.done_by_id == opened.done_by_id and deed.done_at - opened.done_at < ALONG


def _told_of_yours(deed: AccountDeed) -> str:
    return SENTENCES[deed.kind].format(whom="您", whose="您的", detail=deed.detail)


def wrong_codes_since(account: User) -> int:
    """How often since the last sign-in somebody gave the right password and a wrong code, or one that was used before."""
    tries = TrailEntry.objects.filter(user=account, deed=TrailEntry.Deed.SIGN_IN)
    last = tries.filter(result=TrailEntry.Result.DONE).order_by("-number").values_list("number", flat=True).first()
    wrong = tries.filter(route=SECOND_STEP, result=TrailEntry.Result.REFUSED)
    return wrong.filter(number__gt=last or 0).count()


def tell_deeds(account: User) -> list[AccountDeed]:
    """The deeds of others on an account since its owner was last told, oldest first; from now on they count as told."""
    standing, _ = AccountStanding.objects.get_or_create(user=account)
    news = AccountDeed.objects.about(account).filter(pk__gt=standing.told_deed).select_related("account", "done_by")
    last = news.order_by("pk").last()
    if last is None:
        return []
    AccountStanding.objects.filter(pk=standing.pk).update(told_deed=last.pk)
    return list(news.by_others().order_by("pk"))
