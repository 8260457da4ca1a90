"""The meanings of the columns of an office's own tables, remembered for the next table of the same shape."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .organization import Organization


class TableMappingQuerySet(models.QuerySet):
    def meaning(self, organization: Organization | None, shape: str) -> dict | None:
        """The meanings that an organization gave a table of this shape; None where nobody did."""
        return self.filter(organization=organization, shape=shape).values_list("meanings", flat=True).first()

    def remember(self, organization: Organization | None, shape: str, meanings: dict, *, by) -> None:
        """Keep what was said last."""
        said_now = {"meanings": meanings, "saved_by": by, "saved_at": timezone.now()}
        self.update_or_create(organization=organization, shape=shape, defaults=said_now)


class TableMapping(models.Model):
    """The meanings that somebody gave the columns and words of tables with one row of headings."""

    # Empty for tables that speak of several roots.
    organization = models.ForeignKey(
        "campaigns.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="table_mappings",
        verbose_name="党组织",
    )
    # The digest of the kind of table and of its headings in their order.
    shape = models.CharField("表头摘要", max_length=64)
    meanings = models.JSONField("对应关系")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间", default=timezone.now, editable=False)

    objects = TableMappingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "表头对应关系"
        ordering = ["organization_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "shape"],
                name="table_mapping_unique",
                violation_error_message="这种表头的对应关系已经保存过。",
            ),
            models.UniqueConstraint(
                fields=["shape"],
                condition=Q(organization=None),
                name="table_mapping_unique_without_organization",
                violation_error_message="这种表头的对应关系已经保存过。",
            ),
        ]

    def __str__(self):
        return f"{self.organization or '各党组织'}·{self.shape[:8]}"
