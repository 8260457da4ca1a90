"""Casting and counting. Nothing here leads from a ballot to a person: see DESIGN 6 before adding a field."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models import Channel, Indicator, Questionnaire
from campaigns.models.role import visible_paths, within_paths


def random_key() -> int:
    """A random positive 63-bit integer: as a primary key it leaves no arrival order, not even in SQLite's rowid."""
    return secrets.randbits(63) or 1


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__organization__path"))

    def counting(self):
        """Those that a tally counts: all but the voided ones."""
        return self.exclude(state=Batch.State.VOID)


class Batch(models.Model):
    """The ballots of one poll that were taken through one channel from one category of participants."""

    class Method(models.TextChoices):
        SLIPS = "slips", "一次性选票码"
        SCREEN = "screen", "会场屏幕码"
        ENTERED = "entered", "纸质票录入"

    class State(models.TextChoices):
        OPEN = "open", "收票中"
        CLOSED = "closed", "已截止"
        VOID = "void", "已作废"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="batches", verbose_name="评议点")
    channel = models.CharField("评议渠道", max_length=20, choices=Channel.choices)
    category = models.ForeignKey(
        "campaigns.Category", models.PROTECT, related_name="batches", verbose_name="参评人员类别"
    )
    method = models.CharField("收票方式", max_length=20, choices=Method.choices)
    # The one code of a SCREEN batch, shown to everybody in the room; empty otherwise.
    screen_code = models.CharField("会场码", max_length=20, blank=True, editable=False)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.OPEN, editable=False)

    # Rights to cast that were made: slips printed, or people the screen code admits.
    printed_count = models.PositiveIntegerField("印制", default=0)
    issued_count = models.PositiveIntegerField("发出", null=True, blank=True)
    returned_count = models.PositiveIntegerField("收回", null=True, blank=True)
    void_count = models.PositiveIntegerField("整票无效", default=0)
    # Rights left over, voided at closing.
    unused_count = models.PositiveIntegerField("剩余作废", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="作废人"
    )
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "票批"
        ordering = ["poll", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["meeting", "paper", "online", "interview", "phone", "mailbox", "instant"]),
                name="batch_channel_known",
            ),
            models.CheckConstraint(condition=Q(method__in=["slips", "screen", "entered"]), name="batch_method_known"),
            models.CheckConstraint(condition=Q(state__in=["open", "closed", "void"]), name="batch_state_known"),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(issued_count__isnull=False, returned_count__isnull=False, returned_count__lte=F("issued_count")),
                name="batch_returned_at_most_issued",
                violation_error_message="收回的测评票多于发出的测评票，本次测评无效，应重新进行测评。",
            ),
            models.CheckConstraint(
                condition=Q(returned_count=None) | Q(void_count__lte=F("returned_count")),
                name="batch_void_at_most_returned",
                violation_error_message="整票无效数不能多于收回数。",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False) | (~Q(state="void") & Q(voided_at=None)),
                name="batch_voided_at_fits_the_state",
            ),
            models.UniqueConstraint(
                fields=["screen_code"], condition=~Q(screen_code=""), name="batch_screen_code_unique"
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()}·{self.category}"

    @property
    def valid_count(self) -> int:
        """有效 = 收回 − 整票无效 (DESIGN 5)."""
        return (self.returned_count or 0) - self.void_count

    def close(self, *, issued: int, returned: int, void: int, unused: int) -> None:
        """Fix the counts; the database refuses more returned than issued."""
        self.issued_count, self.returned_count = issued, returned
        self.void_count, self.unused_count = void, unused
        self.state = self.State.CLOSED
        self.save(update_fields=["issued_count", "returned_count", "void_count", "unused_count", "state"])

    def void(self, *, by, reason: str) -> None:
        """Take the batch out of the count; what was cast stays readable after the seal (scenario C13)."""
        self.state = self.State.VOID
        self.voided_by, self.voided_at, self.void_reason = by, timezone.now(), reason
        self.save(update_fields=["state", "voided_by", "voided_at", "void_reason"])


class Code(models.Model):
    """The right to cast one ballot of a batch; its key is the digest of the code, and the row is deleted when used."""

    digest = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="codes", verbose_name="票批")

    class Meta:
        verbose_name = verbose_name_plural = "选票码"


