"""Rows that the seal leaves: the boxes that a recount counts, and the counts that reports read."""

from django.db import models
from django.db.models import F, Q

from campaigns.models import Channel, Indicator

from .batch import Batch


class SealedBox(models.Model):
    """The ballots of one batch about one target, cut and sorted at sealing, as one text with its SHA-256."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="boxes", verbose_name="票批")
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="boxes", verbose_name="评议对象")
    # First line: what the box holds, as JSON; then one section of marks a line, sorted.
    content = models.TextField("封存内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    # Empty where the platform had none at the seal.
    sm3 = models.CharField("SM3", max_length=64, blank=True)
    ballot_count = models.PositiveIntegerField("票数")

    class Meta:
        verbose_name = verbose_name_plural = "封存票箱"
        ordering = ["batch_id", "target__position", "target_id"]
        constraints = [models.UniqueConstraint(fields=["batch", "target"], name="sealed_box_unique")]

    def __str__(self):
        return f"{self.batch}·{self.target}"


class TallyRow(models.Model):
    """The counts of one poll × target × indicator × channel × category, written once at sealing."""

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="tally_rows", verbose_name="评议点")
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="+", verbose_name="评议对象")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="评议内容")
    channel = models.CharField("评议渠道", max_length=20, choices=Channel.choices)
    category = models.ForeignKey("campaigns.Category", models.PROTECT, related_name="+", verbose_name="参评人员类别")
    valid_count = models.PositiveIntegerField("有效")
    # The grades that count in the base, in the scale's order; columns, so that a database can add them up.
    grade_1_count = models.PositiveIntegerField("第一档", default=0)
    grade_2_count = models.PositiveIntegerField("第二档", default=0)
    grade_3_count = models.PositiveIntegerField("第三档", default=0)
    grade_4_count = models.PositiveIntegerField("第四档", default=0)
    grade_5_count = models.PositiveIntegerField("第五档", default=0)
    grade_6_count = models.PositiveIntegerField("第六档", default=0)
    grade_7_count = models.PositiveIntegerField("第七档", default=0)
    unknown_count = models.PositiveIntegerField("不了解", default=0)
    abstained_count = models.PositiveIntegerField("弃权", default=0)
    spoiled_count = models.PositiveIntegerField("行无效", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "计票结果"
        ordering = ["poll_id", "target__position", "target_id", "indicator__position", "indicator_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["target", "indicator", "channel", "category"], name="tally_row_unique"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="tally_row_channel_known"),
            models.CheckConstraint(
                # Identity of DESIGN 5: grades + 不了解 + 弃权 + 行无效 = 有效.
                condition=Q(
                    valid_count=F("grade_1_count")
                    + F("grade_2_count")
                    + F("grade_3_count")
                    + F("grade_4_count")
                    + F("grade_5_count")
                    + F("grade_6_count")
                    + F("grade_7_count")
                    + F("unknown_count")
                    + F("abstained_count")
                    + F("spoiled_count")
                ),
                name="tally_row_adds_up",
            ),
        ]

    def __str__(self):
        return f"{self.target}·{self.indicator}"
