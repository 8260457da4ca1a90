"""Opinions that came in beside the ballots: recorded by somebody who signs for them, and counted as opinions alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths

from .ballot import Opinion


class GatheredQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), f"{self.model.TO_POLL}__path"))


class Forum(models.Model):
    """A 座谈会 held to hear opinions: when, where, chaired by whom, and who was there."""

    TO_POLL = "poll"

    poll = models.ForeignKey("campaigns.Poll", models.CASCADE, related_name="forums", verbose_name="评议点")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=100)
    host = models.CharField("主持人", max_length=50)
    attended_count = models.PositiveSmallIntegerField("参加人数")
    # 「居民代表8名、党员代表4名」: kinds and numbers, no names.
    attendees = models.CharField("参加人员", max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = GatheredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "座谈会"
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(attended_count__gt=0),
                name="forum_attended",
                violation_error_message="参加人数至少1人。",
            ),
        ]

    def __str__(self):
        return f"{self.held_on:%Y-%m-%d}座谈会"


class Consultation(models.Model):
    """The 征求意见表 of a poll, handed out beside the 评议表: how many, and how many came back. No ballot is tied to one."""

    TO_POLL = "poll"

    poll = models.OneToOneField("campaigns.Poll", models.CASCADE, related_name="consultation", verbose_name="评议点")
    issued_count = models.PositiveIntegerField("发出份数")
    returned_count = models.PositiveIntegerField("收回份数")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = GatheredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "征求意见表"
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_count__lte=models.F("issued_count")),
                name="consultation_returned_at_most_issued",
                violation_error_message="收回的征求意见表不能多于发出的。",
            ),
        ]

    def __str__(self):
        return f"发出{self.issued_count}份，收回{self.returned_count}份"


class OpinionOrigin(models.Model):
    """The way by which an opinion came that was on no ballot, with who recorded it.

    An opinion from a ballot has none, so that nothing of it can be told.
    """

    TO_POLL = "opinion__target__poll"

    class Source(models.TextChoices):
        LETTER = "letter", "信箱"
        PHONE = "phone", "电话"
        VISIT = "visit", "走访"
        WEB = "web", "网络"
        MEDIA = "media", "新闻媒体"
        FORUM = "forum", "座谈会"
        OTHER = "other", "其他途径"
        BOX = "box", "意见箱"
        SHEET = "sheet", "征求意见表"
        DRAFT = "draft", "征求文稿意见"
        WINDOW = "window", "窗口"

    class SheetKind(models.TextChoices):
        AMENDMENT = "amendment", "修改意见"
        REMARK = "remark", "其他意见"

    opinion = models.OneToOneField(Opinion, models.CASCADE, related_name="origin", verbose_name="意见建议")
    source = models.CharField("来源", max_length=20, choices=Source.choices)
    # Of a 座谈会 both are those of the meeting.
    received_on = models.DateField("日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    # The draft on which the opinion was given, and by which kind of people; no name.
    draft = models.ForeignKey(
        "campaigns.DocumentDraft", models.PROTECT, null=True, blank=True, related_name="origins", verbose_name="文稿"
    )
    given_by = models.CharField("提出意见的方面", max_length=50, blank=True)
    # Of a 征求意见表 or a draft alone: whether it asks for a change of what is appraised.
    sheet_kind = models.CharField("意见性质", max_length=20, choices=SheetKind.choices, blank=True)
    forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="origins", verbose_name="座谈会"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = GatheredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意见来源"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    source__in=[
                        *("letter", "phone", "visit", "web", "media", "forum", "other", "box", "sheet", "draft"),
                        "window",
                    ]
                ),
                name="opinion_origin_source_known",
            ),
            models.CheckConstraint(
                condition=Q(source="forum", forum__isnull=False, received_on=None, place="")
                | (~Q(source="forum") & Q(forum=None, received_on__isnull=False)),
                name="opinion_origin_dated",
                violation_error_message="请填写收到意见的日期；座谈会上提出的，以座谈会的日期、地点为准。",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["sheet", "draft"], sheet_kind__in=["amendment", "remark"])
                | (~Q(source__in=["sheet", "draft"]) & Q(sheet_kind="")),
                name="opinion_origin_sheet_kind_known",
                violation_error_message="征求意见表、征求意见稿的意见，请选择是修改意见还是其他意见。",
            ),
            models.CheckConstraint(
                condition=(Q(source="draft", draft__isnull=False) & ~Q(given_by=""))
                | (~Q(source="draft") & Q(draft=None, given_by="")),
                name="opinion_origin_of_a_draft",
                violation_error_message="对文稿的意见，请写明是哪一稿、哪方面的人提出的。",
            ),
        ]

    def __str__(self):
        return f"{self.get_source_display()}：{self.opinion}"

    @property
    def came_on(self):
        """The day on which the opinion was given."""
        return self.forum.held_on if self.forum else self.received_on

    @property
    def came_at(self) -> str:
        """The place, where it is known."""
        return self.forum.place if self.forum else self.place
