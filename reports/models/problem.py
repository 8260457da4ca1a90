"""The rectification ledger: problems, their measures, and what became of them (DOMAIN A9)."""

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths
from campaigns.models.states import StateError
from campaigns.people import name_of


class ProblemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "organization__path"))

    def within(self, paths):
        """The problems of the subtrees that begin with the paths."""
        return self.filter(within_paths(paths, "organization__path"))

    def unfinished(self):
        return self.exclude(state=Problem.State.CLOSED)

    def overdue(self, today):
        return self.unfinished().filter(due_on__lt=today)

    def by_urgency(self, today):
        """By due date, and so overdue ones first; without one after them, closed ones last. Adds `is_overdue`."""
        closed = Q(state=Problem.State.CLOSED)
        is_overdue = ExpressionWrapper(~closed & Q(due_on__isnull=False, due_on__lt=today), BooleanField())
        closed_last = Case(When(closed, then=Value(1)), default=Value(0))
        return self.annotate(is_overdue=is_overdue).order_by(closed_last, F("due_on").asc(nulls_last=True), "pk")

    def with_measure_counts(self):
        """Adds `measure_count` and `measure_done_count`, which the database counts for the rows of a page alone."""
        of_problem = Measure.objects.filter(problem=OuterRef("pk")).order_by().values("problem")
        done = Q(state=Measure.State.DONE)
        counts = {"measure_count": Count("*"), "measure_done_count": Count("pk", filter=done)}
        return self.annotate(
            **{
                name: Coalesce(Subquery(of_problem.annotate(number=count).values("number")), 0)
                for name, count in counts.items()
            }
        )


class Problem(models.Model):
    """A problem to be put right, until it is answered. registered → underway → done → closed, and back on reopening."""

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
    # Its origin; a problem may be registered with none of them.
    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="评议活动"
    )
    target = models.ForeignKey(
        "campaigns.Target", models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="评议对象"
    )
    finding = models.OneToOneField(
        "reports.Finding", models.PROTECT, null=True, blank=True, related_name="problem", verbose_name="结果认定"
    )
    member_grade = models.OneToOneField(
        "reports.MemberGrade", models.PROTECT, null=True, blank=True, related_name="problem", verbose_name="党员等次"
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
    # The number of its last change; a form that shows an older one is refused.
    revision = models.PositiveIntegerField("修订号", default=0, editable=False)
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
        # The next due, in order.
        indexes = [models.Index(fields=["due_on", "id"], condition=~Q(state="closed"), name="problem_due")]
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
                condition=~Q(treatment="explained") | ~Q(cause=""),
                name="problem_explained_with_a_reason",
                violation_error_message="因政策原因解释说明的，请在原因分析中写明政策依据。",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(reply=""),
                name="problem_closed_only_with_a_reply",
                violation_error_message="填写答复情况后才能办结。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["registered", "underway", "done"],
                    closed_at=None,
                    closed_by=None,
                    done_on=None,
                    verdict="",
                )
                | Q(state="closed", closed_at__isnull=False, done_on__isnull=False),
                name="problem_end_fits_the_state",
                violation_error_message="只有已办结的问题才有完成日期和群众再评。",
            ),
        ]

    def __str__(self):
        return self.content[:30]

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_from_an_opinion(self) -> bool:
        """Whether its content is what a participant wrote; only opinions, findings and grades bring their target."""
        return self.target_id is not None and self.finding_id is None and self.member_grade_id is None

    @property
    def is_explained(self) -> bool:
        """Nothing can be done about it but to explain why."""
        return self.treatment == self.Treatment.EXPLAINED

    def is_overdue_on(self, today) -> bool:
        return not self.is_closed and self.due_on is not None and self.due_on < today

    def require_unclosed(self) -> None:
        if self.is_closed:
            raise StateError("这个问题已经办结，不能再改。确需修改的，请先重新启动整改并写明理由。")

    def follow_measures(self) -> None:
        """Move to where its treatment and its measures put it: every measure done, or explained, waits for a reply."""
        self.require_unclosed()
        states = set(self.measures.values_list("state", flat=True))
        if Measure.State.UNDERWAY in states:
            self.state = self.State.UNDERWAY
        elif states or self.is_explained:
            self.state = self.State.DONE
        else:
            self.state = self.State.UNDERWAY if self.treatment else self.State.REGISTERED
        self.save(update_fields=["state"])

    def close(self, *, by, reply: str, publicity: str, done_on) -> None:
        """The end: what was answered, where it was made public, when it was done."""
        if self.state != self.State.DONE:
            raise StateError(
                f"这个问题现为“{self.get_state_display()}”，整改措施全部落实（或者已写明政策原因）、转为“待答复”后才能办结。"
            )
        self.state = self.State.CLOSED
        self.reply, self.publicity, self.done_on = reply, publicity, done_on
        self.closed_by, self.closed_at = by, timezone.now()
        self.save()

    def judge(self, *, verdict: str, note: str) -> None:
        """The people's verdict on the outcome; a later answer takes the place of an earlier one."""
        if not self.is_closed:
            raise StateError("办结以后才能登记群众再评。")
        self.verdict, self.verdict_note = verdict, note
        self.save(update_fields=["verdict", "verdict_note"])

    def reopen(self, *, is_answer_only: bool) -> None:
        """Back to work, or back to its reply where only that is put right; the reply stays as a draft."""
        if not self.is_closed:
            raise StateError("这个问题没有办结，不用重新启动。")
        self.state = self.State.DONE if is_answer_only else self.State.UNDERWAY
        self.closed_by = self.closed_at = self.done_on = None
        self.verdict = self.verdict_note = ""
        self.save()


class Measure(models.Model):
    """A measure against a problem."""

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

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    def is_overdue_on(self, today) -> bool:
        return not self.is_done and self.due_on is not None and self.due_on < today

    def finish(self, *, done_on) -> None:
        if self.is_done:
            raise StateError("这条措施已经落实，不用再登记。")
        self.state, self.done_on = self.State.DONE, done_on
        self.save(update_fields=["state", "done_on"])

    def resume(self) -> None:
        """Undo `finish`."""
        if not self.is_done:
            raise StateError("这条措施正在落实，没有可撤销的。")
        self.state, self.done_on = self.State.UNDERWAY, None
        self.save(update_fields=["state", "done_on"])


class ProgressNote(models.Model):
    """A note of what was done about a problem by a day."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="notes", verbose_name="问题")
    # A measure that has progress is not removed any more.
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="所属措施"
    )
    noted_on = models.DateField("日期")
    text = models.CharField("进展", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "进展"
        ordering = ["noted_on", "pk"]

    def __str__(self):
        return f"{self.noted_on}：{self.text[:30]}"


class ProblemChange(models.Model):
    """A line of a problem's history: what was changed, by whom, when. Nothing is ever taken from it."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="changes", verbose_name="问题")
    # The problem's revision after it.
    revision = models.PositiveIntegerField("修订号", editable=False)
    # In words: 「完成时限由“2026年5月1日”改为“2026年6月1日”」.
    text = models.TextField("变更")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="变更人"
    )
    changed_at = models.DateTimeField("变更时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "revision"], name="problem_change_revision_unique"),
        ]

    def __str__(self):
        return self.text[:30]

    @property
    def who(self) -> str:
        return name_of(self.changed_by)
