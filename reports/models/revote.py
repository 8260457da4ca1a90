"""Problems of the ledger that are put to the vote again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Revote(models.Model):
    """An answered problem as a subject of a later ballot (整改满意度再评, seed S4: the 意见核评 of what was put right)."""

    problem = models.ForeignKey("reports.Problem", models.CASCADE, related_name="revotes", verbose_name="问题")
    # Goes with the section where the campaign is taken back before it opens.
    target = models.OneToOneField(
        "campaigns.Target", models.CASCADE, related_name="revote", verbose_name="票面上的问题"
    )
    # The problem is taken up again where more than this share is 不满意.
    numerator = models.PositiveSmallIntegerField("界限分子")
    denominator = models.PositiveSmallIntegerField("界限分母")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    settled_at = models.DateTimeField("登记时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "整改再评"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(denominator__gt=0, numerator__lt=F("denominator")), name="revote_share_below_one"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(settled_by=None), name="revote_settled_with_a_time"
            ),
        ]

    def __str__(self):
        return str(self.problem)

    def settle(self, *, by) -> None:
        """Record that the outcome went into the ledger; `revotes.actions.settle_revotes` writes it there."""
        self.settled_by, self.settled_at = by, timezone.now()
        self.save(update_fields=["settled_by", "settled_at"])
