"""One report: everything that its PDF, its Word file and its workbook print, so that they carry the same figures."""

from collections.abc import Mapping
from datetime import date

from ..comments import comments_content
from ..commitments.content import commitments_content
from ..ledger.content import ledger_content
from ..models import SummaryVersion
from ..opinions import opinions_content
from ..scope import Scope
from ..summary import FollowUp, SummaryContent, summary_of
from ..tables.campaign import campaign_content
from ..tables.poll import poll_content
from .content import Report
from .snapshot import thaw, thaw_summary

__all__ = ["Report", "report_for_download", "report_of", "summary_for_download"]


def report_of(scope: Scope, *, today: date, texts: Mapping[str, str] | None = None) -> Report:
    """The report as it stands now, in its secretary's last words or in the given ones; raises results.NotSealed."""
    opinions, ledger = opinions_content(scope), ledger_content(scope, today=today)
    comments, commitments = comments_content(scope), commitments_content(scope)
    after = FollowUp(opinions.figures, ledger.figures, comments.figures, commitments.figures)
    return Report(
        summary=summary_of(scope, texts=texts, after=after),
        poll=poll_content(scope.poll) if scope.poll else None,
        campaign=None if scope.poll else campaign_content(scope.campaign, top=scope.organization),
        opinions=opinions,
        ledger=ledger,
        comments=comments,
        commitments=commitments,
    )


def report_for_download(scope: Scope, *, today: date, version: int | None = None, is_draft: bool = False) -> Report:
    """What files are drawn from: the last final copy as it was filed, or the report as it stands where none was.

    `version` asks for one version: a final one as filed, a draft's words with today's figures; one that is not there
    raises SummaryVersion.DoesNotExist. `is_draft` asks for the report as it stands whatever was filed.
    """
    if is_draft:
        return report_of(scope, today=today)
    found = _asked(scope, version)
    if found is None:
        return report_of(scope, today=today)
    # A final version has its figures (constraint summary_version_final_with_its_figures).
    if found.is_final and found.snapshot:
        return thaw(found.snapshot)
    return report_of(scope, today=today, texts=found.texts)


def summary_for_download(scope: Scope, *, version: int | None = None, is_draft: bool = False) -> SummaryContent:
    """The 小结 alone of what `report_for_download` gives: a company's other figures take twenty times as long."""
    found = None if is_draft else _asked(scope, version)
    if found is None:
        return summary_of(scope)
    if found.is_final and (filed := thaw_summary(SummaryVersion.objects.filter(pk=found.pk))):
        return filed
    return summary_of(scope, texts=found.texts)


def _asked(scope: Scope, version: int | None) -> SummaryVersion | None:
    """The version of that number, or the last final one; what was filed with it is read when it is asked for."""
    versions = SummaryVersion.objects.of(scope).defer("snapshot")
    return versions.get(number=version) if version is not None else versions.final().order_by("-number").first()
