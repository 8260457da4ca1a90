"""Documents that a ballot is about: a secretary's report, a report of a leading body, with every draft that there was."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .reach import visible_paths, within_paths


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__path"))


class AppraisedDocument(models.Model):
    """A report that participants read before they mark the target that it is of."""

    class Kind(models.TextChoices):
        DUTY = "duty", "述职报告"
        ANALYSIS = "analysis", "分析检查报告"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="documents", verbose_name="评议点")
    # A target with a report stays on the ballot until the report is taken out by hand.
    target = models.OneToOneField("campaigns.Target", models.PROTECT, related_name="document", verbose_name="评议对象")
    kind = models.CharField("种类", max_length=20, choices=Kind.choices)
    title = models.CharField("标题", max_length=100)
    speaking_order = models.PositiveSmallIntegerField("发言次序", null=True, blank=True)
    # The draft that participants read, and its digest: set when the poll opens.
    frozen_draft = models.ForeignKey(
        "campaigns.DocumentDraft",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="供阅读的稿",
    )
    frozen_sha256 = models.CharField("供阅读的稿的SHA-256", max_length=64, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告"
        ordering = ["poll_id", "speaking_order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["duty", "analysis"]), name="document_kind_known"),
            models.UniqueConstraint(
                fields=["poll", "speaking_order"],
                name="document_speaking_order_unique",
                violation_error_message="这个发言次序已经有人了，请换一个。",
            ),
            models.CheckConstraint(
                condition=Q(speaking_order=None) | Q(speaking_order__gte=1),
                name="document_speaking_order_from_one",
                violation_error_message="发言次序从1起。",
            ),
            models.CheckConstraint(
                condition=Q(frozen_draft=None, frozen_sha256="")
                | (Q(frozen_draft__isnull=False) & ~Q(frozen_sha256="")),
                name="document_frozen_with_its_digest",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_frozen(self) -> bool:
        """Whether the poll has opened, so that the last draft is the one that is read."""
        return bool(self.frozen_sha256)


class DocumentDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "document__poll__path"))


class DocumentDraft(models.Model):
    """A draft of a document as it was at one time: its text, its file or both; rows are written once and stay (S0-1)."""

    class Stage(models.TextChoices):
        CONSULTATION = "consultation", "征求意见稿"
        DISCUSSION = "discussion", "讨论稿"
        APPRAISAL = "appraisal", "评议稿"
        # Of a report that is written once.
        SINGLE = "single", "定稿"

    document = models.ForeignKey(AppraisedDocument, models.CASCADE, related_name="drafts", verbose_name="报告")
    number = models.PositiveSmallIntegerField("稿次", editable=False)
    stage = models.CharField("阶段", max_length=20, choices=Stage.choices)
    dated_on = models.DateField("日期")
    # 「局党组成员、机关各科室」: to whom it was handed out, or before which meeting it was laid.
    sent_to = models.CharField("印发或者提交的范围", max_length=100, blank=True)
    approved_by = models.CharField("审核同意的组织或者领导", max_length=100, blank=True)
    text = models.TextField("正文", blank=True)
    # A random name: nothing that a user wrote becomes a path (`campaigns.kept_files`). All three are empty without a file.
    file_name = models.CharField("文件", max_length=40, blank=True, editable=False)
    file_kind = models.CharField("文件格式", max_length=10, blank=True, editable=False)
    file_size = models.PositiveIntegerField("字节数", null=True, editable=False)
    # Of the text and the file together.
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = DocumentDraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文稿"
        ordering = ["document_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_draft_number_unique"),
            models.CheckConstraint(
                condition=Q(stage__in=["consultation", "discussion", "appraisal", "single"]),
                name="document_draft_stage_known",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(file_name=""),
                name="document_draft_has_words",
                violation_error_message="请写正文，或者上传文件。",
            ),
            models.CheckConstraint(
                condition=Q(file_name="", file_kind="", file_size=None)
                | (~Q(file_name="") & Q(file_kind__in=["jpg", "png", "pdf", "docx"], file_size__isnull=False)),
                name="document_draft_file_known",
            ),
        ]

    def __str__(self):
        return f"{self.document}（{self.get_stage_display()}）"

    @property
    def has_file(self) -> bool:
        return bool(self.file_name)
