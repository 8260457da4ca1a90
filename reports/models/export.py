"""Long exports that are made outside the request."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Export(models.Model):
    """One archive that somebody asked for: waiting → running → done, failed or cancelled."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在生成"
        DONE = "done", "已完成"
        FAILED = "failed", "未能完成"
        CANCELLED = "cancelled", "已取消"

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="exports", verbose_name="评议活动")
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="exports", verbose_name="单位"
    )
    kind = models.CharField("内容", max_length=20)
    format = models.CharField("格式", max_length=10)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING, editable=False)
    total_count = models.PositiveIntegerField("总数", default=0, editable=False)
    done_count = models.PositiveIntegerField("已完成", default=0, editable=False)
    problem = models.CharField("问题", max_length=300, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间", default=timezone.now, editable=False)
    # When its worker last said that it lives; one that has been silent for long is taken up again.
    seen_at = models.DateTimeField("最近进展", null=True, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "批量导出"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="export_state_known",
            ),
            models.CheckConstraint(condition=Q(done_count__lte=F("total_count")), name="export_done_of_total"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="export_ended_at_fits_the_state",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}·{self.organization}"
