"""After the count: decisions on findings, and summaries as they were written."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models import Indicator
from campaigns.models.role import visible_paths, within_paths


class Finding(models.Model):
    """What an organization decided about a threshold that a tally crossed; without a row it is 待复核."""

    class State(models.TextChoices):
        PENDING = "pending", "待复核"
        CONFIRMED = "confirmed", "已认定"
        DISMISSED = "dismissed", "不予认定"

    rule = models.CharField("阈值", max_length=60)
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="findings", verbose_name="评议对象")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="评议内容")
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
            models.UniqueConstraint(fields=["rule", "target", "indicator"], name="finding_unique"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None)
                | Q(state__in=["confirmed", "dismissed"], decided_at__isnull=False),
                name="finding_decided_at_fits_the_state",
            ),
        ]

    def __str__(self):
        return f"{self.target}·{self.indicator}"

    def decide(self, *, state: str, by, reason: str) -> None:
        """Record the decision with who, when and why; a later one takes its place."""
        self.state = state
        self.decided_by = by
        self.decided_at = timezone.now()
        self.reason = reason
        self.save()


class ScoreChoice(models.Model):
    """What a poll's secretary chose where a weighted category has no ballots; without a row there is no score (C15)."""

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


class SummaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__organization__path"))


class Summary(models.Model):
    """The 小结 of one poll: the sections that the secretary words; figures come from the tally whenever it is drawn."""

    poll = models.OneToOneField("campaigns.Poll", models.PROTECT, related_name="summary", verbose_name="评议点")
    # Section key → text as edited; a section that is not here has its standard wording.
    texts = models.JSONField("文字", default=dict)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="修改人"
    )
    edited_at = models.DateTimeField("修改时间", default=timezone.now, editable=False)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "小结"

    def __str__(self):
        return f"{self.poll}小结"
