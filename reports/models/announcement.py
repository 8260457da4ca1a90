"""What was made public, and what was objected (公示)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.role import visible_paths, within_paths


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__organization__path"))

    def on_display(self, today):
        """Those whose public page is there today."""
        return self.filter(
            audience=Announcement.Audience.PUBLIC,
            published_at__isnull=False,
            withdrawn_at=None,
            starts_on__lte=today,
            ends_on__gte=today,
        )


class Announcement(models.Model):
    """Results of a sealed poll made public for some days: what, to whom, from when to when, where to object."""

    class Audience(models.TextChoices):
        PUBLIC = "public", "公开网页（链接和二维码）"
        PRINT = "print", "只打印张贴"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="announcements", verbose_name="评议点")
    title = models.CharField("标题", max_length=100)
    text = models.TextField("说明", max_length=2000, blank=True)
    # The keys of the targets whose results are shown.
    target_ids = models.JSONField("公示哪些结果", default=list)
    has_problems = models.BooleanField("同时公示整改情况", default=False)
    audience = models.CharField("公示方式", max_length=20, choices=Audience.choices, default=Audience.PRINT)
    place = models.CharField("张贴地点", max_length=100, blank=True)
    starts_on = models.DateField("公示起始日期")
    ends_on = models.DateField("公示截止日期")
    contact = models.CharField("异议受理部门和电话", max_length=200)
    # What the public page's address ends in; nobody guesses it.
    token = models.CharField("网页代码", max_length=40, unique=True, editable=False)
    # As published: it stays as it was whatever is written later.
    content = models.JSONField("公示内容", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="撤下人"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, editable=False)
    withdrawn_reason = models.CharField("撤下原因", max_length=200, blank=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="announcement_ends_after_it_starts",
                violation_error_message="公示截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(condition=Q(audience__in=["public", "print"]), name="announcement_audience_known"),
            models.CheckConstraint(
                condition=Q(published_at=None, content=None, withdrawn_at=None)
                | Q(published_at__isnull=False, content__isnull=False),
                name="announcement_published_with_its_content",
            ),
        ]

    def __str__(self):
        return self.title


class Objection(models.Model):
    """What somebody objected while an announcement was up, and what they were answered."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="objections", verbose_name="公示")
    received_on = models.DateField("收到日期")
    objector = models.CharField("反映人", max_length=50, blank=True, help_text="匿名反映的留空。")
    text = models.CharField("异议内容", max_length=500)
    answer = models.CharField("核查和答复情况", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="objection_answered_with_a_date",
                violation_error_message="答复情况和答复日期要一起填写。",
            )
        ]

    def __str__(self):
        return self.text[:30]
