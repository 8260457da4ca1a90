"""The reading of opinions after the seal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths


class OpinionReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "opinion__target__poll__path"))


class OpinionReading(models.Model):
    """A reader's verdict on one opinion: its category, the words in which it may be shown, and where it went.

    Without a row an opinion is unread, stands for itself and counts.
    """

    opinion = models.OneToOneField("ballots.Opinion", models.PROTECT, related_name="reading", verbose_name="意见建议")
    category = models.CharField("类别", max_length=20, blank=True)
    # Empty: as it was written. The original goes when the 小结 is filed.
    masked_text = models.TextField("隐去后的文字", blank=True, max_length=2000)
    # 「无」「没有意见」: written, and no opinion. It is received, and not counted.
    is_set_aside = models.BooleanField("不作为意见", default=False)
    # An opinion that says the same as another one is read with it; both count as received.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="alike", verbose_name="并入"
    )
    # 到位不到位、合理不合理、有效没有效 (seed S4-1; DOMAIN I-25); empty where it was not asked.
    is_in_place = models.CharField("到位不到位", max_length=3, choices=[("yes", "到位"), ("no", "不到位")], blank=True)
    is_reasonable = models.CharField(
        "合理不合理", max_length=3, choices=[("yes", "合理"), ("no", "不合理")], blank=True
    )
    is_effective = models.CharField("有效没有效", max_length=3, choices=[("yes", "有效"), ("no", "没有效")], blank=True)
    problem = models.ForeignKey(
        "reports.Problem", models.SET_NULL, null=True, blank=True, related_name="readings", verbose_name="台账问题"
    )
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="阅办人"
    )
    read_at = models.DateTimeField("阅办时间", default=timezone.now, editable=False)

    objects = OpinionReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意见阅办"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_set_aside=False) | Q(is_set_aside=True, merged_into=None, problem=None),
                name="opinion_set_aside_goes_nowhere",
                violation_error_message="不作为意见的，不能再并入其他意见或转入台账。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="opinion_not_merged_into_itself",
                violation_error_message="一条意见不能并入自己。",
            ),
            # Alike opinions go to the ledger once, with the opinion that stands for them.
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(problem=None),
                name="opinion_merged_goes_with_the_other",
                violation_error_message="已并入其他意见的，随那一条转入台账。",
            ),
            models.CheckConstraint(
                condition=Q(is_in_place__in=["", "yes", "no"])
                & Q(is_reasonable__in=["", "yes", "no"])
                & Q(is_effective__in=["", "yes", "no"]),
                name="opinion_answers_known",
            ),
        ]

    def __str__(self):
        return f"{self.category or '未分类'}：{self.shown_text[:20]}"

    @property
    def shown_text(self) -> str:
        return self.masked_text or self.opinion.text

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The answers to the three questions in words, those that were given."""
        answers = (self.get_is_in_place_display(), self.get_is_reasonable_display(), self.get_is_effective_display())
        return tuple(filter(None, answers))

    @property
    def revision(self) -> str:
        """Which state of the reading this is: another one after each deed; empty while nobody has read it."""
        return self.read_at.isoformat() if self.pk else ""

    def mark_read(self, *, by) -> None:
        """Note who read the opinion last; unsaved."""
        self.read_by, self.read_at = by, timezone.now()
