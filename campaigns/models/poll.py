"""Polls and targets: one organization's part of a campaign, and what its ballot is about."""

from collections.abc import Sequence
from typing import NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from ..ballot_form import BallotForm
from .organization import Organization
from .place import Placed
from .questionnaire import TargetKind
from .reach import visible_paths, within_paths
from .states import StateError, move

# So many polls are written in one statement.
_WRITTEN_AT_ONCE = 250


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "path"))

    def sealed(self):
        return self.filter(state=Poll.State.SEALED)

    def awaiting_erasure(self):
        """The sealed polls whose ballots' bytes may still lie in the database's files."""
        return self.sealed().filter(erased_at=None)

    def accepting(self):
        """The polls that take ballots now, in earnest or in rehearsal."""
        return self.filter(state__in=Poll.ACCEPTING)

    def open_placed(self, polls: Sequence["Poll"]) -> None:
        """Freeze the ballots and the places that some polls in preparation have in memory, and open them, in a statement a lot.

        Call it with the campaign locked, as `campaigns.actions.opening` does; raises StateError where one is past preparation.
        """
        self._check_preparing(polls)
        for poll in polls:
            poll.state = Poll.State.OPEN
        self._write(polls, ["state", "form", *Poll.PLACE])

    def keep_placed(self, polls: Sequence["Poll"]) -> None:
        """Freeze the places alone: their campaign opens without these polls, and they are opened later, as if taken back."""
        self._check_preparing(polls)
        self._write(polls, Poll.PLACE)

    def _write(self, polls: Sequence["Poll"], columns: Sequence[str]) -> None:
        """Write columns of polls that are locked, and so are there: an insert that meets every row.

        For an update Django would put a condition together for each column of each poll, which takes longer than all else
        that opens a province.
        """
        Poll.objects.bulk_create(
            polls, batch_size=_WRITTEN_AT_ONCE, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )

    def _check_preparing(self, polls: Sequence["Poll"]) -> None:
        locked = self.filter(pk__in=[poll.pk for poll in polls]).select_for_update().order_by("pk")
        for key, state in locked.values_list("pk", "state"):
            if state != Poll.State.PREPARING:
                self.get(pk=key).refuse(Poll.State.PREPARING, Poll.State.OPEN)

    def take_back(self) -> None:
        """Put open polls back to preparation; `ballots.taking_back` has seen that no ballot came in, and voided the codes."""
        self.filter(state=Poll.State.OPEN).update(state=Poll.State.PREPARING, form=None)

    def take_back_whole(self) -> None:
        """The same of all polls of a campaign, open or in preparation; they follow their units again, as before its opening."""
        of_unit = Organization.objects.filter(pk=OuterRef("organization")).order_by().values("path")
        taken_back = self.filter(state__in=(Poll.State.OPEN, Poll.State.PREPARING))
        taken_back.update(
            state=Poll.State.PREPARING,
            form=None,
            names=[],
            unit_kind="",
            roster_count=None,
            path=Subquery(of_unit),
        )


