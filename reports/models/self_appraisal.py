"""Self-appraisals of members (自评): signed texts, which have nothing to do with ballots."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths


class SelfAppraisalQuerySet(models.QuerySet["SelfAppraisal"]):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "poll__path"))


class SelfAppraisal(models.Model):
    """A member's own words in one appraisal, signed by the member or entered by the secretary; a later one takes its place."""

    class Kind(models.TextChoices):
        JPEG = "jpg", "JPEG图片"
        PNG = "png", "PNG图片"
        PDF = "pdf", "PDF"

    poll = models.ForeignKey("campaigns.Poll", models.PROTECT, related_name="self_appraisals", verbose_name="评议点")
    member = models.ForeignKey("campaigns.Member", models.PROTECT, related_name="self_appraisals", verbose_name="党员")
    number = models.PositiveSmallIntegerField("次序", editable=False)
    text = models.TextField("自评", max_length=3000, blank=True)
    # A random name: nothing that a user wrote becomes a path; empty without a file.
    file_name = models.CharField("附件", max_length=40, blank=True, editable=False)
    kind = models.CharField("格式", max_length=10, choices=Kind.choices, blank=True, editable=False)
    size = models.PositiveIntegerField("字节数", default=0, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    is_by_member = models.BooleanField("本人提交", editable=False)
    # The secretary who entered it; None where the member did it with their own link.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("提交时间", default=timezone.now, editable=False)

    objects = SelfAppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自评"
        ordering = ["poll_id", "member_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "member", "number"], name="self_appraisal_number_unique"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(file_name=""),
                name="self_appraisal_says_something",
                violation_error_message="请填写自评，或者上传附件。",
            ),
            models.CheckConstraint(
                condition=Q(file_name="", kind="", sha256="", size=0)
                | (~Q(file_name="") & Q(kind__in=["jpg", "png", "pdf"], size__gt=0)),
                name="self_appraisal_file_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_by_member=False) | Q(recorded_by=None), name="self_appraisal_by_the_member_alone"
            ),
        ]

    def __str__(self):
        return f"{self.member}的自评"


class SelfAppraisalLink(models.Model):
    """A member's right to write their self-appraisal once without an account; only a digest of the link is kept."""

    poll = models.ForeignKey("campaigns.Poll", models.CASCADE, related_name="+", verbose_name="评议点")
    member = models.ForeignKey("campaigns.Member", models.CASCADE, related_name="+", verbose_name="党员")
    digest = models.CharField("摘要", max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="生成人"
    )
    made_at = models.DateTimeField("生成时间", default=timezone.now, editable=False)
    # When it was used or revoked; until then it is open.
    ended_at = models.DateTimeField("失效时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "自评链接"
        ordering = ["poll_id", "member_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "member"], condition=Q(ended_at=None), name="self_appraisal_link_one_open"
            )
        ]

    def __str__(self):
        return f"{self.member}的自评链接"
