"""Public commitments."""

from django.db import models
from django.db.models import Q

from .reach import visible_paths, within_paths


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "organization__path"))

    def fulfilled(self):
        return self.filter(status=Commitment.Status.FULFILLED)

    def overdue(self, today):
        """Neither fulfilled nor given up although the day has passed."""
        return self.filter(status=Commitment.Status.ONGOING, due_on__lt=today)


class Commitment(models.Model):
    """A public promise of an organization or of one of its members, or a 实事好事."""

    class Kind(models.TextChoices):
        PROMISE = "promise", "公开承诺"
        DEED = "deed", "实事好事"

    class Status(models.TextChoices):
        ONGOING = "ongoing", "践诺中"
        FULFILLED = "fulfilled", "已兑现"
        UNFULFILLED = "unfulfilled", "未兑现"

    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="commitments", verbose_name="党组织"
    )
    member = models.ForeignKey(
        "campaigns.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="承诺人",
        help_text="党组织的承诺留空。",
    )
    kind = models.CharField("类型", max_length=20, choices=Kind.choices, default=Kind.PROMISE)
    content = models.CharField("承诺内容", max_length=300)
    due_on = models.DateField("完成时限", null=True, blank=True)
    status = models.CharField("兑现情况", max_length=20, choices=Status.choices, default=Status.ONGOING)
    fulfilled_on = models.DateField("兑现日期", null=True, blank=True)
    note = models.CharField("践诺情况", max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开承诺"
        # The organization's own first; PostgreSQL would put what has no member last.
        ordering = ["organization__path", models.F("member_id").asc(nulls_first=True), "pk"]
        # The counts of a whole tree are read from the index alone.
        indexes = [models.Index(fields=["status", "kind", "due_on"], name="commitment_counts")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "member", "content"],
                name="commitment_unique",
                violation_error_message="同一承诺人已有相同内容的承诺。",
            ),
            models.UniqueConstraint(
                fields=["organization", "content"],
                condition=Q(member=None),
                name="commitment_of_organization_unique",
                violation_error_message="该党组织已有相同内容的承诺。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["promise", "deed"]),
                name="commitment_kind_known",
                violation_error_message="类型只能是公开承诺或实事好事。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["ongoing", "fulfilled", "unfulfilled"]),
                name="commitment_status_known",
                violation_error_message="兑现情况只能是践诺中、已兑现或未兑现。",
            ),
            models.CheckConstraint(
                condition=Q(fulfilled_on=None) | Q(status="fulfilled"),
                name="commitment_dated_only_when_fulfilled",
                violation_error_message="只有已兑现的承诺才填兑现日期。",
            ),
        ]

    def __str__(self):
        return self.content

    def is_overdue(self, today) -> bool:
        return self.status == self.Status.ONGOING and self.due_on is not None and self.due_on < today
