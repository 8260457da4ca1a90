"""Deeds on a whole campaign that take longer than a request may, on their way from the press to the end."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# The end of a deed is told for so long.
KEPT = timedelta(days=7)


class LongDeedQuerySet(models.QuerySet["LongDeed"]):
    def at_work(self):
        """The deeds that wait for the worker or are under way, the one that waits longest first."""
        return self.filter(ended_at=None).order_by("asked_at", "pk")

    def ended_before(self, moment: datetime):
        return self.filter(ended_at__lt=moment)


class LongDeed(models.Model):
    """A deed on a campaign of very many polls that somebody asked for: working → done or refused.

    Whoever is at it holds its row, so that a worker that dies lets go of it; `arguments` is all that was asked.
    """

    class Kind(models.TextChoices):
        OPEN = "open", "开启评议"
        TAKE_BACK = "take_back", "退回筹备"
        COPY = "copy", "复制评议活动"
        PERIOD = "period", "按计划建一期"
        QUESTIONNAIRE_ADD = "questionnaire_add", "增加评议表"
        QUESTIONNAIRE_DELETE = "questionnaire_delete", "删除评议表"
        ORDER = "order", "调整评议表的次序"
        REFRESH = "refresh", "按名册更新评议对象"

    class State(models.TextChoices):
        WORKING = "working", "正在办理"
        DONE = "done", "已经办完"
        REFUSED = "refused", "没有办成"

    kind = models.CharField("事项", max_length=20, choices=Kind.choices, editable=False)
    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, editable=False, related_name="long_deeds", verbose_name="评议活动"
    )
    arguments = models.JSONField("内容", default=dict, editable=False)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WORKING, editable=False)
    # How often a worker has begun since the last part was done.
    try_count = models.PositiveSmallIntegerField("开始过几次", default=0, editable=False)
    # Of a deed that is done in parts: the key of the last poll that was come to, how many are done, and of how many.
    position = models.PositiveBigIntegerField("办到哪里", default=0, editable=False)
    done_count = models.PositiveIntegerField("办了几个", default=0, editable=False)
    total_count = models.PositiveIntegerField("共几个", null=True, editable=False)
    # The outcome, or the reason.
    told = models.CharField("结果", max_length=500, blank=True, editable=False)
    # The campaign that it made.
    made = models.ForeignKey(
        "campaigns.Campaign", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="新的评议活动"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+", verbose_name="办理人"
    )
    asked_at = models.DateTimeField("交办时间", default=timezone.now, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)

    objects = LongDeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台办理的事项"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("open", "take_back", "copy", "period", "questionnaire_add"),
                        *("questionnaire_delete", "order", "refresh"),
                    ]
                ),
                name="long_deed_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state="working", ended_at=None, told="")
                | (Q(state__in=["done", "refused"], ended_at__isnull=False) & ~Q(told="")),
                name="long_deed_ended_at_fits_the_state",
            ),
            # Two people press at once: the first deed goes on, the second waits until it has ended.
            models.UniqueConstraint(fields=["campaign"], condition=Q(ended_at=None), name="long_deed_alone"),
        ]

    def __str__(self):
        return f"{self.campaign}·{self.get_kind_display()}"

    @property
    def is_at_work(self) -> bool:
        return self.state == self.State.WORKING

    @property
    def is_begun(self) -> bool:
        """Whether a worker has taken it up."""
        return self.try_count > 0 or self.total_count is not None
