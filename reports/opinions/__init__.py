"""Opinions after the seal: read, counted and printed."""

from .content import OpinionEntry, OpinionFigures, OpinionsContent, opinions_content

__all__ = ["OpinionEntry", "OpinionFigures", "OpinionsContent", "opinions_content"]
