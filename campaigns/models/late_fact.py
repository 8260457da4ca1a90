"""Facts of a meeting that were written down after the seal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class LateFact(models.Model):
    """A fact of a sealed poll's meeting that nobody had recorded before the seal: its value, why so late, by whom and when.

    Rows are only added; the last one of a fact is the one that holds. Numbers are no such facts: the seal fixed them.
    """

    class Fact(models.TextChoices):
        """The columns of a poll that may be completed."""

        MEETING_ON = "meeting_on", "评议会日期"
        PLACE = "place", "地点"
        HOST = "host", "主持人"
        SUPERVISOR = "supervisor", "上级派员"
        SCRUTINEERS = "scrutineers", "监票人"
        TELLERS = "tellers", "计票人"

    poll = models.ForeignKey("campaigns.Poll", models.CASCADE, related_name="late_facts", verbose_name="评议点")
    fact = models.CharField("事项", max_length=20, choices=Fact.choices)
    # As it is printed, a day as 「2026年11月8日」.
    value = models.CharField("内容", max_length=100)
    reason = models.CharField("补记原因", max_length=200)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="补记人"
    )
    completed_at = models.DateTimeField("补记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "封存后补记"
        ordering = ["poll_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fact__in=["meeting_on", "place", "host", "supervisor", "scrutineers", "tellers"]),
                name="late_fact_known",
            ),
            models.CheckConstraint(condition=~Q(value=""), name="late_fact_not_empty"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="late_fact_has_a_reason",
                violation_error_message="请写明补记原因。",
            ),
        ]

    def __str__(self):
        return f"{self.get_fact_display()}：{self.value}"
