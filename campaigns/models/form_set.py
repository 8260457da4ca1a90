"""Sets of forms that a committee hands down to its units (「统一制定的规范表格」)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .organization import Organization
from .place import ancestor_paths
from .reach import visible_paths, within_paths


class FormSetQuerySet(models.QuerySet):
    def handed_to(self, organization: Organization) -> "FormSetQuerySet":
        """The sets that an organization may use: its own, and those of the organizations above it."""
        return self.filter(organization__path__in=ancestor_paths(organization.path))

    def visible_to(self, user) -> "FormSetQuerySet":
        """The sets of the units that the user has a role over, and of all above them."""
        paths = visible_paths(user)
        above = {upper for path in paths for upper in ancestor_paths(path)}
        within = within_paths(paths, "organization__path")
        return self.filter(within | models.Q(organization__path__in=above))


class FormSet(models.Model):
    """Questionnaires with their scales, thresholds and a pattern of appraisal, as an organization handed them down.

    A row is never changed, so that a unit sees against what its own forms are compared; another edition is another row.
    """

    organization = models.ForeignKey(
        "campaigns.Organization", models.CASCADE, related_name="form_sets", verbose_name="下发单位"
    )
    title = models.CharField("名称", max_length=100)
    note = models.CharField("说明", max_length=300, blank=True)
    # The file `pingyi-library/1` that it is handed on as.
    contents = models.JSONField("内容")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="下发人"
    )
    issued_at = models.DateTimeField("下发时间", default=timezone.now, editable=False)

    objects = FormSetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规范表格"
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "title"],
                name="form_set_title_unique",
                violation_error_message="该单位已有同名的规范表格；内容有变动的，换一个名称，如加上年份。",
            )
        ]

    def __str__(self):
        return self.title
