"""Draws a 小结 as a Word file that an office goes on writing in: real styles, the grid of GB/T 9704, the PDF's figures."""

from .summary import draw_summary_docx
from .template import draw_from_template, draw_sample_template

__all__ = ["draw_from_template", "draw_sample_template", "draw_summary_docx"]
