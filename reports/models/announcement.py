"""Announcements of results, and objections to them (公示)."""

import secrets
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from campaigns.models.place import DEEPEST, STEP
from campaigns.models.reach import visible_paths, within_paths
from campaigns.models.states import StateError, move

from ..scope import Scope


def new_token() -> str:
    """128 random bits: what nobody can guess."""
    return secrets.token_urlsafe(16)


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user)))

    def of(self, scope: Scope):
        """The announcements of a poll, those about one of its targets too, or of a unit's part of a campaign."""
        if scope.poll:
            return self.filter(poll=scope.poll)
        return self.filter(campaign=scope.campaign, organization=scope.organization)

    def with_scope(self):
        """Each brings what its `scope` is made of."""
        return self.select_related(
            "poll__campaign__organizer", "poll__organization", "target", "campaign__organizer", "organization"
        )

    def on_display(self, today: date):
        """The announcements whose public page is there today."""
        return self.filter(
            audience=Announcement.Audience.PUBLIC,
            published_at__isnull=False,
            withdrawn_at=None,
            starts_on__lte=today,
            ends_on__gte=today,
        )

    def with_objection_counts(self):
        """Adds objection_count and unanswered_count."""
        return self.annotate(
            objection_count=Count("objections"),
            unanswered_count=Count("objections", filter=Q(objections__answered_on=None)),
        ).order_by("-pk")  # grouping drops the order of Meta


