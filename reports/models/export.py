"""Long exports that are made outside the request."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# A worker that has said nothing for so long is dead, or so slow that another may take over.
SILENCE = timedelta(seconds=60)
# An archive is kept for so long after it was made.
KEPT = timedelta(days=7)


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody fetches what another asked for."""
        return self.filter(asked_by=user)

    def active(self):
        """The exports that wait for a worker or have one."""
        return self.filter(state__in=Export.ACTIVE)

    def claimable(self, now: datetime):
        """The exports that nobody works on: waiting ones, and those whose worker has been silent for long."""
        return self.filter(Export.claimable_at(now))

    def with_archive(self, now: datetime):
        """The exports whose archive is still kept."""
        return self.filter(state=Export.State.DONE, ended_at__gte=now - KEPT)


class Export(models.Model):
    """An archive with a file for each unit, or with one about all of them, that somebody asked for: waiting → running → done, failed or cancelled.

    A worker holds it by a word of its own in `worker`; each of its writes asks for that word, so that a worker that was given
    up for dead changes nothing afterwards.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在生成"
        DONE = "done", "已完成"
        FAILED = "failed", "未能完成"
        CANCELLED = "cancelled", "已取消"

    class Kind(models.TextChoices):
        SUMMARY = "summary", "小结"
        RESULTS = "results", "评议结果表"
        COUNT_SHEET = "count-sheet", "计票结果报告单"
        REPORT = "report", "评议报告"
        WHOLE_REPORT = "whole-report", "评议报告汇总"
        WHOLE_RESULTS = "whole-results", "评议结果汇总"
        LEDGER = "ledger", "整改台账"
        ANNOUNCEMENT = "announcement", "公示"

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"

    ACTIVE = (State.WAITING, State.RUNNING)
    # The formats of each kind that is asked for of a unit; a notice is asked for on its own page.
    FORMATS = (
        (Kind.SUMMARY, Format.PDF),
        (Kind.SUMMARY, Format.DOCX),
        (Kind.RESULTS, Format.PDF),
        (Kind.RESULTS, Format.XLSX),
        (Kind.COUNT_SHEET, Format.PDF),
        (Kind.REPORT, Format.XLSX),
        (Kind.WHOLE_REPORT, Format.XLSX),
        (Kind.WHOLE_RESULTS, Format.XLSX),
        (Kind.LEDGER, Format.PDF),
        (Kind.LEDGER, Format.XLSX),
    )
    # A file about all units together, instead of one for each.
    OF_ALL_UNITS = (Kind.WHOLE_REPORT, Kind.WHOLE_RESULTS, Kind.LEDGER, Kind.ANNOUNCEMENT)

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="exports", verbose_name="评议活动")
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="exports", verbose_name="单位"
    )
    # Of a notice which, and the address of its page as whoever asked reaches it.
    announcement = models.ForeignKey(
        "reports.Announcement",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="exports",
        verbose_name="公示",
    )
    address = models.CharField("公开网页的网址", max_length=300, blank=True, editable=False)
    kind = models.CharField("内容", max_length=20, choices=Kind.choices)
    format = models.CharField("格式", max_length=10, choices=Format.choices)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING, editable=False)
    total_count = models.PositiveIntegerField("总数", default=0, editable=False)
    # The files that could not be made are among the done.
    done_count = models.PositiveIntegerField("已完成", default=0, editable=False)
    failed_count = models.PositiveIntegerField("未能生成", default=0, editable=False)
    problem = models.CharField("问题", max_length=300, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间", default=timezone.now, editable=False)
    worker = models.CharField("生成者", max_length=32, blank=True, editable=False)
    # When its worker last said that it lives.
    seen_at = models.DateTimeField("最近进展", null=True, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量导出"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="export_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="summary", format__in=["pdf", "docx"])
                | Q(kind__in=["results", "ledger"], format__in=["pdf", "xlsx"])
                | Q(kind__in=["count-sheet", "announcement"], format="pdf")
                | Q(kind__in=["report", "whole-report", "whole-results"], format="xlsx"),
                name="export_format_fits_the_kind",
                violation_error_message="没有这种格式的文件，请另选一种。",
            ),
            models.CheckConstraint(
                condition=Q(kind="announcement", announcement__isnull=False)
                | (~Q(kind="announcement") & Q(announcement=None, address="")),
                name="export_of_a_notice_names_it",
            ),
            models.CheckConstraint(condition=Q(done_count__lte=F("total_count")), name="export_done_of_total"),
            models.CheckConstraint(condition=Q(failed_count__lte=F("done_count")), name="export_failed_of_done"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="export_ended_at_fits_the_state",
            ),
            models.CheckConstraint(
                condition=(Q(state="running", seen_at__isnull=False) & ~Q(worker=""))
                | (~Q(state="running") & Q(worker="")),
                name="export_running_has_a_worker",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "campaign", "organization", "kind", "format"],
                condition=Q(state__in=["waiting", "running"], announcement=None),
                name="export_one_of_a_kind_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "announcement"],
                condition=Q(state__in=["waiting", "running"], announcement__isnull=False),
                name="export_one_of_a_notice_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}·{self.organization}·{self.contents}"

    @staticmethod
    def claimable_at(now: datetime) -> Q:
        """Nobody works on it; a sign of life from the future is one from before the clock was set back."""
        is_silent = Q(seen_at__lt=now - SILENCE) | Q(seen_at__gt=now + SILENCE)
        return Q(state=Export.State.WAITING) | (Q(state=Export.State.RUNNING) & is_silent)

    @property
    def contents(self) -> str:
        return f"{self.get_kind_display()}（{self.get_format_display()}）"

    @property
    def lists_opinions(self) -> bool:
        """Whether what participants wrote is in its files: in workbooks but for those of the ledger."""
        return self.format == self.Format.XLSX and self.kind != self.Kind.LEDGER

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def kept_until(self) -> datetime | None:
        """When the archive goes; None where there is none."""
        return self.ended_at + KEPT if self.ended_at and self.state == self.State.DONE else None
