"""The tree of organizations."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.functional import cached_property

from .place import DEEPEST, STEP, ancestor_paths
from .reach import visible_paths, within_paths


class OrganizationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def within(self, organization):
        """The organization and everything below it."""
        return self.filter(within_paths([organization.path]))

    def are_all_within(self, paths) -> bool:
        """Whether no root, and so no organization, lies outside some subtrees: a count over a large table then joins nothing."""
        return not self.filter(parent=None).exclude(within_paths(paths)).exists()

    def with_member_count(self):
        """Adds member_count, which is counted for the rows alone that are shown."""
        counted = self.model._default_manager.filter(pk=OuterRef("pk")).order_by()
        counted = counted.values("pk").annotate(number=Count("members", filter=Q(members__is_active=True)))
        return self.annotate(member_count=Subquery(counted.values("number")))

    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user)))


class Organization(models.Model):
    """A node of the tree 党委 > 党总支 > 党支部 (and 党组, 机关部室, 窗口单位)."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "党委"
        GENERAL_BRANCH = "general_branch", "党总支"
        BRANCH = "branch", "党支部"
        GROUP = "group", "党组"
        OFFICE = "office", "机关部室"
        WINDOW = "window", "窗口单位"

    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级党组织"
    )
    # The zero-padded keys from the root down, digits only: a subtree is the range [path, path + "z") in every collation.
    path = models.CharField("路径", max_length=DEEPEST * STEP, unique=True, editable=False)
    is_active = models.BooleanField("在用", default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="organization_name_unique_below_parent",
                violation_error_message="同一上级之下已有同名的党组织。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(parent=None),
                name="organization_root_name_unique",
                violation_error_message="已有同名的最上级党组织。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["committee", "general_branch", "branch", "group", "office", "window"]),
                name="organization_kind_known",
                violation_error_message="类别只能是党委、党总支、党支部、党组、机关部室或窗口单位。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def depth(self) -> int:
        """0 for a root."""
        return len(self.path) // STEP - 1

    @property
    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to the organization itself."""
        return ancestor_paths(self.path)

    @cached_property
    def places(self) -> list[str]:
        """Its path and every one that it had before a move: whatever lay below it when it opened is below one of them."""
        return [self.path, *self.former_places.values_list("path", flat=True)]

    def contains(self, other: "Organization") -> bool:
        """Whether the other one is this one or lies below it."""
        return other.path.startswith(self.path)
