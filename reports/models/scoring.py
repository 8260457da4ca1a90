"""千分制考核: a campaign's scheme of indicators in points, the sheets of its raters, deductions and bonus (seed S0-2a)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ballots.models import random_key
from campaigns.library import MOST_POINTS
from campaigns.models.reach import visible_paths, within_paths


class ScoreScheme(models.Model):
    """The 考核指标表 of a campaign: the points that all indicators add up to, and how a score joins with the satisfaction."""

    class Measure(models.TextChoices):
        """The figure of the satisfaction poll that goes into the 综合得分."""

        SATISFACTION = "satisfaction", "满意率"
        POSITIVE = "positive", "综合满意率"
        SCORE = "score", "满意度得分"

    campaign = models.OneToOneField(
        "campaigns.Campaign", models.CASCADE, related_name="score_scheme", verbose_name="评议活动"
    )
    total = models.PositiveIntegerField(
        "总分", default=1000, validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)]
    )
    score_weight = models.PositiveSmallIntegerField("考核得分权重（%）", default=60)
    satisfaction_weight = models.PositiveSmallIntegerField("满意度权重（%）", default=40)
    measure = models.CharField("满意度取", max_length=20, choices=Measure.choices, default=Measure.SATISFACTION)
    # The questionnaire about the unit itself whose 总体评价 it is; it may be taken out of the campaign before the opening.
    questionnaire = models.ForeignKey(
        "campaigns.Questionnaire", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="取自评议表"
    )

    class Meta:
        verbose_name = verbose_name_plural = "考核指标表"
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=1, total__lte=MOST_POINTS),
                name="score_scheme_total_within",
                violation_error_message=f"总分应为1至{MOST_POINTS}的整数。",
            ),
            models.CheckConstraint(
                condition=Q(score_weight__gt=0, score_weight=100 - F("satisfaction_weight")),
                name="score_scheme_weights_sum_to_100",
                violation_error_message="考核得分权重应大于0，与满意度权重之和应为100%。",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["satisfaction", "positive", "score"]), name="score_scheme_measure_known"
            ),
        ]

    def __str__(self):
        return f"{self.campaign}：{self.total}分考核"

    @property
    def has_satisfaction(self) -> bool:
        """Whether the satisfaction counts in the 综合得分 at all."""
        return self.satisfaction_weight > 0


class ScoreIndicator(models.Model):
    """A line of the scheme with its most points, in a group of lines."""

    scheme = models.ForeignKey(ScoreScheme, models.CASCADE, related_name="indicators", verbose_name="考核指标表")
    group = models.CharField("分组", max_length=50)
    text = models.CharField("考核指标", max_length=200)
    maximum = models.PositiveIntegerField("满分")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "考核指标"
        ordering = ["scheme_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "text"], name="score_indicator_unique", violation_error_message="已有相同的考核指标。"
            ),
            models.CheckConstraint(
                condition=Q(maximum__gte=1, maximum__lte=MOST_POINTS),
                name="score_indicator_maximum_within",
                violation_error_message=f"满分应为1至{MOST_POINTS}的整数。",
            ),
        ]

    def __str__(self):
        return self.text


class RaterGroup(models.Model):
    """A kind of raters (考核组: 上级考核组、驻街单位、群众代表) with its weight in the score."""

    scheme = models.ForeignKey(ScoreScheme, models.CASCADE, related_name="raters", verbose_name="考核指标表")
    name = models.CharField("考核组", max_length=50)
    weight = models.DecimalField("权重（%）", max_digits=5, decimal_places=2)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "考核组"
        ordering = ["scheme_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"], name="rater_group_name_unique", violation_error_message="已有同名的考核组。"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100),
                name="rater_group_weight_between_0_and_100",
                violation_error_message="权重应大于0且不超过100。",
            ),
        ]

    def __str__(self):
        return self.name


class ScoreBox(models.Model):
    """All 考核打分表 of one kind of raters about one unit, a line each, sorted: no row, key or place says which came when."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="score_boxes", verbose_name="评议点")
    rater = models.ForeignKey(RaterGroup, models.PROTECT, related_name="boxes", verbose_name="考核组")
    content = models.TextField("打分表")
    sheet_count = models.PositiveIntegerField("份数")

    class Meta:
        verbose_name = verbose_name_plural = "考核打分表"
        ordering = ["poll_id", "rater__position", "rater_id"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "rater"], name="score_box_unique"),
            models.CheckConstraint(condition=Q(sheet_count__gte=1) & ~Q(content=""), name="score_box_not_empty"),
        ]

    def __str__(self):
        return f"{self.poll}·{self.rater}：{self.sheet_count}份"


class FinishedScoring(models.Model):
    """The end of keying at one unit: from here on its score can be shown, and no sheet is added or taken out."""

    class Answer(models.TextChoices):
        """The answer where a kind of raters handed in no sheet."""

        NONE = "", "各考核组都有打分表"
        SPREAD = "spread", "按其余考核组的权重折算"
        WITHHOLD = "withhold", "不计算考核得分"

    poll = models.OneToOneField(
        "campaigns.Poll", models.PROTECT, related_name="finished_scoring", verbose_name="评议点"
    )
    answer = models.CharField("没有打分表的考核组", max_length=20, choices=Answer.choices, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="确认人"
    )
    finished_at = models.DateTimeField("完成时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "打分表录入完毕"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["", "spread", "withhold"]), name="finished_scoring_answer_known"
            )
        ]

    def __str__(self):
        return f"{self.poll}：打分表录入完毕"


class ScoreAdjustmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__path"))

    def standing(self):
        """The ones that nobody has withdrawn."""
        return self.filter(withdrawn_at=None)


class ScoreAdjustment(models.Model):
    """A bonus or a deduction of points with its reason and evidence; withdrawn, it stays to be read."""

    class FileKind(models.TextChoices):
        NONE = "", "没有附件"
        JPEG = "jpg", "JPEG图片"
        PNG = "png", "PNG图片"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word文档"
        XLSX = "xlsx", "Excel工作簿"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="score_adjustments", verbose_name="评议点")
    # Below 0 it is a deduction.
    points = models.DecimalField("加减分", max_digits=7, decimal_places=2)
    reason = models.CharField("事由", max_length=200)
    evidence = models.CharField("依据", max_length=300)
    # A random name in the folder of kept files; nothing that a user wrote becomes a path.
    file_name = models.CharField("附件", max_length=40, blank=True, editable=False)
    file_kind = models.CharField("附件格式", max_length=10, choices=FileKind.choices, blank=True, editable=False)
    file_sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="撤销人"
    )
    withdrawn_at = models.DateTimeField("撤销时间", null=True, editable=False)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)

    objects = ScoreAdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "加分和扣分"
        ordering = ["poll_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(points=0) & Q(points__gte=-MOST_POINTS, points__lte=MOST_POINTS),
                name="score_adjustment_moves_the_score",
                violation_error_message="加减分不能是0：加分填正数，扣分填负数。",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""),
                name="score_adjustment_has_reason_and_evidence",
                violation_error_message="加减分要写明事由和依据。",
            ),
            models.CheckConstraint(
                condition=Q(file_name="", file_kind="", file_sha256="")
                | (~Q(file_name="") & Q(file_kind__in=["jpg", "png", "pdf", "docx", "xlsx"]) & ~Q(file_sha256="")),
                name="score_adjustment_file_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="", withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="score_adjustment_withdrawn_with_a_reason",
                violation_error_message="撤销加减分要写明原因。",
            ),
        ]

    def __str__(self):
        return f"{self.points:+f}：{self.reason}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
