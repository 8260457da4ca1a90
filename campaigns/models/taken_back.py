"""The times at which what was opened went back to preparation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class TakenBack(models.Model):
    """A poll, or a whole campaign, that was opened and taken back before a ballot came in: why, by whom and when.

    It is never changed.
    """

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, related_name="taken_back", verbose_name="评议活动"
    )
    # None where the whole campaign was taken back, or the poll was deleted afterwards.
    poll = models.ForeignKey(
        "campaigns.Poll", models.SET_NULL, null=True, editable=False, related_name="taken_back", verbose_name="评议点"
    )
    # The poll's unit as it was called; empty where the whole campaign was taken back.
    unit_name = models.CharField("单位", max_length=200, blank=True)
    # Printed slips and people let in that lost their right to cast; paper has none.
    code_count = models.PositiveIntegerField("作废的选票码")
    reason = models.CharField("退回原因", max_length=200)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="退回人"
    )
    taken_back_at = models.DateTimeField("退回时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "退回筹备"
        ordering = ["campaign_id", "taken_back_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="taken_back_has_a_reason",
                violation_error_message="请写明退回原因。",
            ),
            models.CheckConstraint(
                condition=Q(poll=None) | ~Q(unit_name=""),
                name="taken_back_names_its_poll",
            ),
        ]

    def __str__(self):
        return f"{self.unit_name or self.campaign}退回筹备"
