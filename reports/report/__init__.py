"""A report: everything that its files print, as it stands or as it was filed."""

from .content import Report
from .making import (
    content_of_announcement,
    content_of_poll,
    content_of_unit,
    crossings_among,
    report_for_download,
    report_of,
    summary_for_download,
    summary_of,
)

__all__ = [
    "Report",
    "content_of_announcement",
    "content_of_poll",
    "content_of_unit",
    "crossings_among",
    "report_for_download",
    "report_of",
    "summary_for_download",
    "summary_of",
]
