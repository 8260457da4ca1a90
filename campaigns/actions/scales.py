"""Scales as rows: those of the library, made on first use, and those that offices make for themselves.

A row is never changed. Another scale is another row, so that what was counted on one keeps its grades.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import QuerySet

from .. import library
from ..library import LibraryGrade
from ..models import Campaign, Grade, Scale
from ..models.place import ancestor_paths

# A scale's key in the library, whether 不了解 was added, and its scores where they are an office's own.
UNKNOWN_SUFFIX, SCORES_MARK = "+unknown", "@"
DIGEST_LENGTH = 32


def scale_from_library(key: str, *, unknown: bool = False, scores: tuple[int | None, ...] = ()) -> Scale:
    """The scale of the library as rows; with 不了解 added it is a scale of its own.

    So is one with other scores than the library's, which its key names.
    """
    entry = library.scales()[key]
    own = tuple(grade.score for grade in entry.grades)
    scores = scores or own
    row_key = key + UNKNOWN_SUFFIX * unknown
    if scores != own:
        row_key += SCORES_MARK + "-".join(map(str, scores))
    graded = [replace(grade, score=score) for grade, score in zip(entry.grades, scores, strict=True)]
    outside = library.grades_of(key, unknown=unknown)[len(graded) :]
    return _rows(row_key, entry.name + ("（含不了解）" if unknown else ""), (*graded, *outside))


def own_scale(name: str, grades: Sequence[LibraryGrade]) -> Scale:
    """The scale of an office's own with these grades, best first; ValueError where they break a rule.

    Two that are alike in name and grades are one row.
    """
    if faults := library.scale_faults(grades):
        raise ValueError(faults[0].message)
    contents = json.dumps([name, [asdict(grade) for grade in grades]], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(contents.encode()).hexdigest()[:DIGEST_LENGTH]
    return _rows(Scale.OWN_PREFIX + digest, name, grades)


def own_scales_for(campaign: Campaign) -> QuerySet[Scale]:
    """The own scales that campaigns of the organizer, and of the organizations above it, have been given."""
    return own_scales_above(campaign.path)


def own_scales_above(path: str) -> QuerySet[Scale]:
    """The own scales that campaigns have been given at a place in the tree and above it."""
    paths = ancestor_paths(path)
    used = Scale.objects.filter(key__startswith=Scale.OWN_PREFIX, questionnaires__campaign__path__in=paths)
    return used.distinct().order_by("name", "pk").prefetch_related("grades")


def _rows(key: str, name: str, grades: Sequence[LibraryGrade]) -> Scale:
    with transaction.atomic():
        scale, created = Scale.objects.get_or_create(key=key, defaults={"name": name})
        if created:
            Grade.objects.bulk_create(
                Grade(scale=scale, position=position, **asdict(grade)) for position, grade in enumerate(grades, start=1)
            )
        return scale
