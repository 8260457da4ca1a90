"""Summaries: the words that a secretary writes around the figures, and every version that was kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.place import DEEPEST, STEP
from campaigns.models.reach import visible_paths, within_paths
from campaigns.people import name_of


class SummaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user)))

    def of(self, scope):
        """The 小结 of one scope, if any."""
        if scope.poll:
            return self.filter(poll=scope.poll)
        return self.filter(campaign=scope.campaign, organization=scope.organization)


class Summary(models.Model):
    """The 小结 of one poll, or of one unit's part of a campaign with all below it; figures come from the tally."""

    # Words that were copied before the opening go with a poll that is dropped; what was opened is never deleted.
    poll = models.OneToOneField(
        "campaigns.Poll", models.CASCADE, null=True, blank=True, related_name="summary", verbose_name="评议点"
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, null=True, blank=True, related_name="summaries", verbose_name="评议活动"
    )
    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, null=True, blank=True, related_name="summaries", verbose_name="单位"
    )
    # Where the results lie in the campaign's tree, for whoever may see them.
    path = models.CharField("路径", max_length=DEEPEST * STEP, db_index=True, editable=False)
    # Section key → text as edited; a section that is not here has its standard wording.
    texts = models.JSONField("文字", default=dict)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="修改人"
    )
    edited_at = models.DateTimeField("修改时间", default=timezone.now, editable=False)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "小结"
        constraints = [
            models.CheckConstraint(
                condition=Q(poll__isnull=False, campaign=None, organization=None)
                | Q(poll=None, campaign__isnull=False, organization__isnull=False),
                name="summary_of_a_poll_or_of_a_unit",
            ),
            models.UniqueConstraint(fields=["campaign", "organization"], name="summary_of_a_unit_unique"),
        ]

    def __str__(self):
        return f"{self.poll or self.organization}小结"

    @property
    def latest_number(self) -> int:
        """The number of the newest version; 0 before the first."""
        newest = self.versions.order_by("-number").values_list("number", flat=True).first()
        return newest or 0

    def word(self, texts: dict[str, str], *, by) -> None:
        """Put other words in the place of those that stand."""
        self.texts = texts
        self.edited_by = by
        self.edited_at = timezone.now()
        self.save()

    def keep(self, *, by, snapshot: dict | None = None) -> "SummaryVersion":
        """Keep the words as the next version; with a snapshot as a final copy. The row is locked by the caller."""
        return self.versions.create(
            number=self.latest_number + 1,
            is_final=snapshot is not None,
            texts=self.texts,
            snapshot=snapshot,
            saved_by=by,
        )


class SummaryVersionQuerySet(models.QuerySet):
    def of(self, scope):
        """The versions of one scope's 小结."""
        if scope.poll:
            return self.filter(summary__poll=scope.poll)
        return self.filter(summary__campaign=scope.campaign, summary__organization=scope.organization)

    def final(self):
        return self.filter(is_final=True)


class SummaryVersion(models.Model):
    """A version of a 小结 as it was kept: a draft's words, or a final copy with its snapshot of figures."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="versions", verbose_name="小结")
    number = models.PositiveIntegerField("版本")
    is_final = models.BooleanField("定稿", default=False)
    texts = models.JSONField("文字", default=dict)
    # The whole report as it was filed (`reports.report.Report` as JSON); only final copies have it.
    snapshot = models.JSONField("定稿内容", null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间", default=timezone.now, editable=False)

    objects = SummaryVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "小结版本"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["summary", "number"], name="summary_version_number_unique"),
            models.CheckConstraint(
                condition=Q(is_final=True, snapshot__isnull=False) | Q(is_final=False, snapshot=None),
                name="summary_version_final_with_its_figures",
            ),
        ]

    def __str__(self):
        return f"{self.summary}第{self.number}稿"

    @property
    def author(self) -> str:
        """Who saved it; an account may be gone."""
        return name_of(self.saved_by)
