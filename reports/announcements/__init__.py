"""The contents of a 公示, and its working days."""

from .content import (
    PERSONS_WARNING,
    STANDARD_WORKDAYS,
    check_publishable,
    draft_content,
    draft_warnings,
    few_warnings,
    objections_sentence,
    period_text,
    period_warnings,
    published_content,
    standard_announcement,
)
from .extras import extra_choices, further_results
from .shape import AnnouncedFigure, AnnouncementContent
from .tables import PlaceResults, result_choices

__all__ = [
    "PERSONS_WARNING",
    "STANDARD_WORKDAYS",
    "AnnouncedFigure",
    "AnnouncementContent",
    "PlaceResults",
    "check_publishable",
    "draft_content",
    "draft_warnings",
    "extra_choices",
    "few_warnings",
    "further_results",
    "objections_sentence",
    "period_text",
    "period_warnings",
    "published_content",
    "result_choices",
    "standard_announcement",
]
