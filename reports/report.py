"""One report: everything that its PDF, its Word file and its workbook print, so that they carry the same figures."""

from dataclasses import dataclass
from datetime import date

from .comments import CommentsContent, comments_content
from .commitments import CommitmentsContent, commitments_content
from .content import CampaignContent, PollContent, campaign_content, poll_content
from .ledger import LedgerContent, ledger_content
from .opinions import OpinionsContent, opinions_content
from .scope import Scope
from .summary import SummaryContent, campaign_summary, poll_summary


@dataclass(frozen=True)
class Report:
    """The report of one sealed poll (`poll`) or of a unit's part of a campaign (`campaign`)."""

    summary: SummaryContent
    poll: PollContent | None
    campaign: CampaignContent | None
    opinions: OpinionsContent
    ledger: LedgerContent
    comments: CommentsContent
    commitments: CommitmentsContent


def report_of(scope: Scope, *, today: date) -> Report:
    """The report as it stands now; raises results.NotSealed."""
    return Report(
        summary=poll_summary(scope.poll) if scope.poll else campaign_summary(scope.campaign, top=scope.organization),
        poll=poll_content(scope.poll) if scope.poll else None,
        campaign=None if scope.poll else campaign_content(scope.campaign, top=scope.organization),
        opinions=opinions_content(scope),
        ledger=ledger_content(scope, today=today),
        comments=comments_content(scope),
        commitments=commitments_content(scope),
    )