class Poll(Placed):
    """An organization's part of a campaign: its targets, meeting facts and state.

    preparing ⇄ rehearsing; preparing → open → closed → sealed. From open it goes back to preparing until a ballot came in.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", "筹备中"
        REHEARSING = "rehearsing", "演练中"
        OPEN = "open", "评议中"
        CLOSED = "closed", "已截止"
        SEALED = "sealed", "已封存"

    # The states in which ballots are taken.
    ACCEPTING = (State.OPEN, State.REHEARSING)
    # The columns that are frozen with the ballot: where the unit stood, its kind and its size.
    PLACE = ("names", "unit_kind", "roster_count")
    # The states in which ballots are taken, or will be.
    UNTIL_CLOSED = (State.PREPARING, *ACCEPTING)

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="polls", verbose_name="评议活动")
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="polls", verbose_name="评议单位"
    )
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.PREPARING, editable=False)
    # The poll whose members appraise this one's unit, and the other way round (支部结对互评; DOMAIN A4, seed S2).
    partner = models.OneToOneField(
        "self", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="结对的评议点"
    )
    # The frozen ballot: `campaigns.ballot_form.BallotForm` as JSON; there while ballots may be cast and ever after.
    form = models.JSONField("票样", null=True, editable=False)

    # The kind that the unit had when it opened; empty until then.
    unit_kind = models.CharField("单位类别", max_length=20, blank=True, editable=False)
    # Members on the roster when it opened, which the 小结 names; None until then.
    roster_count = models.PositiveIntegerField("在册党员人数", null=True, editable=False)
    entitled_count = models.PositiveIntegerField("应参评人数", null=True, blank=True)
    attended_count = models.PositiveIntegerField("实际参评人数", null=True, blank=True)
    meeting_on = models.DateField("评议会日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    host = models.CharField("主持人", max_length=50, blank=True)
    supervisor = models.CharField("上级派员", max_length=50, blank=True)
    scrutineers = models.CharField("监票人", max_length=100, blank=True)
    tellers = models.CharField("计票人", max_length=100, blank=True)

    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="截止人"
    )
    closed_at = models.DateTimeField("截止时间", null=True, editable=False)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="封存人"
    )
    sealed_at = models.DateTimeField("封存时间", null=True, editable=False)
    # When the bytes of the deleted ballots were gone from the database's files; the worker goes on until they are.
    erased_at = models.DateTimeField("痕迹清除时间", null=True, editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议点"
        ordering = ["campaign_id", "path"]
        indexes = [
            # How far the polls of a part of the tree are, and how many of them are sealed, is read from indexes alone:
            # a row holds its whole ballot.
            models.Index(fields=["campaign", "state"], name="poll_states"),
            models.Index(fields=["campaign", "path", "state", "id", "unit_kind", "roster_count"], name="poll_progress"),
            models.Index(
                fields=["campaign", "path", "sealed_at", "id"], condition=Q(state="sealed"), name="poll_sealed"
            ),
            # Polls that wait for somebody, whatever campaign is theirs.
            models.Index(
                fields=["state", "path", "campaign"], condition=Q(state__in=["open", "closed"]), name="poll_waiting"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization"],
                name="poll_unique",
                violation_error_message="该单位在本次活动中已有评议点。",
            ),
            models.CheckConstraint(condition=Q(partner=None) | ~Q(partner=F("pk")), name="poll_not_paired_with_itself"),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "rehearsing", "open", "closed", "sealed"]),
                name="poll_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="preparing", form__isnull=True) | (~Q(state="preparing") & Q(form__isnull=False)),
                name="poll_form_frozen_while_ballots_exist",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "rehearsing", "open"], closed_at=None, sealed_at=None)
                | Q(state="closed", closed_at__isnull=False, sealed_at=None)
                | Q(state="sealed", closed_at__isnull=False, sealed_at__isnull=False),
                name="poll_times_fit_the_state",
            ),
            models.CheckConstraint(
                condition=Q(unit_kind__in=["", "committee", "general_branch", "branch", "group", "office", "window"]),
                name="poll_unit_kind_known",
            ),
            models.CheckConstraint(condition=Q(erased_at=None) | Q(state="sealed"), name="poll_erased_when_sealed"),
            models.CheckConstraint(
                condition=Q(attended_count=None) | Q(entitled_count=None) | Q(attended_count__lte=F("entitled_count")),
                name="poll_attended_at_most_entitled",
                violation_error_message="实际参评人数不能多于应参评人数。",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}·{self.unit_name}"

    @property
    def placed_unit(self):
        return self.organization

    @property
    def unit_kind_label(self) -> str:
        """「党支部」: the kind that the unit had when the poll opened, until then the one of today."""
        return Organization.Kind(self.unit_kind or self.organization.kind).label

    @property
    def is_accepting(self) -> bool:
        return self.state in self.ACCEPTING

    @property
    def is_settled(self) -> bool:
        """Whether the ballot is opened, so that it stays as it is; of a poll that was taken back it is not."""
        return self.campaign.is_frozen and self.state != self.State.PREPARING

    @property
    def is_awaiting_erasure(self) -> bool:
        """Whether it is sealed, and bytes of its ballots may still lie in the database's files."""
        return self.state == self.State.SEALED and self.erased_at is None

    @property
    def ballot_form(self) -> BallotForm:
        """The frozen ballot; raises ValueError while there is none."""
        if self.form is None:
            raise ValueError(f"the ballot of poll {self.pk} is not frozen yet")
        return BallotForm.from_json(self.form)

    def start_rehearsal(self, *, form: dict) -> None:
        self._move(self.State.PREPARING, self.State.REHEARSING, form=form)

    def end_rehearsal(self) -> None:
        """Back to preparation; `ballots.actions.end_rehearsal` wipes what was cast."""
        self._move(self.State.REHEARSING, self.State.PREPARING, form=None)

    def place_at(self, *, names: list[str], roster_count: int) -> None:
        """Take the unit's place, its kind and its size in memory; `names` are those from the root down."""
        self.names, self.unit_kind, self.roster_count = names, self.organization.kind, roster_count

    def open_again(self, *, form: dict) -> None:
        """Freeze the ballot of a poll that was taken back by itself; it keeps the place that its campaign opened with."""
        self._move(self.State.PREPARING, self.State.OPEN, form=form)

    def close(self, *, by) -> None:
        self._move(self.State.OPEN, self.State.CLOSED, closed_by=by, closed_at=timezone.now())

    def seal(self, *, by) -> None:
        """For good; `ballots.counting.sealing.seal` has written the boxes and rows before."""
        self._move(self.State.CLOSED, self.State.SEALED, sealed_by=by, sealed_at=timezone.now())

    def _move(self, source, destination, **facts):
        if not move(self, Q(state=source), state=destination, **facts):
            self.refresh_from_db(fields=["state"])
            self.refuse(source, destination)

    def refuse(self, source: str, destination: str) -> NoReturn:
        """Raise the refusal of a move from one state to another, at the poll's state as it is."""
        raise StateError(
            f"“{self.unit_name}”的评议点现为“{self.get_state_display()}”，"
            f"只有“{self.State(source).label}”的才能转为“{self.State(destination).label}”。"
        )


