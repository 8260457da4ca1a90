"""Roles: which user does what over which part of the organization tree."""

from collections import defaultdict

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


def role_paths(user) -> dict[str, tuple[str, ...]]:
    """The paths of the organizations where a user has each kind of role, read once per request's user object.

    A superuser is administrator of everything (the empty path) and nothing else.
    """
    if not user.is_authenticated:
        return {}
    if not hasattr(user, "_role_paths"):
        paths = defaultdict(list)
        for kind, path in user.roles.values_list("kind", "organization__path"):
            paths[kind].append(path)
        if user.is_superuser:
            paths[Role.Kind.ADMINISTRATOR].append("")
        user._role_paths = {kind: tuple(found) for kind, found in paths.items()}
    return user._role_paths


def within_paths(paths, field="path") -> Q:
    """The condition that a path column lies in one of the subtrees."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__gte": path, f"{field}__lt": path + "z"}) if path else Q(pk__isnull=False)
    return condition


def visible_paths(user) -> set[str]:
    """Every subtree that a user has any role over."""
    return {path for found in role_paths(user).values() for path in found}
