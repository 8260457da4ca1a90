"""The only table of a bare application, to measure against."""

from django.db import models


class StoredLine(models.Model):
    """As much as a ballot holds."""

    batch = models.BigIntegerField()
    marks = models.TextField()

    def __str__(self):
        return self.marks
