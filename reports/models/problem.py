"""The rectification ledger: problems, their measures, and what became of them (DOMAIN A9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.role import visible_paths, within_paths


class ProblemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "organization__path"))

    def unfinished(self):
        return self.exclude(state=Problem.State.CLOSED)

    def overdue(self, today):
        return self.unfinished().filter(due_on__lt=today)


class Problem(models.Model):
    """One problem to be put right, until it is answered. registered → underway → done → closed, and back on reopening."""

    class Source(models.TextChoices):
        TASK = "task", "整改落实任务"
        COMMITMENT = "commitment", "公开承诺"
        OPINION = "opinion", "群众评议意见"

    class Treatment(models.TextChoices):
        AT_ONCE = "at_once", "及时整改"
        PLANNED = "planned", "列出计划"
        EXPLAINED = "explained", "政策原因解释说明"

    class State(models.TextChoices):
        REGISTERED = "registered", "待定措施"
        UNDERWAY = "underway", "正在整改"
        DONE = "done", "待答复"
        CLOSED = "closed", "已办结"

    class Verdict(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        FAIR = "fair", "基本满意"
        DISSATISFIED = "dissatisfied", "不满意"

    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="problems", verbose_name="党组织"
    )
    # What it came from; a problem may be registered with none of them.
    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="评议活动"
    )
    target = models.ForeignKey(
        "campaigns.Target", models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="评议对象"
    )
    finding = models.OneToOneField(
        "reports.Finding", models.PROTECT, null=True, blank=True, related_name="problem", verbose_name="结果认定"
    )
    commitment = models.ForeignKey(
        "campaigns.Commitment", models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="公开承诺"
    )
    source = models.CharField("问题来源", max_length=20, choices=Source.choices, default=Source.OPINION)
    content = models.CharField("反映问题", max_length=500)
    category = models.CharField("类别", max_length=20, blank=True)
    subject = models.CharField("涉及对象", max_length=100, blank=True)
    cause = models.CharField("原因分析", max_length=500, blank=True)
    treatment = models.CharField("处置类型", max_length=20, choices=Treatment.choices, blank=True)
    responsible_leader = models.CharField("责任领导", max_length=50, blank=True)
    responsible_unit = models.CharField("责任单位", max_length=100, blank=True)
    responsible_person = models.CharField("责任人", max_length=50, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.REGISTERED, editable=False)
    done_on = models.DateField("完成日期", null=True, blank=True)
    reply = models.CharField("答复情况", max_length=500, blank=True)
    publicity = models.CharField("公开情况", max_length=200, blank=True)
    verdict = models.CharField("群众再评", max_length=20, choices=Verdict.choices, blank=True)
    verdict_note = models.CharField("再评说明", max_length=200, blank=True)
    remarks = models.CharField("备注", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="办结人"
    )
    closed_at = models.DateTimeField("办结时间", null=True, editable=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["task", "commitment", "opinion"]), name="problem_source_known"
            ),
            models.CheckConstraint(
                condition=Q(treatment__in=["", "at_once", "planned", "explained"]), name="problem_treatment_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "satisfied", "fair", "dissatisfied"]), name="problem_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["registered", "underway", "done"], closed_at=None)
                | Q(state="closed", closed_at__isnull=False) & ~Q(reply=""),
                name="problem_closed_only_with_a_reply",
                violation_error_message="填写答复情况后才能办结。",
            ),
        ]

    def __str__(self):
        return self.content[:30]


class Measure(models.Model):
    """One thing that is done about a problem."""

    class State(models.TextChoices):
        UNDERWAY = "underway", "正在落实"
        DONE = "done", "已落实"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="measures", verbose_name="问题")
    content = models.CharField("整改措施", max_length=500)
    responsible_person = models.CharField("责任人", max_length=50, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.UNDERWAY, editable=False)
    done_on = models.DateField("落实日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改措施"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="underway", done_on=None) | Q(state="done", done_on__isnull=False),
                name="measure_done_on_fits_the_state",
            )
        ]

    def __str__(self):
        return self.content[:30]


class ProgressNote(models.Model):
    """What was done about a problem by a day."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="notes", verbose_name="问题")
    noted_on = models.DateField("日期")
    text = models.CharField("进展", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "进展"
        ordering = ["noted_on", "pk"]

    def __str__(self):
        return f"{self.noted_on}：{self.text[:30]}"


class ProblemChange(models.Model):
    """One line of a problem's history: what was changed, by whom, when. Nothing is ever taken from it."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="changes", verbose_name="问题")
    # In words: 「完成时限由2026年5月1日改为2026年6月1日」.
    text = models.CharField("变更", max_length=1500)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="变更人"
    )
    changed_at = models.DateTimeField("变更时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        ordering = ["pk"]

    def __str__(self):
        return self.text[:30]
