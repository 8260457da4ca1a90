"""Steps of a campaign with their dates: 自评 → 互评 → 群众评 → 书记点评 → 综合定格, and the five of seed S2."""

from django.db import models
from django.db.models import F, Q


class CampaignStep(models.Model):
    """A step that a campaign takes at each of its units, from one day to another."""

    class Kind(models.TextChoices):
        REVIEW = "review", "组织回顾总结"
        SELF = "self", "党员自评"
        MUTUAL = "mutual", "党员互评"
        MASS = "mass", "群众评议"
        VOTES = "votes", "自评、互评、群众评相结合"
        COMMENT = "comment", "书记点评"
        MEETING = "meeting", "民主生活会"
        GRADE = "grade", "综合定格"

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="steps", verbose_name="评议活动")
    kind = models.CharField("步骤", max_length=20, choices=Kind.choices)
    position = models.PositiveSmallIntegerField("次序", default=0)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评议步骤"
        ordering = ["campaign_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind"], name="campaign_step_once", violation_error_message="这一步已经有了。"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["review", "self", "mutual", "mass", "votes", "comment", "meeting", "grade"]),
                name="campaign_step_kind_known",
                violation_error_message="步骤不在可选范围内。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="campaign_step_ends_after_it_starts",
                violation_error_message="一步的结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
