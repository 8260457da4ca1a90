"""The 小结: sections that a secretary words around sections with figures, which the system words (DOMAIN A13)."""

from .composing import campaign_summary, poll_summary, summary_of
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
    "SummaryContent",
    "SummarySection",
    "campaign_summary",
    "field_names",
    "follow_up_of",
    "full_width",
    "has_stray_brace",
    "pieces",
    "poll_summary",
    "standard_texts",
    "summary_of",
]
