"""Decisions on thresholds that a tally crossed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Finding(models.Model):
    """An organization's decision about a threshold that a tally crossed; without a row it is 待复核."""

    class State(models.TextChoices):
        PENDING = "pending", "待复核"
        CONFIRMED = "confirmed", "已认定"
        DISMISSED = "dismissed", "不予认定"

    rule = models.CharField("阈值", max_length=60)
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="findings", verbose_name="评议对象")
    state = models.CharField("认定", max_length=20, choices=State.choices, default=State.PENDING, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="认定人"
    )
    decided_at = models.DateTimeField("认定时间", null=True, editable=False)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "结果认定"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "target"], name="finding_unique"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None)
                | Q(state__in=["confirmed", "dismissed"], decided_at__isnull=False),
                name="finding_decided_at_fits_the_state",
            ),
        ]

    def __str__(self):
        return f"{self.target}·{self.rule}"

    def decide(self, *, state: str, by, reason: str) -> None:
        """Record the decision with who, when and why; a later one takes its place."""
        self.state = state
        self.decided_by = by
        self.decided_at = timezone.now()
        self.reason = reason
        self.save()
