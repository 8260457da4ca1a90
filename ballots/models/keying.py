"""Paper while it is being keyed, and what is kept of the counting people did.

Keyed sheets are ordered and tied to a teller. That is no link to a participant: the order is that of the stack of paper
as it came out of the box, and the teller is the one who reads it. It is dropped all the same as soon as the batch is
agreed: the ballots are written in random order, the sheets are deleted, and what remains is who keyed and when.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.states import StateError, move

from .batch import Batch


class VoidSheets(models.Model):
    """The sheets of a paper batch that are invalid as a whole for one reason."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="void_sheets", verbose_name="票批")
    reason = models.CharField("无效原因", max_length=100)
    count = models.PositiveIntegerField("张数")

    class Meta:
        verbose_name = verbose_name_plural = "整票无效"
        ordering = ["batch_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "reason"], name="void_sheets_unique", violation_error_message="同一原因填了两次。"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="void_sheets_at_least_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="void_sheets_have_a_reason"),
        ]

    def __str__(self):
        return f"{self.reason}{self.count}张"


class KeyingQuerySet(models.QuerySet):
    def forget(self) -> None:
        """Delete what was keyed; that somebody keyed, and when, stays."""
        KeyedSheet.objects.filter(keying__in=self).delete()
        self.update(totals=None)


class Keying(models.Model):
    """A teller's reading of one paper batch: the first, the second, or the decision where the two differ."""

    class Round(models.IntegerChoices):
        FIRST = 1, "第一遍"
        SECOND = 2, "第二遍"
        # Holds only the sheets, or the cells of the totals, in which the two differ.
        DECISION = 3, "裁定"

    class State(models.TextChoices):
        KEYING = "keying", "录入中"
        FINISHED = "finished", "已录完"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="keyings", verbose_name="票批")
    round = models.PositiveSmallIntegerField("遍次", choices=Round.choices)
    teller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="录入人"
    )
    # The same teller a second time, where the campaign allows single keying.
    is_repeat = models.BooleanField("同一人再录", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.KEYING, editable=False)
    finished_at = models.DateTimeField("录完时间", null=True, editable=False)
    # Of an aggregated batch: for each cell how many of each grade, blank, and more than one; gone once agreed.
    totals = models.JSONField("各项总数", null=True, editable=False)

    objects = KeyingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "录入"
        ordering = ["batch_id", "round"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "round"], name="keying_round_unique"),
            models.UniqueConstraint(
                fields=["batch", "teller"],
                condition=Q(round__lte=2, is_repeat=False),
                name="keying_by_two_tellers",
                violation_error_message="两遍须由两个人录入。",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2, 3]), name="keying_round_known"),
            models.CheckConstraint(condition=Q(state__in=["keying", "finished"]), name="keying_state_known"),
            models.CheckConstraint(
                condition=Q(state="keying", finished_at=None) | Q(state="finished", finished_at__isnull=False),
                name="keying_finished_at_fits_the_state",
            ),
        ]

    def __str__(self):
        return f"{self.batch}·{self.get_round_display()}"

    @property
    def cell_counts(self) -> list[list[int]]:
        """The totals as they are keyed whole; raises ValueError where sheet by sheet is keyed."""
        if self.totals is None:
            raise ValueError(f"keying {self.pk} has no totals")
        return self.totals

    @property
    def is_finished(self) -> bool:
        return self.state == self.State.FINISHED

    def finish(self) -> None:
        self._move(self.State.KEYING, self.State.FINISHED, finished_at=timezone.now())

    def reopen(self) -> None:
        """Back to the teller, who goes on where it stopped."""
        self._move(self.State.FINISHED, self.State.KEYING, finished_at=None)

    def _move(self, source, destination, *, finished_at) -> None:
        if not move(self, Q(state=source), state=destination, finished_at=finished_at):
            raise StateError(f"{self.get_round_display()}录入现在不是“{self.State(source).label}”，请刷新页面再看。")


class KeyedSheet(models.Model):
    """A paper sheet as one teller keyed it, until two keyings agree; then it is deleted."""

    keying = models.ForeignKey(Keying, models.CASCADE, related_name="sheets", verbose_name="录入")
    number = models.PositiveIntegerField("第几张")
    # A character for each cell as on a ballot; empty where the sheet is invalid as a whole.
    marks = models.TextField("票面", blank=True)
    void_reason = models.CharField("整票无效原因", max_length=100, blank=True)
    # Pairs of target and text.
    opinions = models.JSONField("意见建议", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "录入票"
        ordering = ["keying_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["keying", "number"], name="keyed_sheet_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="keyed_sheet_numbered_from_1"),
            models.CheckConstraint(
                condition=(Q(void_reason="") & ~Q(marks="")) | (~Q(void_reason="") & Q(marks="")),
                name="keyed_sheet_is_marked_or_void",
            ),
        ]

    def __str__(self):
        return f"第{self.number}张"

    @property
    def is_void(self) -> bool:
        return bool(self.void_reason)
