"""Rosters too long for a request, on their way from the upload to the roster."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

# The end of an import is told for so long.
KEPT = timedelta(days=7)


class RosterImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody sees what another uploaded."""
        return self.filter(asked_by=user)

    def at_work(self):
        """The imports at which it is the worker's turn, the one that waits longest first."""
        return self.filter(state__in=RosterImport.AT_WORK).order_by("queued_at", "pk")

    def unfinished(self):
        """The imports that are with the worker or wait for an answer."""
        return self.filter(ended_at=None)

    def ended_before(self, moment: datetime):
        return self.filter(ended_at__lt=moment)


class RosterImport(models.Model):
    """A long roster that somebody uploaded: reading → asking → (reading again, or writing) → done or failed.

    The workbook, the answers and the preview are files of uploads under `token`; a lock on the workbook, which goes with
    its process, says who is at it. The row tells nothing of anybody but the account.
    """

    class State(models.TextChoices):
        READING = "reading", "正在读取"
        ASKING = "asking", "等您核对"
        WRITING = "writing", "正在写入"
        DONE = "done", "已导入"
        FAILED = "failed", "没有导入"

    AT_WORK = (State.READING, State.WRITING)

    token = models.CharField("上传", max_length=60, unique=True, editable=False)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.READING, editable=False)
    # How often a worker has begun with what it is at.
    try_count = models.PositiveSmallIntegerField("开始过几次", default=0, editable=False)
    # The outcome, in figures or as the reason.
    told = models.CharField("结果", max_length=500, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+", verbose_name="上传人"
    )
    asked_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)
    # Since when it waits for the worker.
    queued_at = models.DateTimeField("排队时间", default=timezone.now, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册导入"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["reading", "asking", "writing", "done", "failed"]),
                name="roster_import_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reading", "asking", "writing"], ended_at=None, told="")
                | (Q(state__in=["done", "failed"], ended_at__isnull=False) & ~Q(told="")),
                name="roster_import_ended_at_fits_the_state",
            ),
        ]

    def __str__(self):
        return f"{self.asked_at:%Y-%m-%d %H:%M}上传的名册"

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK
