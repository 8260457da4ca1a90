"""Answers of an organization where the count stops and asks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ScoreChoice(models.Model):
    """The choice of a poll's secretary where a weighted category has no ballots; without a row there is no score (C15)."""

    class Answer(models.TextChoices):
        SPREAD = "spread", "按其余类别的权重折算"
        WITHHOLD = "withhold", "暂不计算得分"

    poll = models.OneToOneField("campaigns.Poll", models.PROTECT, related_name="score_choice", verbose_name="评议点")
    answer = models.CharField("处理办法", max_length=20, choices=Answer.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="选择人"
    )
    decided_at = models.DateTimeField("选择时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "得分处理"
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=["spread", "withhold"]), name="score_choice_answer_known")
        ]

    def __str__(self):
        return f"{self.poll}：{self.get_answer_display()}"


class ExcellentCount(models.Model):
    """How many members a poll's organization named 优秀, of how many, and why where it is more than the limit (C17)."""

    poll = models.OneToOneField("campaigns.Poll", models.PROTECT, related_name="excellent_count", verbose_name="评议点")
    excellent = models.PositiveIntegerField("定为优秀的人数")
    members = models.PositiveIntegerField("党员总数")
    attended = models.PositiveIntegerField("参评党员数")
    reason = models.CharField("超过上限的理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    decided_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "优秀名额"
        constraints = [
            models.CheckConstraint(
                condition=Q(excellent__lte=F("attended"), attended__lte=F("members")),
                name="excellent_count_of_those_who_attended",
                violation_error_message="定为优秀的不能多于参评党员，参评党员不能多于党员总数。",
            )
        ]

    def __str__(self):
        return f"{self.poll}：优秀{self.excellent}名"
