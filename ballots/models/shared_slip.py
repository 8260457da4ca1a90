"""The tie between the forms that are handed out together at one meeting."""

from django.db import models

# As many titles as a slip has room for.
MOST_FORMS = 4


class SharedSlip(models.Model):
    """Batches of several polls of a unit, one slip of which admits to a ballot of each (组织评议票、党员评议票 of seed S4-1).

    It says that the batches belong together, and nothing more: no code, receipt or ballot of one leads to another's.
    """

    class Meta:
        verbose_name = verbose_name_plural = "同票"
