"""Places in the tree of organizations: where a campaign or a poll was when it opened, and where a unit was before it moved.

A path is made of the keys of the units from the root down, so that a path which a unit has left is never another's.
"""

from django.db import models

STEP = 8  # digits that one level adds to a path
DEEPEST = 15  # levels, the root among them


def ancestor_paths(path: str) -> list[str]:
    """The paths from the root down to the one given."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


class Placed(models.Model):
    """A row about one unit of the tree that keeps the unit's place as it was when the campaign opened (DESIGN 5).

    Until then the path follows the unit. Renamed, moved, merged or closed units later change nothing that was opened.
    """

    path = models.CharField("路径", max_length=DEEPEST * STEP, db_index=True, editable=False)
    # The names from the root down to the unit; empty until the opening keeps them.
    names = models.JSONField("所在位置", default=list, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding and not self.path:
            self.path = self.placed_unit.path
        super().save(*args, **kwargs)

    @property
    def placed_unit(self):
        """The organization whose place it is."""
        raise NotImplementedError

    @property
    def unit_name(self) -> str:
        """The unit's name, once opened the one that it had then."""
        return self.names[-1] if self.names else self.placed_unit.name


class FormerPlace(models.Model):
    """A path that an organization had before it, or a unit above it, was moved."""

    organization = models.ForeignKey("campaigns.Organization", models.CASCADE, related_name="former_places")
    path = models.CharField("路径", max_length=DEEPEST * STEP)

    class Meta:
        verbose_name = verbose_name_plural = "原路径"
        ordering = ["organization_id", "path"]
        constraints = [models.UniqueConstraint(fields=["organization", "path"], name="former_place_unique")]

    def __str__(self):
        return self.path
