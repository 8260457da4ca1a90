"""Members on the roster."""

from django.db import models
from django.db.models import Q

from .reach import visible_paths, within_paths


class MemberQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def visible_to(self, user):
        return self.filter(within_paths(visible_paths(user), "organization__path"))


class Member(models.Model):
    """A person on an organization's roster. No identity number, no telephone: nothing here needs them."""

    class Status(models.TextChoices):
        FULL = "full", "正式党员"
        PROBATIONARY = "probationary", "预备党员"

    class Post(models.TextChoices):
        SECRETARY = "secretary", "书记"
        DEPUTY = "deputy", "班子成员"
        CADRE = "cadre", "领导干部"
        MEMBER = "member", "普通党员"

    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, related_name="members", verbose_name="所在党组织"
    )
    name = models.CharField("姓名", max_length=50)
    status = models.CharField("党员状态", max_length=20, choices=Status.choices, default=Status.FULL)
    post = models.CharField("职务", max_length=20, choices=Post.choices, default=Post.MEMBER)
    is_active = models.BooleanField("在册", default=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员"
        ordering = ["organization__path", "pk"]
        # How many are on the rosters is read from the index alone.
        indexes = [models.Index(fields=["organization"], condition=Q(is_active=True), name="member_active")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="member_name_unique_in_organization",
                violation_error_message="该党组织已有同名党员；确系两人同名的，请加注区别，如“张伟（大）”“张伟（小）”。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["full", "probationary"]),
                name="member_status_known",
                violation_error_message="党员状态只能是正式党员或预备党员。",
            ),
            models.CheckConstraint(
                condition=Q(post__in=["secretary", "deputy", "cadre", "member"]),
                name="member_post_known",
                violation_error_message="职务只能是书记、班子成员、领导干部或普通党员。",
            ),
        ]

    def __str__(self):
        return self.name
