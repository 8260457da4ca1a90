"""The second factor of an account, a device that shows codes, and the codes for the day on which it is lost."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SecondFactor(models.Model):
    """A device that shows codes for an account; one without a row signs in with the password alone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="second_factor", verbose_name="账号"
    )
    # Locked with the secret key.
    locked_secret = models.TextField("密钥", editable=False)
    # The step of time whose code was taken last: neither it nor an earlier one is taken again.
    last_step = models.BigIntegerField("用过的时段", default=0, editable=False)
    added_at = models.DateTimeField("启用时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "两步验证"

    def __str__(self):
        return f"{self.user}"


class RecoveryCode(models.Model):
    """The digest of a code that signs in once without the device; it goes when it is used."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", verbose_name="两步验证")
    sha256 = models.CharField("摘要", max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.factor}"
