"""Rows beside a user: deeds about the account, how its password stands, and wrong tries at signing in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..people import name_of
from .reach import within_paths


class AccountDeedQuerySet(models.QuerySet):
    def about(self, account):
        return self.filter(account=account)

    def by_others(self):
        """Deeds of somebody else, or of the server, on an account."""
        return self.exclude(done_by=models.F("account"))

    def within(self, paths, accounts):
        """Deeds at units of the subtrees, and ones at no unit about some accounts."""
        at_units = within_paths(paths, "place")
        return self.filter(Q(place="", account__in=accounts) | (Q(place__gt="") & at_units))


class AccountDeed(models.Model):
    """A line of the accounts' history: who did what, when, with whose account. Nothing in it is ever changed.

    Lines about signing in go when the period for which they are kept is over, after six months at the earliest; others stay.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "新增账号"
        ROLE_GIVEN = "role_given", "给予角色"
        ROLE_TAKEN = "role_taken", "移除角色"
        PASSWORD_GIVEN = "password_given", "设置初始密码"
        PASSWORD_CHANGED = "password_changed", "本人修改密码"
        RENAMED = "renamed", "修改姓名"
        SHUT = "shut", "停止登录"
        REOPENED = "reopened", "恢复登录"
        RELEASED = "released", "解除登录等待"
        SECOND_ADDED = "second_added", "启用两步验证"
        SECOND_TAKEN = "second_taken", "取消两步验证"
        RECOVERY_USED = "recovery_used", "使用恢复码"
        SESSIONS_ENDED = "sessions_ended", "结束登录"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deeds", editable=False, verbose_name="账号"
    )
    kind = models.CharField("事项", max_length=20, choices=Kind.choices, editable=False)
    # In words: the role with its unit, the old and the new name.
    detail = models.CharField("内容", max_length=300, blank=True, editable=False)
    # The path of the unit that a role is at, as it was then; empty where no unit is concerned.
    place = models.CharField("党组织", max_length=255, blank=True, editable=False)
    # Empty for a deed on the server.
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="办理人"
    )
    done_at = models.DateTimeField("时间", default=timezone.now, editable=False)

    objects = AccountDeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账号记录"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "opened",
                        "role_given",
                        "role_taken",
                        "password_given",
                        "password_changed",
                        "renamed",
                        "shut",
                        "reopened",
                        "released",
                        "second_added",
                        "second_taken",
                        "recovery_used",
                        "sessions_ended",
                    ]
                ),
                name="account_deed_kind_known",
                violation_error_message="没有这种账号事项。",
            ),
        ]

    def __str__(self):
        return f"{name_of(self.account)}：{self.get_kind_display()}"

    @property
    def who(self) -> str:
        """Whoever did it; a deed without an account was done on the server."""
        return name_of(self.done_by) if self.done_by else "服务器管理人员"


class AccountStanding(models.Model):
    """How an account stands beside its roles; one without a row is an ordinary one with a password of its own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="standing", verbose_name="账号"
    )
    # Empty once the owner has chosen a password.
    initial_until = models.DateTimeField("初始密码有效期", null=True, editable=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    # Empty for somebody who has not been asked to add a second factor.
    second_factor_asked_at = models.DateTimeField("提醒启用两步验证", null=True, editable=False)
    # The last deed that the owner was told of.
    told_deed = models.BigIntegerField("已告知", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "账号状况"

    def __str__(self):
        return f"{self.user}"


class SignInTries(models.Model):
    """How often a wrong password was given for an account, from an address, or for the account from the address."""

    key = models.CharField("账号或地址", max_length=255, unique=True)
    failed_count = models.PositiveIntegerField("输错次数", default=0)
    last_at = models.DateTimeField("最近一次", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录输错次数"

    def __str__(self):
        return f"{self.key}：{self.failed_count}"
