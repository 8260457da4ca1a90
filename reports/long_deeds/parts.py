"""The next part of each kind of long deed: it returns the sentence about the whole where it was the last one, and else nothing.

Only an opening has more than one: its polls may be opened one after another (README, Decision 89). Everything else is whole or
not there, and so in one transaction.
"""

from collections.abc import Callable

from ballots.actions import begin_open
from campaigns.actions import open_next_polls
from campaigns.models import LongDeed

Kind = LongDeed.Kind


def _open(deed: LongDeed) -> str:
    """Freeze everything in the first part, and open the next polls in each of the others."""
    campaign = deed.campaign
    if deed.total_count is None:
        leaving = begin_open(campaign, by=deed.asked_by, seen=deed.arguments["seen"])
        deed.arguments["leaving"] = leaving
        deed.save(update_fields=["arguments"])
        deed.total_count = campaign.polls.count() - len(leaving)
        return ""
    opened = open_next_polls(campaign, after=deed.position, leaving=deed.arguments["leaving"])
    deed.done_count += opened.count
    if opened.last is not None:
        deed.position = opened.last
        return ""
    left = campaign.polls.count() - deed.done_count
    rest = f"其余{left}个留在筹备，备好以后集中重新开启。" if left else ""
    return f"“{campaign}”已开启，{deed.done_count}个评议点票面已经固定，可以发票收票。{rest}"


PARTS: dict[str, Callable[[LongDeed], str]] = {
    Kind.OPEN: _open,
}

# The routes by which they are asked for, under which the trail has their end.
ROUTES: dict[str, str] = {
    Kind.OPEN: "ballots:campaign_open",
}
