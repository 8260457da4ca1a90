"""Questionnaires: what is asked about a target, and on which scale it is answered."""

from collections import defaultdict

from django.db import models
from django.db.models import Q

from .. import library
from .reach import visible_paths, within_paths

_MEMBER_SCALE = "member-4"  # its key in the library


class TargetKind(models.TextChoices):
    """Kinds of subject that a section of a ballot can have (DOMAIN A1)."""

    ORGANIZATION = "organization", "党组织"
    SECRETARY = "secretary", "党组织书记"
    MEMBER = "member", "党员"
    CADRE = "cadre", "干部"
    DOCUMENT = "document", "文件稿"
    OPEN = "open", "开放问题"

    @classmethod
    def persons(cls) -> tuple["TargetKind", ...]:
        """The kinds whose targets are people."""
        return (cls.SECRETARY, cls.MEMBER, cls.CADRE)


class Scale(models.Model):
    """An ordered set of grades, 满意/基本满意/不满意 and the others."""

    OWN_PREFIX = "own:"
    # The library's key, with "+unknown" where 不了解 was added and "@100-80-0" where the scores are an office's own;
    # of a scale that an office made itself "own:" and a digest.
    key = models.CharField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "等次量表"
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether an office made it, and not the library."""
        return self.key.startswith(self.OWN_PREFIX)

    @property
    def has_member_grades(self) -> bool:
        """Whether it has the grades of the yearly appraisal of members: 优秀、合格、基本合格、不合格."""
        if not self.is_own:
            return self.key.startswith(_MEMBER_SCALE)
        labels = [grade.label for grade in self.grades.all() if grade.is_in_base]
        return labels == [*library.scales()[_MEMBER_SCALE].labels]


class Grade(models.Model):
    """An answer of a scale."""

    scale = models.ForeignKey(Scale, models.CASCADE, related_name="grades", verbose_name="量表")
    position = models.PositiveSmallIntegerField("次序")
    label = models.CharField("等次", max_length=20)
    # 不了解 does not count in the base of any rate (scenario C18).
    is_in_base = models.BooleanField("计入分母", default=True)
    # Whether 综合满意率 adds it.
    is_positive = models.BooleanField("属满意范围", default=False)
    score = models.PositiveSmallIntegerField("分值", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "等次"
        ordering = ["scale_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "position"], name="grade_position_unique"),
            models.UniqueConstraint(
                fields=["scale", "label"], name="grade_label_unique", violation_error_message="量表中已有同名等次。"
            ),
            models.CheckConstraint(
                # A mark is one digit, and a tally row has seven columns for grades in the base.
                condition=Q(position__gte=1, position__lte=7),
                name="grade_position_is_a_digit",
                violation_error_message="一个量表至多七个等次。",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__lte=100),
                name="grade_score_at_most_100",
                violation_error_message="分值应在0至100之间。",
            ),
        ]

    def __str__(self):
        return self.label


class QuestionnaireQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "campaign__path"))

    def asked_grades(self) -> list[library.AskedGrades]:
        """The questionnaires as thresholds see them, in ballot order; open questions are held against none. Two queries."""
        labels = defaultdict(list)
        grades = Grade.objects.filter(is_in_base=True, scale__questionnaires__in=self.order_by()).distinct()
        for scale, label in grades.order_by("scale", "position").values_list("scale_id", "label"):
            labels[scale].append(label)
        rows = self.filter(target_kind__in=library.KIND_LABELS).values_list("target_kind", "scale_id")
        return [library.AskedGrades(kind, tuple(labels[scale])) for kind, scale in rows.order_by("position", "pk")]


class Questionnaire(models.Model):
    """The indicators that a campaign asks about one kind of target; a copy from the library, edited at will."""

    class OpinionKind(models.TextChoices):
        SUGGESTION = "suggestion", "意见建议"
        SATISFIED_DEED = "satisfied_deed", "最满意的实事"
        DISSATISFIED_MATTER = "dissatisfied_matter", "最不满意的事项"
        PROMINENT_PROBLEM = "prominent_problem", "突出问题"

    class TargetRule(models.TextChoices):
        """Which targets each poll gets for the questionnaire."""

        ORGANIZATION_ITSELF = "organization_itself", "评议单位的党组织"
        ITS_SECRETARY = "its_secretary", "评议单位的书记"
        ITS_MEMBERS = "its_members", "评议单位的每名党员"
        MEMBERS_TOGETHER = "members_together", "评议单位的全体党员（整体）"
        ITS_CADRES = "its_cadres", "评议单位的每名干部"
        A_DOCUMENT = "a_document", "一份文件稿"
        OPEN_QUESTION = "open_question", "一个开放问题"

    # The key of a blank one, "own-2" of a second; the same key in two campaigns says nothing.
    OWN_KEY = "own"

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, related_name="questionnaires", verbose_name="评议活动"
    )
    key = models.CharField("代码", max_length=60)
    title = models.CharField("评议表名称", max_length=100)
    target_kind = models.CharField("评议对象类型", max_length=20, choices=TargetKind.choices)
    target_rule = models.CharField("评议谁", max_length=30, choices=TargetRule.choices)
    # The ballot's name for a document or for the members together; empty elsewhere.
    target_name = models.CharField("票面上的名称", max_length=100, blank=True)
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="questionnaires", verbose_name="等次量表")
    opinion_prompt = models.CharField("意见栏提示", max_length=100, default="您的意见和建议")
    opinion_kind = models.CharField(
        "意见类型", max_length=30, choices=OpinionKind.choices, default=OpinionKind.SUGGESTION
    )
    # Its targets are the options of one list, of which a ballot chooses at most so many (seed S1-1); empty: each is appraised.
    most_chosen = models.PositiveSmallIntegerField("至多选几项", null=True, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    # The set that it was copied from, and its key there: its differences are shown.
    form_set = models.ForeignKey(
        "campaigns.FormSet",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="questionnaires",
        verbose_name="规范表格",
    )
    form_key = models.CharField("规范表格中的代码", max_length=60, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议表"
        ordering = ["campaign_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "key"], name="questionnaire_key_unique", violation_error_message="代码已被使用。"
            ),
            models.UniqueConstraint(
                fields=["campaign", "title"],
                name="questionnaire_title_unique",
                violation_error_message="本次活动已有同名评议表。",
            ),
            models.CheckConstraint(
                condition=Q(target_kind__in=["organization", "secretary", "member", "cadre", "document", "open"]),
                name="questionnaire_target_kind_known",
                violation_error_message="评议对象类型不在可选范围内。",
            ),
            models.CheckConstraint(
                condition=Q(target_rule="organization_itself", target_kind="organization")
                | Q(target_rule="its_secretary", target_kind="secretary")
                | Q(target_rule__in=["its_members", "members_together"], target_kind="member")
                | Q(target_rule="its_cadres", target_kind="cadre")
                | Q(target_rule="a_document", target_kind="document")
                | Q(target_rule="open_question", target_kind="open"),
                name="questionnaire_rule_fits_the_kind",
                violation_error_message="“评议谁”与评议对象类型不符。",
            ),
            models.CheckConstraint(
                condition=Q(
                    opinion_kind__in=["suggestion", "satisfied_deed", "dissatisfied_matter", "prominent_problem"]
                ),
                name="questionnaire_opinion_kind_known",
                violation_error_message="意见类型不在可选范围内。",
            ),
            models.CheckConstraint(
                condition=Q(most_chosen=None)
                | Q(
                    target_rule="a_document",
                    most_chosen__isnull=False,
                    most_chosen__gte=1,
                    most_chosen__lte=library.MOST_CHOSEN,
                ),
                name="questionnaire_choice_is_of_documents",
                violation_error_message=f"“至多选几项”只用于“一份文件稿”的评议表，应为1至{library.MOST_CHOSEN}。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_choice(self) -> bool:
        """Whether its targets are options of one list to choose from."""
        return self.most_chosen is not None

    @property
    def grades_members(self) -> bool:
        """Whether it gives each member a grade of the yearly appraisal, which probationary members do not get (C16)."""
        return self.target_rule == self.TargetRule.ITS_MEMBERS and self.scale.has_member_grades


class Indicator(models.Model):
    """A line of a questionnaire; at most one is the 总体评价, which is asked and never computed (scenario C8)."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="indicators", verbose_name="评议表")
    text = models.CharField("评议内容", max_length=200)
    is_overall = models.BooleanField("总体评价", default=False)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "评议内容"
        ordering = ["questionnaire_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "text"],
                name="indicator_text_unique",
                violation_error_message="评议表中已有相同的评议内容。",
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(is_overall=True),
                name="indicator_one_overall",
                violation_error_message="一张评议表只能有一项总体评价。",
            ),
        ]

    def __str__(self):
        return self.text
