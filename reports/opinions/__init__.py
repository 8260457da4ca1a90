"""Opinions after the seal: read, counted and printed."""

from .content import OpinionEntry, OpinionFigures, OpinionsContent, opinions_content, read_entries_about

__all__ = ["OpinionEntry", "OpinionFigures", "OpinionsContent", "opinions_content", "read_entries_about"]
