"""Stages of a campaign and their artefacts: what is due when, and the files that are there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class CampaignStage(models.Model):
    """A step of a campaign (宣传发动、评议、通报公示、整改) with the day until which its artefacts are due."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="stages", verbose_name="评议活动")
    title = models.CharField("阶段名称", max_length=50)
    due_on = models.DateField("完成时限", null=True, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "阶段"
        ordering = ["campaign_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "title"], name="stage_title_unique", violation_error_message="已有同名的阶段。"
            )
        ]

    def __str__(self):
        return self.title


class Artefact(models.Model):
    """A paper that a stage has to have: 方案, 通知, 会议记录, 自查材料."""

    stage = models.ForeignKey(CampaignStage, models.CASCADE, related_name="artefacts", verbose_name="阶段")
    title = models.CharField("材料名称", max_length=50)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "材料"
        ordering = ["stage_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "title"],
                name="artefact_title_unique",
                violation_error_message="本阶段已有同名的材料。",
            )
        ]

    def __str__(self):
        return self.title


class ArtefactFile(models.Model):
    """A file of an artefact; it lies outside what the web server hands out by itself (`campaigns.kept_files`)."""

    class Kind(models.TextChoices):
        JPEG = "jpg", "JPEG图片"
        PNG = "png", "PNG图片"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word文档"
        XLSX = "xlsx", "Excel工作簿"

    # Whatever was handed in is taken out by hand before the stage or the campaign can be deleted.
    artefact = models.ForeignKey(Artefact, models.PROTECT, related_name="files", verbose_name="材料")
    # A random name: nothing that a user wrote becomes a path.
    file_name = models.CharField("文件", max_length=40, unique=True, editable=False)
    kind = models.CharField("格式", max_length=10, choices=Kind.choices, editable=False)
    size = models.PositiveIntegerField("字节数", editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "材料文件"
        ordering = ["artefact_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["jpg", "png", "pdf", "docx", "xlsx"]),
                name="artefact_file_kind_known",
                violation_error_message="材料只收图片、PDF、Word文档和Excel工作簿。",
            )
        ]

    def __str__(self):
        return f"{self.artefact}·{self.get_kind_display()}"
