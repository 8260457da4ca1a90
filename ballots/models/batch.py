"""The ballots of one poll that came in one way, and the numbers that people counted of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models import Channel, Poll
from campaigns.models.reach import visible_paths, within_paths
from campaigns.models.states import StateError, move
from campaigns.ways import way_to

from .shared_slip import MOST_FORMS, SharedSlip


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__path"))

    def counting(self):
        """The batches that a tally counts: all but the voided."""
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

    class Agreement(models.TextChoices):
        """How it was settled what stands on the paper ballots."""

        TWICE = "twice", "双人录入，核对一致"
        SINGLE = "single", "单人录入"
        FILE = "file", "文件载入"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="batches", verbose_name="评议点")
    channel = models.CharField("评议渠道", max_length=20, choices=Channel.choices)
    category = models.ForeignKey(
        "campaigns.Category", models.PROTECT, related_name="batches", verbose_name="参评人员类别"
    )
    method = models.CharField("收票方式", max_length=20, choices=Method.choices)
    # The codes of a SCREEN batch, of which everybody in the room is shown the present one, are made of this; empty otherwise.
    screen_secret = models.CharField("会场码的密钥", max_length=20, blank=True, editable=False)
    # A SCREEN batch lets people in only meanwhile.
    is_door_open = models.BooleanField("入口开着", default=False, editable=False)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.OPEN, editable=False)

    # Batches of several polls, a slip of which admits to a ballot of each; its place there sets the digest of its codes apart.
    shared_slip = models.ForeignKey(
        SharedSlip, models.PROTECT, null=True, editable=False, related_name="batches", verbose_name="同票"
    )
    slip_place = models.PositiveSmallIntegerField("码条上的次序", default=1, editable=False)
    # Rights to cast that were made: slips printed, or people the screen code admits.
    printed_count = models.PositiveIntegerField("印制", default=0)
    issued_count = models.PositiveIntegerField("发出", null=True, blank=True)
    returned_count = models.PositiveIntegerField("收回", null=True, blank=True)
    void_count = models.PositiveIntegerField("整票无效", default=0)
    # Ballots that a helper filled in for people who could not: a number that was counted; no ballot is marked.
    assisted_count = models.PositiveIntegerField("代填", default=0)
    # Rights left over, voided at closing.
    unused_count = models.PositiveIntegerField("剩余作废", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="作废人"
    )
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)

    # Paper of which only the counts of each cell are known, from a count sheet made by hand.
    is_aggregated = models.BooleanField("只报总数", default=False)
    # Empty until the ballots of a paper batch are written.
    agreement = models.CharField("录入认定", max_length=10, choices=Agreement.choices, blank=True, editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="核对人"
    )
    agreed_at = models.DateTimeField("核对时间", null=True, editable=False)
    # The file that the ballots came out of, where they were collected elsewhere.
    ballot_import = models.ForeignKey(
        "ballots.BallotImport",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="batches",
        verbose_name="导入的文件",
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "票批"
        ordering = ["poll_id", "pk"]
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
                condition=Q(issued_count=None) | Q(assisted_count__lte=F("issued_count")),
                name="batch_assisted_at_most_issued",
                violation_error_message="代填的张数不能多于发出数。",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False) | (~Q(state="void") & Q(voided_at=None)),
                name="batch_voided_at_fits_the_state",
            ),
            models.CheckConstraint(
                condition=Q(agreement__in=["", "twice", "single", "file"]), name="batch_agreement_known"
            ),
            models.CheckConstraint(
                condition=Q(agreement="", agreed_at=None) | (~Q(agreement="") & Q(agreed_at__isnull=False)),
                name="batch_agreed_at_fits_the_agreement",
            ),
            models.CheckConstraint(
                condition=Q(method="entered") | Q(agreement="", is_aggregated=False), name="batch_only_paper_is_keyed"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | ~Q(method="entered")
                | ~Q(agreement="")
                | Q(returned_count=F("void_count")),
                name="batch_closed_paper_is_agreed",
                violation_error_message="纸质票还没有录完并核对一致。",
            ),
            models.CheckConstraint(
                condition=Q(is_door_open=False) | (Q(method="screen") & ~Q(screen_secret="")),
                name="batch_only_a_screen_has_a_door",
            ),
            models.CheckConstraint(
                condition=Q(shared_slip=None, slip_place=1)
                | Q(shared_slip__isnull=False, method="slips", slip_place__range=(1, MOST_FORMS)),
                name="batch_only_slips_are_shared",
            ),
            models.UniqueConstraint(fields=["shared_slip", "slip_place"], name="batch_place_on_a_slip_once"),
            models.UniqueConstraint(fields=["shared_slip", "poll"], name="batch_of_a_poll_on_a_slip_once"),
        ]

    def __str__(self):
        return f"{self.get_channel_display()}·{self.category}"

    @property
    def valid_count(self) -> int:
        """有效 = 收回 − 整票无效 (DESIGN 5)."""
        return (self.returned_count or 0) - self.void_count

    @property
    def is_paper(self) -> bool:
        return self.method == self.Method.ENTERED

    @property
    def why_it_holds(self) -> str:
        """Why unit and category stay as they are: a poll has batches before it opens where another's slips admit to it."""
        return (
            f"“{self.poll.unit_name}”已经与别的评议表同票发了选票码，单位和参评人员类别不能再改，活动也不能删除；"
            "确要改的，请先在那个评议点作废同票的票批。"
        )

    @property
    def is_agreed(self) -> bool:
        return bool(self.agreement)

    @property
    def counting_notes(self) -> list[str]:
        """Notes that a count sheet must carry about how the paper was counted; empty where two keyings agreed, or by phone."""
        notes = [self.Agreement.SINGLE.label] if self.agreement == self.Agreement.SINGLE else []
        return notes + (["只报总数"] if self.is_aggregated else [])

    def sharing_slip(self) -> models.QuerySet["Batch"]:
        """The batches of the same slips, this one among them, in the order in which the slips name them."""
        tied = Q(shared_slip__isnull=False, shared_slip=self.shared_slip_id)
        return type(self).objects.filter(Q(pk=self.pk) | tied).order_by("slip_place")

    def on_slip(self) -> list["Batch"]:
        """The batches that a slip made now admits to: this one, and those tied to it that take ballots or will."""
        if self.shared_slip_id is None:
            return [self]
        good = Q(state=self.State.OPEN, poll__state__in=Poll.UNTIL_CLOSED)
        batches = self.sharing_slip().filter(Q(pk=self.pk) | good)
        return list(batches.select_related("poll__campaign", "poll__organization", "category"))

    def open_door(self) -> None:
        """Let people in by the code on the screen; raises StateError."""
        self._move_door(is_open=True)

    def shut_door(self) -> None:
        """Let nobody in any more; whoever is in may still cast. Raises StateError."""
        self._move_door(is_open=False)

    def _move_door(self, *, is_open: bool) -> None:
        with_code = Q(method=self.Method.SCREEN, state=self.State.OPEN) & ~Q(screen_secret="")
        if not move(self, with_code, is_door_open=is_open):
            raise StateError(
                "这个票批现在没有会场码：还没有放行，或者已经不收票。",
                way=way_to("放行", "ballots:batch_admit", self.pk),
            )

    def agree(self, *, how: str, by) -> None:
        """Settle what stands on the paper; refused a second time, so that the ballots of a batch are written once."""
        undecided = Q(method=self.Method.ENTERED, state=self.State.OPEN, agreement="")
        if not move(self, undecided, agreement=how, agreed_by=by, agreed_at=timezone.now()):
            raise StateError(f"票批“{self}”的票已经写定，或者不再收票，不能再录入。")

    def close(self, *, issued: int, returned: int, void: int, unused: int, assisted: int = 0) -> None:
        """Fix the counts; the database refuses more returned, or filled in by helpers, than issued."""
        self.issued_count, self.returned_count = issued, returned
        self.void_count, self.unused_count, self.assisted_count = void, unused, assisted
        self.state = self.State.CLOSED
        counts = ["issued_count", "returned_count", "void_count", "unused_count", "assisted_count"]
        self.save(update_fields=[*counts, "state"])

    def void(self, *, by, reason: str) -> None:
        """Take the batch out of the count; what was cast stays readable after the seal (scenario C13)."""
        self.state = self.State.VOID
        self.voided_by, self.voided_at, self.void_reason = by, timezone.now(), reason
        self.save(update_fields=["state", "voided_by", "voided_at", "void_reason"])
