"""The days by which a campaign's end was put off."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Extension(models.Model):
    """A new last day that an open campaign was given: instead of which, why, by whom and when. It is never changed."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, related_name="extensions", verbose_name="评议活动"
    )
    was_to_end_on = models.DateField("原结束日期")
    ends_on = models.DateField("新的结束日期")
    reason = models.CharField("延期原因", max_length=200)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="延期人"
    )
    extended_at = models.DateTimeField("延期时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "延期"
        ordering = ["campaign_id", "ends_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "ends_on"],
                name="extension_unique",
                violation_error_message="已经延期到这一天。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("was_to_end_on")),
                name="extension_ends_later",
                violation_error_message="新的结束日期应晚于现在的结束日期。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_a_reason",
                violation_error_message="请写明延期原因。",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}延至{self.ends_on}"
