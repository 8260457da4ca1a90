"""The work report of a branch (支部工作报告), which the five-step appraisal of members has it make (seed S2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class WorkReport(models.Model):
    """The file of a branch's work report, the paper of the step in which members appraise themselves and one another."""

    class FileKind(models.TextChoices):
        JPEG = "jpg", "JPEG图片"
        PNG = "png", "PNG图片"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word文档"
        XLSX = "xlsx", "Excel工作簿"

    poll = models.OneToOneField("campaigns.Poll", models.PROTECT, related_name="work_report", verbose_name="评议点")
    # A random name: nothing that a user wrote becomes a path.
    file_name = models.CharField("文件", max_length=40, unique=True, editable=False)
    file_kind = models.CharField("格式", max_length=10, choices=FileKind.choices, editable=False)
    size = models.PositiveIntegerField("字节数", editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="上传人"
    )
    handed_in_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "支部工作报告"
        constraints = [
            models.CheckConstraint(
                condition=Q(file_kind__in=["jpg", "png", "pdf", "docx", "xlsx"]),
                name="work_report_kind_known",
                violation_error_message="支部工作报告只收PDF、图片、Word文档和Excel工作簿。",
            )
        ]

    def __str__(self):
        return f"{self.poll}：支部工作报告"
