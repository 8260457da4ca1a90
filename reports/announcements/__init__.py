"""The contents of a 公示, and its working days."""

from .content import (
    PERSONS_WARNING,
    STANDARD_WORKDAYS,
    AnnouncedFigure,
    AnnouncementContent,
    check_publishable,
    draft_content,
    few_warnings,
    is_about_a_person,
    objections_sentence,
    period_text,
    period_warnings,
    published_content,
    standard_announcement,
)

__all__ = [
    "PERSONS_WARNING",
    "STANDARD_WORKDAYS",
    "AnnouncedFigure",
    "AnnouncementContent",
    "check_publishable",
    "draft_content",
    "few_warnings",
    "is_about_a_person",
    "objections_sentence",
    "period_text",
    "period_warnings",
    "published_content",
    "standard_announcement",
]
