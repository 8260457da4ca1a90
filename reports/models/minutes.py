"""Minutes of a unit's appraisal meeting (评议会会议记录), and who of its members was there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Minutes(models.Model):
    """The record of a poll's meeting beside the facts that the poll itself has: day, place, host, who came from above."""

    poll = models.OneToOneField("campaigns.Poll", models.CASCADE, related_name="minutes", verbose_name="评议点")
    began_at = models.TimeField("开始时间", null=True, blank=True)
    ended_at = models.TimeField("结束时间", null=True, blank=True)
    recorder = models.CharField("记录人", max_length=50)
    guests = models.CharField("列席人员", max_length=300, blank=True)
    # Items of the agenda, one a line.
    agenda = models.TextField("议程")
    proceedings = models.TextField("会议情况")
    resolutions = models.TextField("会议决定", blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    saved_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "会议记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(began_at=None) | Q(ended_at=None) | Q(ended_at__gt=F("began_at")),
                name="minutes_end_after_they_begin",
                violation_error_message="会议的结束时间要晚于开始时间。",
            )
        ]

    def __str__(self):
        return f"{self.poll}：会议记录"


class Attendance(models.Model):
    """A member who was to be at the meeting: there, or away with the reason. It says nothing of who cast a ballot."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="attendances", verbose_name="会议记录")
    # Both are empty once the name has gone: the row stays, and is counted.
    member = models.ForeignKey("campaigns.Member", models.PROTECT, null=True, related_name="+", verbose_name="党员")
    # As on the roster of the day on which it was recorded.
    name = models.CharField("姓名", max_length=50, blank=True)
    is_present = models.BooleanField("出席")
    absence_reason = models.CharField("缺席原因", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出席情况"
        ordering = ["minutes_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(is_present=True, absence_reason="") | (Q(is_present=False) & ~Q(absence_reason="")),
                name="attendance_absent_with_a_reason",
                violation_error_message="缺席的写明原因，出席的不写。",
            ),
        ]

    def __str__(self):
        return f"{self.name}：{'出席' if self.is_present else '缺席'}"
