"""An office's own paper for its 小结."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class WordTemplate(models.Model):
    """A Word file of a unit with fields in braces; units below use it that have none of their own."""

    organization = models.OneToOneField(
        "campaigns.Organization", models.PROTECT, editable=False, related_name="word_template", verbose_name="党组织"
    )
    # A random name: nothing that a user wrote becomes a path.
    file_name = models.CharField("文件", max_length=40, unique=True, editable=False)
    size = models.PositiveIntegerField("字节数", editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="上传人"
    )
    put_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "Word模板"

    def __str__(self):
        return f"{self.organization}的Word模板"
