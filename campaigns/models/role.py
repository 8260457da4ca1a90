"""Roles: which user does what over which part of the organization tree."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Role(models.Model):
    """A user's part at an organization; it covers that organization's whole subtree."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", "党务干事"
        TELLER = "teller", "计票员"
        OFFICER = "officer", "上级党委人员"
        ADMINISTRATOR = "administrator", "系统管理员"

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
                condition=Q(kind__in=["secretary", "teller", "officer", "administrator"]),
                name="role_kind_known",
                violation_error_message="角色只能是党务干事、计票员、上级党委人员或系统管理员。",
            ),
        ]

    def __str__(self):
        return f"{self.user}：{self.organization}{self.get_kind_display()}"
