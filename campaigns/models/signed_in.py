"""The places where an account is signed in, as its owner reads them."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SignedInQuerySet(models.QuerySet):
    def of(self, account):
        return self.filter(user=account)


class SignedIn(models.Model):
    """A session of an account: since when, when it was last used, and in which kind of browser. No address is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="signed_in", editable=False, verbose_name="账号"
    )
    # The key of the session, which ends when its row in Django's table goes.
    session_key = models.CharField("会话", max_length=40, unique=True, editable=False)
    browser = models.CharField("浏览器", max_length=50, blank=True, editable=False)
    begun_at = models.DateTimeField("登录时间", default=timezone.now, editable=False)
    used_at = models.DateTimeField("最近使用", default=timezone.now, editable=False)

    objects = SignedInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登录的设备"
        ordering = ["-used_at", "-pk"]

    def __str__(self):
        return f"{self.user} {self.browser}"
