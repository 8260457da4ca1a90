"""The work report of a branch in words: its step says whether it is there, the 小结 names it."""

from django.utils import timezone

from campaigns.models import Poll

from ..models import WorkReport
from ..wording import date_text


def work_report_of(poll: Poll) -> WorkReport | None:
    """The report of a poll's branch; None where none is there."""
    return WorkReport.objects.filter(poll=poll).select_related("handed_in_by").first()


def handed_in_day(report: WorkReport) -> str:
    """「2026年11月5日」."""
    return date_text(timezone.localdate(report.handed_in_at))


def work_report_sentence(poll: Poll) -> str:
    """「形成了支部工作报告（2026年11月5日提交）。」, empty where none is there."""
    report = work_report_of(poll)
    return f"形成了支部工作报告（{handed_in_day(report)}提交）。" if report else ""
