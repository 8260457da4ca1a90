"""Deeds on reports, a file a noun."""

from .findings import decide_finding
from .scores import choose_score, count_excellent
from .summary import save_summary

__all__ = ["choose_score", "count_excellent", "decide_finding", "save_summary"]
