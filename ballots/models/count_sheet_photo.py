"""The signed count sheet, photographed or scanned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths


class CountSheetPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__path"))


class CountSheetPhoto(models.Model):
    """A picture or scan of a poll's signed count sheet; the file lies outside what the web server hands out by itself."""

    class Kind(models.TextChoices):
        JPEG = "jpg", "JPEG图片"
        PNG = "png", "PNG图片"
        PDF = "pdf", "PDF"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="count_sheet_photos", verbose_name="评议点")
    # A random name: nothing that a user wrote becomes a path.
    file_name = models.CharField("文件", max_length=40, unique=True, editable=False)
    kind = models.CharField("格式", max_length=10, choices=Kind.choices, editable=False)
    size = models.PositiveIntegerField("字节数", editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    objects = CountSheetPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计票结果报告单影像"
        ordering = ["poll_id", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["jpg", "png", "pdf"]), name="count_sheet_photo_kind_known"),
        ]

    def __str__(self):
        return f"{self.poll.unit_name}·{self.get_kind_display()}"
