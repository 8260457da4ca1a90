"""Campaigns: an organizer's appraisal over a period, with its rules."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from .. import library
from ..library import LibraryThreshold, threshold_kept
from .place import Placed
from .poll import Poll
from .reach import visible_paths, within_paths
from .states import StateError, move


class Channel(models.TextChoices):
    """The way a ballot was taken (DOMAIN A4)."""

    MEETING = "meeting", "集中评议"
    PAPER = "paper", "书面评议"
    ONLINE = "online", "网络评议"
    INTERVIEW = "interview", "走访访谈"
    PHONE = "phone", "电话评议"
    MAILBOX = "mailbox", "意见箱"
    INSTANT = "instant", "即时评议"


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        paths = visible_paths(user)
        polls = Poll.objects.filter(within_paths(paths), campaign=OuterRef("pk"))
        return self.filter(within_paths(paths) | Exists(polls))

    def with_progress(self):
        """Adds poll_count and, for each state of a poll, its count; `Campaign.state` needs them.

        Each is counted by itself, in the index that the polls' states have: a province has a hundred thousand polls.
        """
        return self.annotate(
            poll_count=_count_of_polls(),
            **{f"{state}_count": _count_of_polls(state=state) for state in Poll.State.values},
        ).order_by("-created_at", "-pk")


def _count_of_polls(**condition) -> Coalesce:
    """How many polls the campaign of an outer query has."""
    polls = Poll.objects.filter(campaign=OuterRef("pk"), **condition).order_by().values("campaign")
    return Coalesce(Subquery(polls.annotate(number=Count("*")).values("number")), 0)


class Campaign(Placed):
    """An appraisal that an organizer runs over a period in the polls of the units below it.

    Its state follows from its polls; what it keeps itself is when and by whom it was opened, which freezes the ballots.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", "筹备中"
        OPEN = "open", "评议中"
        CLOSED = "closed", "已截止"
        SEALED = "sealed", "已封存"

    class Base(models.TextChoices):
        VALID = "valid", "有效票"
        RETURNED = "returned", "收回票"
        ATTENDED = "attended", "实到人数"
        ENTITLED = "entitled", "全体应参评人员"

    class Blank(models.TextChoices):
        ABSTAIN = "abstain", "计为弃权"
        INVALID = "invalid", "计为无效，不计入分母"

    class Unknown(models.TextChoices):
        OUTSIDE = "outside", "不计入分母"
        INSIDE = "inside", "计入分母，不算满意"

    class FirstSplit(models.TextChoices):
        CHANNEL = "channel", "分渠道"
        CATEGORY = "category", "分类别"

    class SumTo100(models.TextChoices):
        NOTE = "note", "独立四舍五入并加注"
        LAST = "last", "末档倒挤"
        LARGEST = "largest", "最大余额法"

    class Judgement(models.TextChoices):
        """The judgement of a target beside its rates (scenarios C18, C19)."""

        NONE = "none", "只列各率，不另作判定"
        SCORE = "score", "按得分定等次"
        MAJORITY = "majority", "按过半数判定"

    class Judged(models.TextChoices):
        """The votes by which a target is held against a threshold."""

        OVERALL = "overall", "总体评价"
        TOGETHER = "together", "各项合计"
        EACH = "each", "逐项"

    class ExcellentLimit(models.TextChoices):
        """Of whom at most a third may be 优秀 (scenario C17)."""

        NONE = "none", "不提示"
        MEMBERS = "members", "党员总数的三分之一"
        ATTENDED = "attended", "参评党员数的三分之一"

    title = models.CharField("活动名称", max_length=100)
    organizer = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="campaigns", verbose_name="组织单位"
    )
    appraisal_key = models.CharField("评议类型", max_length=60, blank=True, editable=False)
    period = models.CharField("评议周期", max_length=40, help_text="如：2026年度、2026年第一季度。")
    basis = models.CharField("依据文件", max_length=200, blank=True, help_text="如：某发〔2026〕1号。")
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    # Phones alone: paper is keyed, and the poll closed, whenever people come to it.
    is_stopped_on_time = models.BooleanField("到期自动停止收票", default=True)

    # 五明确 (seed S1-3).
    participant_scope = models.TextField("参评人员范围", blank=True)
    procedure = models.TextField("评议程序", blank=True)
    method = models.TextField("评议形式", blank=True)
    content = models.TextField("评议内容", blank=True)
    use_of_results = models.TextField("评议结果运用", blank=True)

    # 评议工作领导小组 (seeds S1-1, S1-2, S0-3): names with posts, as the plan words them.
    group_head = models.CharField("领导小组组长", max_length=100, blank=True)
    group_deputies = models.CharField("领导小组副组长", max_length=200, blank=True)
    group_members = models.CharField("领导小组成员", max_length=500, blank=True)
    group_office = models.CharField("领导小组办公室", max_length=200, blank=True)

    channels = models.JSONField("评议渠道", default=list)
    base = models.CharField("分母", max_length=20, choices=Base.choices, default=Base.VALID)
    blank = models.CharField("空白项", max_length=20, choices=Blank.choices, default=Blank.ABSTAIN)
    unknown = models.CharField("选“不了解”的票", max_length=20, choices=Unknown.choices, default=Unknown.OUTSIDE)
    decimals = models.PositiveSmallIntegerField("百分比小数位数", default=1, validators=[MaxValueValidator(2)])
    sum_to_100 = models.CharField("合计凑整", max_length=20, choices=SumTo100.choices, default=SumTo100.NOTE)
    min_group = models.PositiveSmallIntegerField(
        "最小分组人数",
        default=5,
        help_text="少于此数的分组不单列结果；0表示不限制。",
        validators=[MaxValueValidator(100)],
    )
    min_poll = models.PositiveSmallIntegerField(
        "单独公布的最少票数",
        default=3,
        help_text="有效票少于此数的评议点不单独公布结果，只计入上级汇总；0表示不限制。",
        validators=[MaxValueValidator(10)],
    )
    first_split = models.CharField("优先分列", max_length=20, choices=FirstSplit.choices, default=FirstSplit.CHANNEL)
    judgement = models.CharField("结果判定", max_length=20, choices=Judgement.choices, default=Judgement.NONE)
    excellent_limit = models.CharField(
        "优秀名额上限", max_length=20, choices=ExcellentLimit.choices, default=ExcellentLimit.MEMBERS
    )
    # A person's own row stays blank and is no abstention (scenario C16).
    is_self_excluded = models.BooleanField("不评自己", default=False)
    # Of each its key in the library, or the whole of one that an office made itself: it stays as it was when the campaign opened.
    thresholds = models.JSONField("结果运用阈值", default=list, blank=True)
    judged = models.CharField("按什么判断是否超过阈值", max_length=20, choices=Judged.choices, default=Judged.OVERALL)
    # The name of the category whose ballots the members of the paired unit fill in; empty where units appraise none.
    partner_category = models.CharField("结对单位的人属于哪一类", max_length=50, blank=True, editable=False)
    # Paper ballots are keyed twice by two tellers, unless this allows one keying; the count sheet then says so.
    is_single_keying_allowed = models.BooleanField("允许单人录入纸质票", default=False)

    # The campaign that it was made from as the next period; nothing is read through it but which periods belong together.
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="copies", verbose_name="复制自"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="创建人"
    )
    created_at = models.DateTimeField("创建时间", default=timezone.now, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="开启人"
    )
    opened_at = models.DateTimeField("开启时间", null=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议活动"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organizer", "title"],
                name="campaign_title_unique",
                violation_error_message="该单位已有同名的评议活动。",
            ),
            models.CheckConstraint(
                condition=Q(base__in=["valid", "returned", "attended", "entitled"]), name="campaign_base_known"
            ),
            models.CheckConstraint(condition=Q(blank__in=["abstain", "invalid"]), name="campaign_blank_known"),
            models.CheckConstraint(condition=Q(unknown__in=["outside", "inside"]), name="campaign_unknown_known"),
            models.CheckConstraint(
                condition=Q(sum_to_100__in=["note", "last", "largest"]), name="campaign_sum_to_100_known"
            ),
            models.CheckConstraint(
                condition=Q(judgement__in=["none", "score", "majority"]), name="campaign_judgement_known"
            ),
            models.CheckConstraint(
                condition=Q(judged__in=["overall", "together", "each"]), name="campaign_judged_known"
            ),
            models.CheckConstraint(
                condition=Q(excellent_limit__in=["none", "members", "attended"]), name="campaign_excellent_limit_known"
            ),
            models.CheckConstraint(
                condition=Q(min_poll__lte=10),
                name="campaign_min_poll_at_most_10",
                violation_error_message="单独公布的最少票数只能是0至10。",
            ),
            models.CheckConstraint(
                condition=Q(first_split__in=["channel", "category"]),
                name="campaign_first_split_known",
                violation_error_message="优先分列只能是分渠道或者分类别。",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=2),
                name="campaign_decimals_at_most_2",
                violation_error_message="百分比小数位数只能是0、1或2。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def placed_unit(self):
        return self.organizer

    @property
    def organizer_name(self) -> str:
        return self.unit_name

    @property
    def limits(self) -> list[LibraryThreshold]:
        """The thresholds that its targets are held against, the library's and own ones."""
        ready_made = library.thresholds()
        return [ready_made[kept] if isinstance(kept, str) else threshold_kept(kept) for kept in self.thresholds]

    def get_thresholds_display(self) -> str:
        return "、".join(limit.title for limit in self.limits)

    @property
    def leading_group(self) -> list[tuple[str, str]]:
        """「组长」 and who it is, and the others that were recorded, in order."""
        recorded = (
            ("组长", self.group_head),
            ("副组长", self.group_deputies),
            ("成员", self.group_members),
            ("办公室", self.group_office),
        )
        return [(part, words) for part, words in recorded if words]

    # Added by `with_progress()`.
    poll_count: int
    open_count: int
    closed_count: int
    sealed_count: int

    @property
    def is_frozen(self) -> bool:
        """Whether it was opened, after which nothing on the ballot changes."""
        return self.opened_at is not None

    def is_early(self, day: date) -> bool:
        """Whether phones take nothing yet on a day."""
        return self.is_stopped_on_time and self.starts_on is not None and day < self.starts_on

    def is_over(self, day: date) -> bool:
        """Whether phones take nothing any more on a day: the last one is still in, to its last second."""
        return self.is_stopped_on_time and self.ends_on is not None and day > self.ends_on

    @property
    def state(self) -> str:
        """Follows from the polls; wants `with_progress()`, or counts for itself."""
        if not self.is_frozen:
            return self.State.PREPARING
        if not hasattr(self, "poll_count"):
            for name, value in Campaign.objects.with_progress().filter(pk=self.pk).values()[0].items():
                if name.endswith("_count"):
                    setattr(self, name, value)
        if self.sealed_count == self.poll_count:
            return self.State.SEALED
        # A poll that was taken back is to be opened again.
        is_closed = self.closed_count + self.sealed_count == self.poll_count
        return self.State.CLOSED if is_closed else self.State.OPEN

    @property
    def state_label(self) -> str:
        return self.State(self.state).label

    def open(self, *, by, names: list[str]) -> None:
        """Record the opening and the organizer's place; `actions.freeze_ballots` has frozen every poll before."""
        self.names = names
        self.opened_by = by
        self.opened_at = timezone.now()
        self.save(update_fields=["names", "opened_by", "opened_at"])

    def take_back(self) -> None:
        """Back to preparation, at the organizer's place of today; `ballots.taking_back` has taken every poll back before."""
        self.names, self.path = [], self.organizer.path
        self.opened_by = self.opened_at = None
        self.save(update_fields=["names", "path", "opened_by", "opened_at"])

    def extend(self, *, ends_on: date) -> None:
        """Put the last day off; `actions.extend_campaign` keeps why and by whom. Raises StateError where it is no later."""
        if not move(self, Q(opened_at__isnull=False, ends_on__lt=ends_on), ends_on=ends_on):
            raise StateError("只有已经开启的评议活动才能延期，新的结束日期应晚于现在的结束日期。")


class Category(models.Model):
    """A kind of participant (DOMAIN A6), with an optional weight in the 满意度得分."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="categories", verbose_name="评议活动")
    name = models.CharField("类别名称", max_length=50)
    weight = models.DecimalField("权重（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "参评人员类别"
        ordering = ["campaign_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"], name="category_name_unique", violation_error_message="已有同名类别。"
            ),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gt=0, weight__lte=100),
                name="category_weight_between_0_and_100",
                violation_error_message="权重应大于0且不超过100。",
            ),
        ]

    def __str__(self):
        return self.name
