"""A report: everything that its files print, as it stands or as it was filed."""

from .making import Report, report_for_download, report_of, summary_for_download

__all__ = ["Report", "report_for_download", "report_of", "summary_for_download"]
