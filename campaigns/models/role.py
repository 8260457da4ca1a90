"""Roles: which user does what over which part of the organization tree."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class Role(models.Model):
    """A user's part at an organization; it covers that organization's whole subtree."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", "党务干事"
        TELLER = "teller", "计票员"
        OFFICER = "officer", "上级党委人员"
        ADMINISTRATOR = "administrator", "系统管理员"
        AUDITOR = "auditor", "审计员"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles", verbose_name="用户")
    organization = models.ForeignKey(
        "campaigns.Organization", models.CASCADE, related_name="roles", verbose_name="党组织"
    )
    kind = models.CharField("角色", max_length=20, choices=Kind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "角色"
        ordering = ["organization__path", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "kind"],
                name="role_unique",
                violation_error_message="该用户在这个党组织已有同样的角色。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["secretary", "teller", "officer", "administrator", "auditor"]),
                name="role_kind_known",
                violation_error_message="角色只能是党务干事、计票员、上级党委人员、系统管理员或审计员。",
            ),
        ]

    def __str__(self):
        return f"{self.user}：{self.organization}{self.get_kind_display()}"

    def clean(self):
        """Whoever reads the trail of a unit does nothing there that is in it: no secretary or administrator over any of it."""
        super().clean()
        if self.user_id is None or self.organization_id is None:
            return
        if self.kind == self.Kind.AUDITOR and self.user.is_superuser:
            raise ValidationError("超级管理员不能兼任审计员。")
        opposed = AUDITED if self.kind == self.Kind.AUDITOR else (self.Kind.AUDITOR,) if self.kind in AUDITED else ()
        for role in Role.objects.filter(user=self.user, kind__in=opposed).select_related("organization"):
            if overlap(role.organization.path, self.organization.path):
                raise ValidationError(
                    f"{AUDITED_APART}这个账号已是“{role.organization}”的{role.get_kind_display()}，请用另一个账号。"
                )


# The roles whose deeds an auditor reads above all.
AUDITED = (Role.Kind.SECRETARY, Role.Kind.ADMINISTRATOR)
AUDITED_APART = "同一单位（连同上下级）的审计员，不能同时是党务干事或系统管理员。"


def overlap(path: str, further: str) -> bool:
    """Whether one of two subtrees lies in the other."""
    return path.startswith(further) or further.startswith(path)
