"""Plans of a year: the periods in which an organization appraises (一季一评议、半年一小结、年终一总评)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .reach import visible_paths, within_paths


class YearPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "organization__path"))


class YearPlan(models.Model):
    """The periods of one year in which an organization holds its appraisals; it follows the unit, as work that goes on."""

    EARLIEST, LATEST = 2000, 2099

    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="year_plans", verbose_name="组织单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="制定人"
    )
    created_at = models.DateTimeField("制定时间", default=timezone.now, editable=False)

    objects = YearPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "全年计划"
        ordering = ["-year", "organization__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="year_plan_unique",
                violation_error_message="该单位这一年已有全年计划。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2099),
                name="year_plan_year_in_reach",
                violation_error_message="年度应在2000至2099之间。",
            ),
        ]

    def __str__(self):
        return f"{self.organization}{self.year}年评议计划"


class PlannedPeriodQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "plan__organization__path"))


class PlannedPeriod(models.Model):
    """A period of a plan with its days, and the campaign that is held in it, once there is one."""

    plan = models.ForeignKey(YearPlan, models.CASCADE, related_name="periods", verbose_name="全年计划")
    # As a campaign names its period: 「2026年第三季度」.
    title = models.CharField("周期名称", max_length=40, help_text="如：2026年第三季度。就是这一期活动的评议周期。")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    campaign = models.OneToOneField(
        "campaigns.Campaign",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="planned_period",
        verbose_name="评议活动",
    )

    objects = PlannedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划周期"
        ordering = ["plan_id", "starts_on", "ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "title"],
                name="planned_period_title_unique",
                violation_error_message="计划中已有同名的周期。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="planned_period_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return self.title
