"""Grades that a branch decides for its members at a meeting (综合定格; DOMAIN B1, seed S2)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone


class GradingQuerySet(models.QuerySet["Grading"]):
    def standing(self):
        """The last decision of each poll; those before it are its history."""
        later = Grading.objects.filter(poll=OuterRef("poll"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class Grading(models.Model):
    """A branch's decision on the grades of its members at a meeting; a change later is the next number, with its reason."""

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="gradings", verbose_name="评议点")
    number = models.PositiveSmallIntegerField("次序", editable=False)
    held_on = models.DateField("会议日期")
    host = models.CharField("主持人", max_length=50)
    present_count = models.PositiveIntegerField("到会党员人数")
    member_count = models.PositiveIntegerField("应参加评议党员（党员总数）")
    attended_count = models.PositiveIntegerField("实际参加评议党员")
    excellent_reason = models.CharField("优秀超过上限的理由", max_length=300, blank=True)
    # Why the decision before was changed; empty for the first.
    change_reason = models.CharField("变更理由", max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = GradingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "综合定格"
        ordering = ["poll_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="grading_number_unique"),
            models.CheckConstraint(
                condition=Q(number=1) | (Q(number__gt=1) & ~Q(change_reason="")),
                name="grading_changed_with_a_reason",
                violation_error_message="变更已经登记的等次，请写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(present_count__lte=F("member_count"), attended_count__lte=F("member_count")),
                name="grading_people_among_the_members",
                violation_error_message="到会的、实际参加评议的党员都不能多于应参加评议的党员。",
            ),
        ]

    def __str__(self):
        return f"{self.poll}：第{self.number}次综合定格"


class MemberGrade(models.Model):
    """The grade of one member as a branch decided it, with a reason where the votes say otherwise."""

    class Value(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        QUALIFIED = "qualified", "合格"
        BASIC = "basic", "基本合格"
        UNQUALIFIED = "unqualified", "不合格"

    grading = models.ForeignKey(Grading, models.CASCADE, related_name="grades", verbose_name="综合定格")
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="grades", verbose_name="党员")
    value = models.CharField("评定等次", max_length=20, choices=Value.choices)
    # Whether another grade had most votes; where votes are not shown nobody says that it had.
    is_unlike_votes = models.BooleanField("与得票最多的等次不同", default=False)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "党员等次"
        ordering = ["grading_id", "target__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["grading", "target"], name="member_grade_once"),
            models.CheckConstraint(
                condition=Q(value__in=["excellent", "qualified", "basic", "unqualified"]), name="member_grade_known"
            ),
            models.CheckConstraint(
                condition=Q(is_unlike_votes=False) | ~Q(reason=""),
                name="member_grade_unlike_votes_with_a_reason",
                violation_error_message="评定的等次与得票最多的等次不同的，请写明理由。",
            ),
        ]

    def __str__(self):
        return f"{self.target}：{self.get_value_display()}"
