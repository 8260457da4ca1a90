"""Files of ballots that were collected elsewhere."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class BallotImport(models.Model):
    """A file of ballots collected elsewhere that was imported, kept so that it is not counted twice unawares."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="ballot_imports", verbose_name="评议活动"
    )
    # Keyed: a plain digest of a small file would let somebody guess which marks and opinions stood together.
    digest = models.CharField("内容摘要", max_length=64)
    # 1 for the first time; more where somebody confirmed that the same content comes in again.
    ordinal = models.PositiveIntegerField("第几次导入", default=1)
    row_count = models.PositiveIntegerField("票数")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "评议票导入"
        ordering = ["campaign_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "digest", "ordinal"],
                name="ballot_import_unique",
                violation_error_message="同样内容的文件已经导入过。",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}·{self.row_count}张"
