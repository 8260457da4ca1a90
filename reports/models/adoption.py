"""Decisions on opinions that were given on a draft: taken in by a later one, or not and why (S0-1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Adoption(models.Model):
    """The decision whether an opinion on a draft is taken in; a later decision takes its place."""

    origin = models.OneToOneField(
        "ballots.OpinionOrigin", models.CASCADE, related_name="adoption", verbose_name="对文稿的意见"
    )
    is_adopted = models.BooleanField("采纳")
    draft = models.ForeignKey(
        "campaigns.DocumentDraft", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="采纳到哪一稿"
    )
    reason = models.CharField("不采纳的理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    decided_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "采纳情况"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_adopted=True, draft__isnull=False, reason="")
                | (Q(is_adopted=False, draft=None) & ~Q(reason="")),
                name="adoption_tells_where_or_why",
                violation_error_message="采纳的，写明采纳到哪一稿；不采纳的，写明理由。",
            ),
        ]

    def __str__(self):
        return f"已采纳到{self.draft.get_stage_display()}" if self.draft else f"未采纳：{self.reason}"
