"""Deeds on the 小结: each save that changes something is kept as a version, a final copy as it was filed."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from ..models import Summary, SummaryVersion
from ..scope import Scope
from . import EDITABLE, follow_up_of, full_width, standard_texts


class Outdated(Exception):
    """Somebody saved after the page was opened; `version` is what they saved last."""

    def __init__(self, version: SummaryVersion | None):
        super().__init__(str(version))
        self.version = version


def save_summary(scope: Scope, texts: Mapping[str, str], *, by, seen: int | None = None) -> SummaryVersion | None:
    """Keep what a secretary worded as the next version; None where nothing changed.

    A section in standard wording is not stored, so that it follows the facts. `seen` is the number of the version that
    the secretary started from: raises Outdated where it is no longer the last.
    """
    standard = standard_texts(scope, follow_up_of(scope, today=timezone.localdate()))
    kept = {key: texts[key] for key in EDITABLE if key in texts and not _same(texts[key], standard[key])}
    with transaction.atomic():
        summary = locked_summary(scope, seen)
        if kept == summary.texts:
            return None
        summary.word(kept, by=by)
        return summary.keep(by=by)


def _same(text: str, standard: str) -> bool:
    """White space aside: a browser sends its own line breaks, and a form tidies spaces."""
    return _lines(text) == _lines(standard)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in full_width(text).splitlines() if line.strip()]


def restore_version(version: SummaryVersion, *, by) -> SummaryVersion | None:
    """Put the words of an earlier version in the place of those that stand; None where they are the same."""
    with transaction.atomic():
        summary = Summary.objects.select_for_update().get(pk=version.summary_id)
        if version.texts == summary.texts:
            return None
        summary.word(version.texts, by=by)
        return summary.keep(by=by)


def locked_summary(scope: Scope, seen: int | None) -> Summary:
    """The scope's row, made where there is none; one after the other gets it."""
    key = {"poll": scope.poll} if scope.poll else {"campaign": scope.campaign, "organization": scope.organization}
    row, _ = Summary.objects.get_or_create(**key, defaults={"path": scope.unit.path})
    summary = Summary.objects.select_for_update().get(pk=row.pk)
    if seen is not None and seen != summary.latest_number:
        raise Outdated(summary.versions.select_related("saved_by").defer("snapshot").first())
    return summary
