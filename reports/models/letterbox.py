"""背对背意见箱: a standing box of a unit, and the letters that anybody put in without a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ballots.models import random_key
from campaigns.models.reach import visible_paths, within_paths

from .announcement import new_token


class LetterboxQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), self.model.TO_PATH))


class Letterbox(models.Model):
    """A unit's box at an address that nobody can guess: open or shut, and always there for those who read replies."""

    TO_PATH = "organization__path"

    organization = models.OneToOneField(
        "campaigns.Organization", models.PROTECT, related_name="letterbox", verbose_name="党组织"
    )
    token = models.CharField("网页代码", max_length=40, unique=True, default=new_token, editable=False)
    is_open = models.BooleanField("收意见", default=True, editable=False)

    objects = LetterboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意见箱"

    def __str__(self):
        return f"{self.organization}的意见箱"


class Letter(models.Model):
    """An opinion from the box: its words, the day, and the digest of a code at which the reply can be read; nothing else."""

    TO_PATH = "letterbox__organization__path"

    id = models.BigAutoField(primary_key=True, default=random_key)
    letterbox = models.ForeignKey(Letterbox, models.PROTECT, related_name="letters", verbose_name="意见箱")
    text = models.TextField("内容")
    received_on = models.DateField("收到日期")
    receipt = models.BigIntegerField("回执码摘要", unique=True, editable=False)
    reply = models.TextField("答复", blank=True)
    replied_on = models.DateField("答复日期", null=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="答复人"
    )
    problem = models.ForeignKey(
        "reports.Problem", models.SET_NULL, null=True, editable=False, related_name="letters", verbose_name="台账问题"
    )
    # The opinion that it was brought into a campaign as.
    opinion = models.OneToOneField(
        "ballots.Opinion", models.SET_NULL, null=True, editable=False, related_name="letter", verbose_name="意见建议"
    )

    objects = LetterboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "来信"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="letter_not_empty"),
            models.CheckConstraint(
                condition=Q(reply="", replied_on=None, replied_by=None) | (~Q(reply="") & Q(replied_on__isnull=False)),
                name="letter_reply_dated",
            ),
        ]

    def __str__(self):
        return self.text[:20]