class Receipt(models.Model):
    """The digest of a submission's idempotency key, or of a screen ticket, so that neither counts twice; gone at sealing."""

    digest = models.BigAutoField(primary_key=True)
    poll = models.ForeignKey("campaigns.Poll", models.CASCADE, related_name="receipts", verbose_name="评议点")

    class Meta:
        verbose_name = verbose_name_plural = "回执"


class Ballot(models.Model):
    """What one anonymous participant marked: a batch and the marks; nothing else, ever."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    # No way back from a batch: whoever holds one cannot reach its ballots.
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", verbose_name="票批")
    marks = models.TextField("票面")

    class Meta:
        verbose_name = verbose_name_plural = "评议票"


class Opinion(models.Model):
    """One free text about a target; not tied to a ballot, a batch or a time."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="opinions", verbose_name="评议对象")
    kind = models.CharField("类型", max_length=30, choices=Questionnaire.OpinionKind.choices)
    text = models.TextField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "意见建议"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["suggestion", "satisfied_deed", "dissatisfied_matter", "prominent_problem"]),
                name="opinion_kind_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="opinion_not_empty"),
        ]

    def __str__(self):
        return self.text[:20]


class SealedBox(models.Model):
    """The ballots of one batch about one target, cut and sorted at sealing, as one text with its SHA-256."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="boxes", verbose_name="票批")
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="boxes", verbose_name="评议对象")
    # First line: what the box holds, as JSON; then one section of marks a line, sorted.
    content = models.TextField("封存内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    ballot_count = models.PositiveIntegerField("票数")

    class Meta:
        verbose_name = verbose_name_plural = "封存票箱"
        ordering = ["batch", "target__position", "target"]
        constraints = [models.UniqueConstraint(fields=["batch", "target"], name="sealed_box_unique")]

    def __str__(self):
        return f"{self.batch}·{self.target}"


class TallyRow(models.Model):
    """The counts of one poll × target × indicator × channel × category, written once at sealing."""

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="tally_rows", verbose_name="评议点")
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="+", verbose_name="评议对象")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="评议内容")
    channel = models.CharField("评议渠道", max_length=20, choices=Channel.choices)
    category = models.ForeignKey("campaigns.Category", models.PROTECT, related_name="+", verbose_name="参评人员类别")
    valid_count = models.PositiveIntegerField("有效")
    # The grades that count in the base, in the scale's order; columns, so that a database can add them up.
    grade_1_count = models.PositiveIntegerField("第一档", default=0)
    grade_2_count = models.PositiveIntegerField("第二档", default=0)
    grade_3_count = models.PositiveIntegerField("第三档", default=0)
    grade_4_count = models.PositiveIntegerField("第四档", default=0)
    grade_5_count = models.PositiveIntegerField("第五档", default=0)
    unknown_count = models.PositiveIntegerField("不了解", default=0)
    abstained_count = models.PositiveIntegerField("弃权", default=0)
    spoiled_count = models.PositiveIntegerField("行无效", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "计票结果"
        ordering = ["poll", "target__position", "target", "indicator__position", "indicator", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["target", "indicator", "channel", "category"], name="tally_row_unique"),
            models.CheckConstraint(
                # Identity of DESIGN 5: grades + 不了解 + 弃权 + 行无效 = 有效.
                condition=Q(
                    valid_count=F("grade_1_count")
                    + F("grade_2_count")
                    + F("grade_3_count")
                    + F("grade_4_count")
                    + F("grade_5_count")
                    + F("unknown_count")
                    + F("abstained_count")
                    + F("spoiled_count")
                ),
                name="tally_row_adds_up",
            ),
        ]

    def __str__(self):
        return f"{self.target}·{self.indicator}"


class BallotImport(models.Model):
    """One file of ballots collected elsewhere that was imported, so that the same one is not counted twice unawares."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="ballot_imports", verbose_name="评议活动"
    )
    # Keyed: a plain digest of a small file would let somebody guess which marks and opinions stood together.
    digest = models.CharField("内容摘要", max_length=64)
    # 1 for the first time; more where somebody confirmed that the same content comes in again.
    ordinal = models.PositiveIntegerField("第几次导入", default=1)
    row_count = models.PositiveIntegerField("票数")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "评议票导入"
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "digest", "ordinal"],
                name="ballot_import_unique",
                violation_error_message="同样内容的文件已经导入过。",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}·{self.row_count}张"
