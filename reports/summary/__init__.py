"""The 小结: sections that a secretary words around sections with figures, which the system words (DOMAIN A13)."""

from .composing import PlannedUnits, Words, poll_summary, unit_summary
from .follow_up import FollowUp, follow_up_of
from .shape import EDITABLE, HEADINGS, MAX_SECTION_LENGTH, Doubt, Piece, SummaryContent, SummarySection
from .standard import standard_texts
from .text import field_names, full_width, has_stray_brace, pieces

__all__ = [
    "EDITABLE",
    "HEADINGS",
    "MAX_SECTION_LENGTH",
    "Doubt",
    "FollowUp",
    "Piece",
    "PlannedUnits",
    "SummaryContent",
    "SummarySection",
    "Words",
    "field_names",
    "follow_up_of",
    "full_width",
    "has_stray_brace",
    "pieces",
    "poll_summary",
    "standard_texts",
    "unit_summary",
]
