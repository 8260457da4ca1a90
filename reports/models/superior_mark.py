"""上级评价: the grades that a superior organization or leader gives a person openly, beside the ballots (S3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.reach import visible_paths, within_paths


class SuperiorMarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "target__poll__path"))


class SuperiorMark(models.Model):
    """The grades of one superior for one person, an open decision with who gave it; never a ballot."""

    target = models.ForeignKey(
        "campaigns.Target", models.PROTECT, related_name="superior_marks", verbose_name="评议对象"
    )
    marked_by = models.CharField("评价的上级党组织或者领导", max_length=50)
    marked_on = models.DateField("评价日期")
    # A grade's digit for each indicator of the frozen ballot, in its order.
    marks = models.CharField("等次", max_length=100, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = SuperiorMarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上级评价"
        ordering = ["target_id", "marked_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "marked_by"],
                name="superior_mark_once",
                violation_error_message="这个上级对这名同志已经登记过评价；登记错的，请删除后重新登记。",
            ),
            models.CheckConstraint(condition=~Q(marks=""), name="superior_mark_has_marks"),
        ]

    def __str__(self):
        return f"{self.marked_by}对{self.target}的评价"
