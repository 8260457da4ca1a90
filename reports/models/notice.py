"""Notices to those who have something to do: what they chose, the robots of offices, and everything that waits or was sent."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class NoticeChoice(models.Model):
    """A kind of notice that an account wants, and the way by which."""

    class Kind(models.TextChoices):
        DEADLINE = "deadline", "评议活动、阶段、计划的日期快到了"
        LEDGER = "ledger", "整改台账的完成时限快到了、过了"
        WAITING = "waiting", "本单位有一步等着办：开启、截止、封存、阅办意见、答复异议"
        LATE = "late", "下级单位进度滞后"

    class Way(models.TextChoices):
        EMAIL = "email", "邮件"
        WEBHOOK = "webhook", "群机器人"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices", verbose_name="账号"
    )
    kind = models.CharField("事项", max_length=20, choices=Kind.choices)
    way = models.CharField("方式", max_length=20, choices=Way.choices)

    class Meta:
        verbose_name = verbose_name_plural = "提醒的选择"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "way"], name="notice_choice_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=["deadline", "ledger", "waiting", "late"]), name="notice_choice_kind_known"
            ),
            models.CheckConstraint(condition=Q(way__in=["email", "webhook"]), name="notice_choice_way_known"),
        ]

    def __str__(self):
        return f"{self.user}：{self.get_kind_display()}（{self.get_way_display()}）"


class MailAddress(models.Model):
    """Where an account gets its notices by e-mail: an address counts once the code that was sent there came back."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_address", verbose_name="账号"
    )
    address = models.EmailField("邮箱", blank=True, editable=False)
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)
    # The one that is to be confirmed, with the code, locked with the secret key, and a name for the mail that carries it.
    asked_address = models.EmailField("待确认的邮箱", blank=True, editable=False)
    locked_code = models.TextField("确认码", blank=True, editable=False)
    asked_key = models.CharField("确认的编号", max_length=32, blank=True, editable=False)
    asked_at = models.DateTimeField("发出确认码的时间", null=True, editable=False)
    wrong_count = models.PositiveSmallIntegerField("输错几次", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "收提醒的邮箱"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(address="", confirmed_at=None) | (~Q(address="") & Q(confirmed_at__isnull=False)),
                name="mail_address_confirmed_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(asked_address="", locked_code="", asked_key="", asked_at=None, wrong_count=0)
                | (~Q(asked_address="") & ~Q(locked_code="") & ~Q(asked_key="") & Q(asked_at__isnull=False)),
                name="mail_address_asked_whole",
            ),
        ]

    def __str__(self):
        return self.address or self.asked_address


class Webhook(models.Model):
    """The robot of a unit's group, which takes a text at an address that nobody reads again: whoever knows it may write."""

    class Robot(models.TextChoices):
        WECOM = "wecom", "企业微信"
        DINGTALK = "dingtalk", "钉钉"
        FEISHU = "feishu", "飞书"

    organization = models.OneToOneField(
        "campaigns.Organization", models.PROTECT, related_name="webhook", verbose_name="党组织"
    )
    robot = models.CharField("机器人", max_length=20, choices=Robot.choices)
    # Locked with the secret key.
    locked_address = models.TextField("地址", editable=False)
    # With which 钉钉 and 飞书 want what is sent to be signed (加签); locked likewise, empty where they do not.
    locked_secret = models.TextField("加签的密钥", blank=True, editable=False)
    # The server of the address, which is no secret.
    host = models.CharField("服务器", max_length=255, editable=False)
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name="设置人"
    )
    put_at = models.DateTimeField("设置时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "群机器人"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(robot__in=["wecom", "dingtalk", "feishu"]),
                name="webhook_robot_known",
                violation_error_message="机器人只能是企业微信、钉钉或者飞书的。",
            ),
            models.CheckConstraint(
                condition=~Q(robot="wecom") | Q(locked_secret=""), name="webhook_wecom_signs_nothing"
            ),
        ]

    def __str__(self):
        return f"{self.organization.name}的{self.get_robot_display()}群机器人"


class NoticeQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Notices that are to be tried now."""
        return self.filter(state=Notice.State.WAITING, next_at__lte=now)

    def given_up(self):
        return self.filter(state=Notice.State.GIVEN_UP)


class Notice(models.Model):
    """A text on its way to an account or to a robot: waiting → sending → sent, or waiting again, or given up.

    A matter is told once a day to each: the row of the day is there before anything is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已送到"
        GIVEN_UP = "given_up", "没有送到"

    # Names what it is about, with the keys of its rows: 「late:12:3」.
    matter = models.CharField("事项", max_length=100, editable=False)
    day = models.DateField("日期", editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, related_name="+", verbose_name="账号"
    )
    webhook = models.ForeignKey(
        Webhook, models.CASCADE, null=True, editable=False, related_name="notices", verbose_name="群机器人"
    )
    subject = models.CharField("标题", max_length=200, editable=False)
    text = models.TextField("文字", editable=False)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING, editable=False)
    tries = models.PositiveSmallIntegerField("试了几次", default=0, editable=False)
    # While it is being sent: since when.
    next_at = models.DateTimeField("下一次", default=timezone.now, editable=False)
    problem = models.CharField("问题", max_length=200, blank=True, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "next_at"], name="notice_state_next_at")]
        constraints = [
            models.UniqueConstraint(fields=["user", "matter", "day"], name="notice_of_account_once_a_day"),
            models.UniqueConstraint(fields=["webhook", "matter", "day"], name="notice_of_robot_once_a_day"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, webhook=None) | Q(user=None, webhook__isnull=False),
                name="notice_to_an_account_or_a_robot",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], ended_at=None)
                | Q(state__in=["sent", "given_up"], ended_at__isnull=False),
                name="notice_end_fits_the_state",
            ),
        ]

    def __str__(self):
        return self.subject
