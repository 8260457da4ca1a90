"""Periods for which kinds of things are kept at this installation, and the records of what went when they were over."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.place import DEEPEST, STEP
from campaigns.models.reach import within_paths
from campaigns.people import name_of

LONGEST_MONTHS = 600
# 网络安全法 21 条: records of the network are kept for six months at least (DOMAIN B8, W28b).
SIGN_IN_MONTHS = 6


class KeptKind(models.TextChoices):
    """The kinds of things that go when their time is over; boxes, tallies and totals are none of them."""

    ATTENDANCE = "attendance", "会议签到的姓名"
    SELF_APPRAISAL = "self_appraisal", "党员自评"
    COMMITMENT = "commitment", "党员个人的公开承诺"
    OPINION = "opinion", "意见建议的文字"
    ATTACHMENT = "attachment", "附件"
    OBJECTION = "objection", "异议"
    APPEAL = "appeal", "申诉"
    LETTER = "letter", "意见箱来信和窗口留言"
    SIGN_IN = "sign_in", "账号的登录记录"


class RetentionPeriod(models.Model):
    """The months after which things of a kind go; without a row, or without months, they stay."""

    kind = models.CharField("种类", max_length=20, choices=KeptKind.choices, unique=True)
    months = models.PositiveSmallIntegerField("保存几个月", null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="设定人"
    )
    set_at = models.DateTimeField("设定时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "保存期限"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "attendance",
                        "self_appraisal",
                        "commitment",
                        "opinion",
                        "attachment",
                        "objection",
                        "appeal",
                        "letter",
                        "sign_in",
                    ]
                ),
                name="retention_period_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__range=(1, LONGEST_MONTHS)),
                name="retention_period_months_within",
                violation_error_message=f"保存期限应为1至{LONGEST_MONTHS}个月的整数；不自动清除的留空。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="sign_in") | Q(months=None) | Q(months__gte=SIGN_IN_MONTHS),
                name="retention_period_sign_ins_kept",
                violation_error_message=f"账号的登录记录至少保存{SIGN_IN_MONTHS}个月（网络安全法第二十一条）。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.rule}"

    @property
    def rule(self) -> str:
        """「满12个月」, as a page and a record say it."""
        return f"满{self.months}个月" if self.months else "不自动清除"


class ClearingQuerySet(models.QuerySet):
    def within(self, paths):
        """The clearings at the subtrees that begin with the paths; ones of no unit only with the whole tree."""
        return self.filter(within_paths(paths))


class Clearing(models.Model):
    """A record of what went: which kind, of which campaign, how many, when, by which rule. It never has contents."""

    kind = models.CharField("种类", max_length=20, choices=KeptKind.choices, editable=False)
    # The title of the campaign, or the name of the unit, as it was; empty for the log-ins of accounts.
    place = models.CharField("评议活动或者单位", max_length=200, blank=True, editable=False)
    # Of the campaign's organizer or of the unit, for whoever may see it.
    path = models.CharField("路径", max_length=DEEPEST * STEP, blank=True, db_index=True, editable=False)
    cleared_count = models.PositiveIntegerField("数量", editable=False)
    rule = models.CharField("依据的规则", max_length=100, editable=False)
    # Empty for what the server did by itself.
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="办理人"
    )
    cleared_at = models.DateTimeField("时间", default=timezone.now, editable=False)

    objects = ClearingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "清除记录"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "attendance",
                        "self_appraisal",
                        "commitment",
                        "opinion",
                        "attachment",
                        "objection",
                        "appeal",
                        "letter",
                        "sign_in",
                    ]
                ),
                name="clearing_kind_known",
            ),
            models.CheckConstraint(condition=Q(cleared_count__gt=0), name="clearing_of_something"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}{self.cleared_count}"

    @property
    def who(self) -> str:
        return name_of(self.cleared_by) if self.cleared_by else "后台程序"
