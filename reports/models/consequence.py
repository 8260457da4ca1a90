"""Decisions that an organization took because of a confirmed finding, and appeals of the person concerned."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths


class OfFindingQuerySet(models.QuerySet):
    """Rows that hang on a finding."""

    def visible_to(self, user):
        return self.within(visible_paths(user))

    def within(self, paths):
        """The rows about results of the subtrees that begin with the paths."""
        return self.filter(within_paths(paths, "finding__target__poll__path"))


class ConsequenceQuerySet(OfFindingQuerySet):
    """Decisions about a subject."""

    def in_force(self, day: date):
        """The decisions that nobody has revoked and whose term is not over on a day."""
        return self.filter(Q(until=None) | Q(until__gte=day), revoked_on=None, decided_on__lte=day)


class Consequence(models.Model):
    """A decision taken because of a confirmed finding: by whom, when, on what basis; nothing follows by itself (DOMAIN R1–R8, S2)."""

    class Kind(models.TextChoices):
        AWARD = "award", "不得推荐表彰、评先评优"
        ASSESSMENT = "assessment", "年度考核定等受限"
        PROMOTION = "promotion", "提拔使用受限"
        PERFORMANCE = "performance", "绩效考核扣减"
        ADMONITION = "admonition", "诫勉谈话"
        REORGANIZATION = "reorganization", "班子整顿"
        TARGETS = "targets", "纳入目标考核"
        EXAMPLE = "example", "宣传先进事迹"
        PRAISE = "praise", "通报表扬"
        ACCOUNTABILITY = "accountability", "追究领导责任"
        DISCIPLINE = "discipline", "党内处分"
        OTHER = "other", "其他处理"

    # The kinds that restrict the subject until they end; the others are done once.
    RESTRICTING = (Kind.AWARD, Kind.ASSESSMENT, Kind.PROMOTION, Kind.PERFORMANCE)

    finding = models.ForeignKey("reports.Finding", models.PROTECT, related_name="consequences", verbose_name="结果认定")
    kind = models.CharField("结果运用", max_length=20, choices=Kind.choices)
    content = models.CharField("具体内容", max_length=300)
    basis = models.CharField("依据", max_length=200)
    authority = models.CharField("决定单位", max_length=100)
    decided_on = models.DateField("决定日期")
    until = models.DateField("执行到哪一天", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    revoked_reason = models.CharField("撤销原因", max_length=200, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="撤销人"
    )

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结果运用"
        ordering = ["decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "award",
                        "assessment",
                        "promotion",
                        "performance",
                        "admonition",
                        "reorganization",
                        "targets",
                        "example",
                        "praise",
                        "accountability",
                        "discipline",
                        "other",
                    ]
                ),
                name="consequence_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("decided_on")),
                name="consequence_ends_after_it_begins",
                violation_error_message="执行的最后一天不能早于决定日期。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, revoked_reason="", revoked_by=None)
                | (Q(revoked_on__isnull=False, revoked_on__gte=F("decided_on")) & ~Q(revoked_reason="")),
                name="consequence_revoked_with_a_reason",
                violation_error_message="撤销要写明日期和原因，撤销日期不能早于决定日期。",
            ),
        ]

    def __str__(self):
        return self.content[:30]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_on is not None

    @property
    def is_restriction(self) -> bool:
        return self.kind in self.RESTRICTING


class Appeal(models.Model):
    """An appeal of the person or organization concerned, and its answer (申诉)."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "维持"
        CHANGED = "changed", "变更"
        REVOKED = "revoked", "撤销"

    finding = models.ForeignKey("reports.Finding", models.PROTECT, related_name="appeals", verbose_name="结果认定")
    received_on = models.DateField("收到日期")
    text = models.CharField("申诉内容", max_length=500)
    outcome = models.CharField("处理结果", max_length=20, choices=Outcome.choices, blank=True)
    answer = models.CharField("复查和答复情况", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = OfFindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申诉"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", "upheld", "changed", "revoked"]), name="appeal_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, outcome="")
                | (~Q(answer="") & ~Q(outcome="") & Q(answered_on__isnull=False, answered_on__gte=F("received_on"))),
                name="appeal_answered_whole",
                violation_error_message="处理结果、答复情况和答复日期要一起填写，答复日期不能早于收到日期。",
            ),
        ]

    def __str__(self):
        return self.text[:30]

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None