class Announcement(models.Model):
    """Sealed results made public for some days: what, to whom, from when to when, where to object.

    They are those of a poll, of one of its targets, or the sums of a unit's part of a campaign. A draft is edited until it is published, which freezes its content; a published one can only be withdrawn.
    """

    class Audience(models.TextChoices):
        PUBLIC = "public", "公开网页（链接和二维码）"
        PRINT = "print", "只打印张贴"

    class Extra(models.TextChoices):
        """A part of a notice beside the results; it is left out unless somebody chose it (seeds S0-5, S1-1)."""

        UNITS = "units", "下级各单位的结果"
        INSTANT = "instant", "窗口即时评议（人次）"
        SCORES = "scores", "考核得分和综合得分"
        PROBLEMS = "problems", "还没有办结的问题"
        SATISFIED_DEED = "satisfied_deed", "群众最满意的实事"
        DISSATISFIED_MATTER = "dissatisfied_matter", "群众最不满意的事项"
        PROMINENT_PROBLEM = "prominent_problem", "群众反映的突出问题"
        SUGGESTION = "suggestion", "群众的意见建议"
        COMMITMENTS = "commitments", "党组织的公开承诺和实事好事"
        MEMBER_COMMITMENTS = "member-commitments", "党员个人的公开承诺"
        COMMENTS = "comments", "领导对党组织的点评"
        MEMBER_COMMENTS = "member-comments", "领导对党员个人的点评"

    class State(models.TextChoices):
        """Follows from what was done and from the day; it is kept nowhere."""

        DRAFT = "draft", "草稿"
        WAITING = "waiting", "待公示"
        ON_DISPLAY = "on-display", "公示中"
        OVER = "over", "已期满"
        WITHDRAWN = "withdrawn", "已撤下"

    # The place is a poll, with a target where the notice is about that alone, or a unit's part of a campaign.
    poll = models.ForeignKey(
        "campaigns.Poll", models.PROTECT, null=True, blank=True, related_name="announcements", verbose_name="评议点"
    )
    target = models.ForeignKey(
        "campaigns.Target", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="评议对象"
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="announcements",
        verbose_name="评议活动",
    )
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    # Where the results lie in the campaign's tree, for whoever may see them.
    path = models.CharField("路径", max_length=DEEPEST * STEP, db_index=True, editable=False)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("说明", max_length=2000, blank=True)
    # The results that are shown: of a poll the keys of targets, of a unit those of questionnaires.
    target_ids = models.JSONField("公示哪些结果", default=list, blank=True)
    questionnaire_keys = models.JSONField("公示哪些结果", default=list, blank=True)
    # Words of `Extra`.
    extras = models.JSONField("另外公布哪些内容", default=list, blank=True)
    has_problems = models.BooleanField("同时公示整改情况", default=False)
    audience = models.CharField("公示方式", max_length=20, choices=Audience.choices, default=Audience.PRINT)
    place = models.CharField("张贴地点", max_length=100, blank=True)
    starts_on = models.DateField("公示起始日期")
    ends_on = models.DateField("公示截止日期")
    office = models.CharField("异议受理部门", max_length=100)
    phone = models.CharField("受理电话", max_length=50)
    # The end of the public page's address.
    token = models.CharField("网页代码", max_length=40, unique=True, default=new_token, editable=False)
    # `announcing.AnnouncementContent` as published: it stays as it was whatever is written later.
    content = models.JSONField("公示内容", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="撤下人"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, editable=False)
    withdrawn_reason = models.CharField("撤下原因", max_length=200, blank=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(poll__isnull=False, campaign=None, organization=None)
                | Q(poll=None, target=None, campaign__isnull=False, organization__isnull=False),
                name="announcement_of_a_poll_or_of_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="announcement_ends_after_it_starts",
                violation_error_message="公示截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(condition=Q(audience__in=["public", "print"]), name="announcement_audience_known"),
            models.CheckConstraint(
                condition=Q(audience="public") | ~Q(place=""),
                name="announcement_printed_hangs_somewhere",
                violation_error_message="只打印张贴的，请写明张贴地点。",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, content=None, withdrawn_at=None)
                | Q(published_at__isnull=False, content__isnull=False),
                name="announcement_published_with_its_content",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="announcement_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if self._state.adding and (self.poll or (self.campaign and self.organization)):
            self.path = self.scope.unit.path
        super().save(*args, **kwargs)

    @property
    def scope(self) -> Scope:
        """Where the results are from."""
        if self.poll:
            return Scope.of_poll(self.poll)
        # It has both (constraint announcement_of_a_poll_or_of_a_unit).
        return Scope.of(self.campaign, self.organization)  # type: ignore[arg-type]

    @property
    def chosen_results(self) -> list:
        """The keys of the results that are shown."""
        return self.target_ids if self.poll_id else self.questionnaire_keys

    @property
    def state(self) -> State:
        return self.state_on(timezone.localdate())

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_public(self) -> bool:
        return self.audience == self.Audience.PUBLIC

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state in (self.State.WAITING, self.State.ON_DISPLAY)

    def state_on(self, today: date) -> State:
        if self.is_draft:
            return self.State.DRAFT
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if today < self.starts_on:
            return self.State.WAITING
        return self.State.ON_DISPLAY if today <= self.ends_on else self.State.OVER

    def revise(self, **facts) -> None:
        """Change a draft."""
        self._change(Q(published_at=None), "这份公示已经发布，不能再改；确需更正的，先撤下，再另做一份。", **facts)

    def publish(self, *, by, content: dict) -> None:
        """Freeze a draft with what it shows."""
        facts = {"published_by": by, "published_at": timezone.now(), "content": content}
        self._change(Q(published_at=None), "这份公示已经发布过。", **facts)

    def withdraw(self, *, by, reason: str) -> None:
        """Take down what is published and not over."""
        facts = {"withdrawn_by": by, "withdrawn_at": timezone.now(), "withdrawn_reason": reason}
        is_up = Q(published_at__isnull=False, withdrawn_at=None, ends_on__gte=timezone.localdate())
        self._change(is_up, "只有待公示和公示中的可以撤下；这一份尚未发布、已经撤下或者已经期满。", **facts)

    def _change(self, allowed: Q, refusal: str, **facts) -> None:
        if not move(self, allowed, **facts):
            raise StateError(refusal)


class ObjectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.within(visible_paths(user))

    def within(self, paths):
        """The objections to announcements of the subtrees that begin with the paths."""
        return self.filter(within_paths(paths, "announcement__path"))

    def unanswered(self):
        return self.filter(answered_on=None)

    def waiting_first(self):
        return self.order_by(F("answered_on").asc(nulls_first=True), "received_on", "pk")


class Objection(models.Model):
    """An objection to an announcement, and its answer."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="objections", verbose_name="公示")
    received_on = models.DateField("收到日期")
    objector = models.CharField("反映人", max_length=50, blank=True, help_text="匿名反映的留空。")
    text = models.CharField("异议内容", max_length=500)
    answer = models.CharField("核查和答复情况", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="objection_answered_with_a_date",
                violation_error_message="答复情况和答复日期要一起填写。",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("received_on")),
                name="objection_answered_after_it_came",
                violation_error_message="答复日期不能早于收到日期。",
            ),
        ]

    def __str__(self):
        return self.text[:30]

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None
