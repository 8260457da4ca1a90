"""The right of another program to read results."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.states import move


class ApiTokenQuerySet(models.QuerySet):
    def live(self, day: date):
        """Tokens that still let in on a day: neither revoked nor over."""
        return self.filter(revoked_at=None, expires_on__gte=day)


class ApiToken(models.Model):
    """A program's right to read a unit's results, for as long as whoever made it may read them; kept as a digest."""

    organization = models.ForeignKey(
        "campaigns.Organization", models.PROTECT, editable=False, related_name="api_tokens", verbose_name="党组织"
    )
    name = models.CharField("用途", max_length=60, help_text="哪个程序用，如：局党建平台。")
    digest = models.CharField("摘要", max_length=64, unique=True, editable=False)
    expires_on = models.DateField("有效期至", help_text="到这一天为止，至多两年。")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name="生成人"
    )
    made_at = models.DateTimeField("生成时间", default=timezone.now, editable=False)
    # A day, so that nobody's habits can be read from it.
    last_used_on = models.DateField("最近使用", null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="作废人"
    )
    revoked_at = models.DateTimeField("作废时间", null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(revoked_at=None),
                name="api_token_name_unique",
                violation_error_message="这个单位已有同名的令牌，请换一个名称，或者先作废那一个。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None) | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="api_token_revoked_by_somebody",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def state(self) -> str:
        """「有效」, or why it lets nobody in."""
        if self.revoked_at:
            return "已作废"
        return "有效" if timezone.localdate() <= self.expires_on else "已过期"

    def revoke(self, *, by) -> bool:
        """End it for good; whether it was there to be ended."""
        return move(self, Q(revoked_at=None), revoked_by=by, revoked_at=timezone.now())
