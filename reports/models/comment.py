"""Leaders' comments (点评台账; seed S2, DOMAIN A9)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths


class LeaderCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "organization__path"))


class LeaderComment(models.Model):
    """A leader's comment on an organization or on one of its members, and what was done about it."""

    class Mode(models.TextChoices):
        MEETING = "meeting", "会议集中点评"
        TALK = "talk", "单独谈话点评"
        ON_SITE = "on_site", "现场就近点评"
        MUTUAL = "mutual", "党组织相互点评"
        LEVELS = "levels", "逐级点评"
        ORGANIZATION = "organization", "组织讲评"

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="comments", verbose_name="评议活动")
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="comments", verbose_name="点评单位"
    )
    # None: the organization itself was commented on.
    member = models.ForeignKey(
        "campaigns.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name="点评党员",
        help_text="点评党组织的留空。",
    )
    leader = models.CharField("点评领导", max_length=50)
    leader_post = models.CharField("领导职务", max_length=50, blank=True)
    commented_on = models.DateField("点评时间")
    mode = models.CharField("点评方式", max_length=20, choices=Mode.choices, default=Mode.MEETING)
    # Key of a point (`reports.comments.points`; DOMAIN I-19, I-20, I-21) → what was said about it.
    points = models.JSONField("点评要点", default=dict, blank=True)
    content = models.CharField("点评内容", max_length=1000, blank=True)
    follow_up = models.CharField("整改落实情况", max_length=500, blank=True)
    followed_up_on = models.DateField("落实日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = LeaderCommentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导点评"
        ordering = ["commented_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=["meeting", "talk", "on_site", "mutual", "levels", "organization"]),
                name="leader_comment_mode_known",
            ),
            models.CheckConstraint(
                condition=~Q(content="") | ~Q(points={}),
                name="leader_comment_says_something",
                violation_error_message="请填写点评要点或者点评内容。",
            ),
            models.CheckConstraint(
                condition=Q(followed_up_on=None) | ~Q(follow_up=""),
                name="leader_comment_follow_up_dated_with_its_text",
                violation_error_message="填写了落实日期的，请同时写明整改落实情况。",
            ),
            models.CheckConstraint(
                condition=Q(followed_up_on=None) | Q(followed_up_on__gte=F("commented_on")),
                name="leader_comment_followed_up_afterwards",
                violation_error_message="落实日期不能早于点评时间。",
            ),
        ]

    def __str__(self):
        return f"{self.leader}点评{self.subject}"

    @property
    def subject(self) -> str:
        """The name of whom it is about."""
        return (self.member or self.organization).name
