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
from .extras import chosen_parts, extra_choices, further_results
from .paging import FIRST_PAGES, AskedPage, ShownNotice, shown_groups, shown_lists, shown_notice
from .shape import AnnouncedFigure, AnnouncementContent
from .tables import PlaceResults, result_choices

__all__ = [
    "FIRST_PAGES",
    "PERSONS_WARNING",
    "STANDARD_WORKDAYS",
    "AnnouncedFigure",
    "AnnouncementContent",
    "AskedPage",
    "PlaceResults",
    "ShownNotice",
    "check_publishable",
    "chosen_parts",
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
    "shown_groups",
    "shown_lists",
    "shown_notice",
    "standard_announcement",
]
