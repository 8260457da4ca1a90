"""Rows that exist while ballots come in. Nothing leads from a ballot to a person: see DESIGN 6 before adding a field."""

import secrets

from django.db import models
from django.db.models import Q

from campaigns.models import Questionnaire

from .batch import Batch


def random_key() -> int:
    """A random positive 63-bit integer: as a primary key it leaves no arrival order, not even in SQLite's rowid."""
    return secrets.randbits(63) or 1


class Code(models.Model):
    """The right to cast one ballot of a batch; its key is the digest of the code, and the row is deleted when used."""

    digest = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="codes", verbose_name="票批")

    class Meta:
        verbose_name = verbose_name_plural = "选票码"


class Receipt(models.Model):
    """The digest of a submission's idempotency key, or of a screen ticket, so that neither counts twice; gone at sealing."""

    digest = models.BigAutoField(primary_key=True)
    poll = models.ForeignKey("campaigns.Poll", models.CASCADE, related_name="receipts", verbose_name="评议点")

    class Meta:
        verbose_name = verbose_name_plural = "回执"


class Ballot(models.Model):
    """The marks of one anonymous participant: a batch and the marks; nothing else, ever."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    # No way back from a batch: whoever holds one cannot reach its ballots.
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", verbose_name="票批")
    marks = models.TextField("票面")

    class Meta:
        verbose_name = verbose_name_plural = "评议票"


class Opinion(models.Model):
    """A free text about a target; not tied to a ballot, a batch or a time."""

    id = models.BigAutoField(primary_key=True, default=random_key)
    target = models.ForeignKey("campaigns.Target", models.PROTECT, related_name="opinions", verbose_name="评议对象")
    kind = models.CharField("类型", max_length=30, choices=Questionnaire.OpinionKind.choices)
    text = models.TextField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "意见建议"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["suggestion", "satisfied_deed", "dissatisfied_matter", "prominent_problem"]),
                name="opinion_kind_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="opinion_not_empty"),
        ]

    def __str__(self):
        return self.text[:20]
