"""Words that somebody types into a form and has not saved."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT_DAYS = 14
MOST_FORMS = 40


class UnsavedTextQuerySet(models.QuerySet):
    def of(self, user, form: str):
        """The words of one user for one form: one row or none."""
        return self.filter(user=user, form=form)

    def keep(self, user, form: str, words: Mapping[str, str]) -> datetime:
        """Keep words in place of those kept before, and let go what is old or too much; returns when."""
        now = timezone.now()
        self.update_or_create(user=user, form=form, defaults={"words": dict(words), "kept_at": now})
        self.filter(kept_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
        latest = self.filter(user=user).order_by("-kept_at", "-pk").values("pk")[:MOST_FORMS]
        self.filter(user=user).exclude(pk__in=list(latest.values_list("pk", flat=True))).delete()
        return now

    def forget_quotations(self, texts: Iterable[str]) -> None:
        """Delete whatever quotes one of some texts, which nobody may read any more."""
        wanted = tuple(filter(None, texts))
        rows = self.values_list("pk", "words")
        quoting = [key for key, words in rows if any(text in typed for text in wanted for typed in words.values())]
        self.filter(pk__in=quoting).delete()


class UnsavedText(models.Model):
    """The words in one form of one user, kept while they are typed: gone when the form is saved, or after two weeks.

    Only its user sees it. It never holds words of ballots, and of opinions only what somebody copied into a form.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="unsaved_texts", verbose_name="账号"
    )
    # The address that the form is sent to, with its query.
    form = models.CharField("表单", max_length=200)
    # Words by the name of their field.
    words = models.JSONField("文字", default=dict)
    kept_at = models.DateTimeField("存下时间", default=timezone.now, editable=False)

    objects = UnsavedTextQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "未保存的文字"
        ordering = ["user_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form"],
                name="unsaved_text_unique",
                violation_error_message="这张表单的文字已经存过。",
            ),
        ]

    def __str__(self):
        return f"{self.form}（{len(self.words)}）"
