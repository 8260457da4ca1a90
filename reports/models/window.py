"""窗口即时评议: a window's standing code, the sums of its taps, the words left there, and what campaigns took of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ballots.counting import tally
from ballots.models import random_key
from campaigns.models.reach import visible_paths, within_paths

from .announcement import new_token

# A column for each grade that a scale can have.
GRADE_COLUMNS = tuple(f"grade_{place}_count" for place in range(1, 8))


class WindowQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), self.model.TO_PATH))


class ServiceWindow(models.Model):
    """A window at which people are served, with one question that stands there all year.

    Its code opens the page for phones, another one that of the tablet at the window. Question and scale never change.
    """

    TO_PATH = "organization__path"

    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="windows", verbose_name="党组织"
    )
    name = models.CharField("窗口名称", max_length=50)
    question = models.CharField("评议内容", max_length=60, default="您对这次服务满意吗？")
    scale = models.ForeignKey("campaigns.Scale", models.PROTECT, related_name="windows", verbose_name="等次量表")
    token = models.CharField("网页代码", max_length=40, unique=True, default=new_token, editable=False)
    kiosk_token = models.CharField("平板网页代码", max_length=40, unique=True, default=new_token, editable=False)
    is_open = models.BooleanField("收评议", default=True, editable=False)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务窗口"
        ordering = ["organization__path", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="window_name_unique",
                violation_error_message="本单位已有同名的服务窗口。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def grades(self) -> tuple[tally.CountedGrade, ...]:
        """Its scale as the count wants it, in the order of the columns of a day."""
        return tuple(
            tally.CountedGrade(grade.label, grade.is_in_base, grade.is_positive, grade.score)
            for grade in self.scale.grades.all()
        )


class WindowTaking(models.Model):
    """The sums of a window over whole days as a poll's campaign took them: copied when taken, and the days spoken for.

    `content` is the text that the digest covers: the head, then a line for each part of the days as it was published.
    """

    TO_PATH = "poll__path"

    poll = models.ForeignKey("campaigns.Poll", models.CASCADE, related_name="window_takings", verbose_name="评议点")
    window = models.ForeignKey(ServiceWindow, models.PROTECT, related_name="takings", verbose_name="服务窗口")
    first_on = models.DateField("从哪天")
    last_on = models.DateField("到哪天")
    tap_count = models.PositiveIntegerField("人次")
    content = models.TextField("各日合计", editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="汇总人"
    )
    taken_at = models.DateTimeField("汇总时间", default=timezone.now, editable=False)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "即时评议汇总"
        ordering = ["poll_id", "window_id", "first_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="window_taking_days_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(condition=Q(tap_count__gt=0), name="window_taking_not_empty"),
        ]

    def __str__(self):
        return f"{self.window}·{self.first_on:%Y-%m-%d}至{self.last_on:%Y-%m-%d}"


class WindowDay(models.Model):
    """The taps at a window on one day, by grade: a sum, and nothing of any of them.

    All grades share a row, so that no row tells by its place or its last change which grade was tapped when.
    """

    window = models.ForeignKey(ServiceWindow, models.PROTECT, related_name="days", verbose_name="服务窗口")
    day = models.DateField("日期")
    grade_1_count = models.PositiveIntegerField("第1档", default=0)
    grade_2_count = models.PositiveIntegerField("第2档", default=0)
    grade_3_count = models.PositiveIntegerField("第3档", default=0)
    grade_4_count = models.PositiveIntegerField("第4档", default=0)
    grade_5_count = models.PositiveIntegerField("第5档", default=0)
    grade_6_count = models.PositiveIntegerField("第6档", default=0)
    grade_7_count = models.PositiveIntegerField("第7档", default=0)
    # A day is in one taking or in none: no tap is counted in two campaigns.
    taking = models.ForeignKey(
        WindowTaking, models.SET_NULL, null=True, editable=False, related_name="days", verbose_name="汇总"
    )

    class Meta:
        verbose_name = verbose_name_plural = "窗口每日合计"
        ordering = ["window_id", "day"]
        constraints = [models.UniqueConstraint(fields=["window", "day"], name="window_day_unique")]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"

    @property
    def counts(self) -> tuple[int, ...]:
        """The taps of each grade that a scale can have."""
        return tuple(getattr(self, column) for column in GRADE_COLUMNS)


class WindowReceipt(models.Model):
    """The digest of the key of a page from which somebody tapped or wrote, so that it counts once; gone the next day."""

    digest = models.BigAutoField(primary_key=True)
    window = models.ForeignKey(ServiceWindow, models.CASCADE, related_name="receipts", verbose_name="服务窗口")
    day = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "即时评议回执"


class WindowWord(models.Model):
    """A word that somebody left at a window: the text and the week; tied to no tap and no grade."""

    TO_PATH = "window__organization__path"

    id = models.BigAutoField(primary_key=True, default=random_key)
    window = models.ForeignKey(ServiceWindow, models.PROTECT, related_name="words", verbose_name="服务窗口")
    text = models.TextField("内容")
    # Its Monday.
    week_on = models.DateField("哪一周", editable=False)
    masked_text = models.TextField("隐去以后的文字", blank=True)
    # Of a word that a campaign took: it is among the opinions of one campaign, once.
    opinion = models.OneToOneField(
        "ballots.Opinion",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="window_word",
        verbose_name="意见建议",
    )

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "窗口留言"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="window_word_not_empty")]

    def __str__(self):
        return self.shown_text[:20]

    @property
    def shown_text(self) -> str:
        """The words as everybody but their keeper sees them."""
        return self.masked_text or self.text