class Target(models.Model):
    """The subject of one section of a poll's ballot."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="targets", verbose_name="评议点")
    kind = models.CharField("类型", max_length=20, choices=TargetKind.choices)
    # As printed on the ballot; kept when the organization or the member is renamed later.
    name = models.CharField("评议对象", max_length=100)
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党组织"
    )
    member = models.ForeignKey(
        "campaigns.Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党员"
    )
    # The subject of a 评诺: a document's section may put a public commitment to the vote (DOMAIN A10).
    commitment = models.ForeignKey(
        "campaigns.Commitment", models.PROTECT, null=True, blank=True, related_name="targets", verbose_name="公开承诺"
    )
    questionnaire = models.ForeignKey(
        "campaigns.Questionnaire", models.RESTRICT, related_name="targets", verbose_name="评议表"
    )
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "评议对象"
        ordering = ["poll_id", "position", "pk"]
        # On how many ballots a questionnaire is, counted from an index alone.
        indexes = [models.Index(fields=["questionnaire", "poll"], name="target_of_questionnaire")]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "questionnaire", "name"],
                name="target_unique",
                violation_error_message="同一张评议表中已有同名的评议对象。",
            ),
            models.CheckConstraint(
                condition=Q(commitment=None) | Q(kind="document"),
                name="target_commitment_is_a_document",
                violation_error_message="公开承诺只能用评议文件稿的评议表来评议。",
            ),
            models.UniqueConstraint(
                fields=["poll", "questionnaire", "commitment"],
                name="target_commitment_once",
                violation_error_message="这项承诺已在这张评议表中。",
            ),
            models.CheckConstraint(
                condition=Q(kind="organization", organization__isnull=False, member=None)
                | Q(kind__in=["secretary", "member", "cadre"], organization=None, member__isnull=False)
                # All members of an organization together, as one body (seeds S2, S4-1).
                | Q(kind="member", organization__isnull=False, member=None)
                | Q(kind__in=["document", "open"], organization=None, member=None),
                name="target_refers_to_what_its_kind_says",
                violation_error_message="评议对象与其类型不符。",
            ),
        ]

    def __str__(self):
        return self.name
