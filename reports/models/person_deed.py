"""Deeds with the data of a person on the roster, each with who did it and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.people import name_of


class PersonDeed(models.Model):
    """A line about a person's data: handed over, corrected or deleted, by whom, when and why; never the data itself.

    After a deletion nothing in it leads to the person: the unit, the kinds and the numbers stay.
    """

    class Kind(models.TextChoices):
        HANDED = "handed", "提供本人"
        CORRECTED = "corrected", "更正"
        DELETED = "deleted", "删除"

    organization = models.ForeignKey(
        "campaigns.Organization", models.CASCADE, related_name="person_deeds", verbose_name="党组织"
    )
    member = models.ForeignKey(
        "campaigns.Member", models.SET_NULL, null=True, editable=False, related_name="person_deeds", verbose_name="党员"
    )
    kind = models.CharField("事项", max_length=20, choices=Kind.choices, editable=False)
    # Kinds and numbers: 「姓名、职务」, 「自评2份、出席3次」.
    detail = models.CharField("种类和数量", max_length=300, blank=True, editable=False)
    reason = models.CharField("事由", max_length=200)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="办理人"
    )
    done_at = models.DateTimeField("时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "个人资料办理记录"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["handed", "corrected", "deleted"]), name="person_deed_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="person_deed_has_a_reason", violation_error_message="请写明事由。"
            ),
            models.CheckConstraint(
                condition=~Q(kind="deleted") | Q(member=None), name="person_deed_forgets_the_deleted"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.detail}"

    @property
    def who(self) -> str:
        return name_of(self.done_by)
