"""Everything that the files of one report print."""

from dataclasses import dataclass

from ..comments import CommentsContent
from ..commitments.content import CommitmentsContent
from ..ledger.content import LedgerContent
from ..opinions import OpinionsContent
from ..summary import SummaryContent
from ..tables.campaign import CampaignContent
from ..tables.poll import PollContent


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
