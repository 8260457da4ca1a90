"""The history of the roster: what was done to a unit, and where a member was transferred from and to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..people import name_of


class Deed(models.Model):
    """A dated change with who recorded it when; rows are written once and stay."""

    on = models.DateField("日期", default=timezone.localdate)
    basis = models.CharField("依据", max_length=200, blank=True, help_text="如：某委组〔2026〕3号。")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        abstract = True

    @property
    def recorded_by(self) -> str:
        return name_of(self.by)


class OrganizationChange(Deed):
    """A change of a unit's name, place or use; `before` and `after` are names, of a place from the root down."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", "更名"
        MOVED = "moved", "调整隶属"
        MERGED = "merged", "并入"
        RECEIVED = "received", "接收并入"
        DEACTIVATED = "deactivated", "停用"
        ACTIVATED = "activated", "恢复使用"

    organization = models.ForeignKey(
        "campaigns.Organization", models.CASCADE, related_name="changes", verbose_name="党组织"
    )
    kind = models.CharField("事项", max_length=20, choices=Kind.choices)
    before = models.TextField("原来", blank=True)
    after = models.TextField("后来", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "党组织沿革"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["renamed", "moved", "merged", "received", "deactivated", "activated"]),
                name="organization_change_kind_known",
            )
        ]

    def __str__(self):
        return f"{self.organization}{self.what}"

    @property
    def what(self) -> str:
        return self.get_kind_display()


class MemberTransfer(Deed):
    """A member's transfer to another unit (转接); the units' names are those of the day, from the root down."""

    member = models.ForeignKey("campaigns.Member", models.CASCADE, related_name="transfers", verbose_name="党员")
    source = models.ForeignKey(
        "campaigns.Organization", models.SET_NULL, null=True, related_name="+", verbose_name="转出单位"
    )
    before = models.TextField("转出单位名称")
    destination = models.ForeignKey(
        "campaigns.Organization", models.SET_NULL, null=True, related_name="+", verbose_name="转入单位"
    )
    after = models.TextField("转入单位名称")

    class Meta:
        verbose_name = verbose_name_plural = "党员转接"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.member}：{self.before}→{self.after}"

    @property
    def what(self) -> str:
        return "转接"
