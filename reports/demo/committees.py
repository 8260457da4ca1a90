"""What follows the count in the township (S2) and in the company (S4-1)."""

from itertools import cycle

from ballots.demo import texts as written
from ballots.demo.stage import Stage
from ballots.models import Opinion
from campaigns.models import Campaign, Member, Organization, Poll

from ..scope import Scope
from . import cases, texts
from .commenting import comment_on, leaders
from .desk import merge, sort_opinions
from .publishing import file, write
from .rectifying import play

# S2: of 28 branches two were not commented on.
COMMENTED_BRANCHES = 26
# Of the company's 412 units.
UNCOMMENTED_UNITS = 9


def township(stage: Stage, root: Organization) -> None:
    """S2: 10 problems with 12 measures, 9 of them done; 26 of 28 branches commented on; the 小结 is filed."""
    campaign = Campaign.objects.get(organizer=root)
    polls = _polls(campaign)
    for poll in polls:
        sort_opinions(stage, poll)
    by_name = {poll.organization.name.removesuffix("党支部"): poll for poll in polls}
    merge(stage, by_name["上河村"], written.ALIKE_IN_VILLAGE)
    for place, case in cases.OF_THE_TOWNSHIP:
        play(stage, by_name[place], case)
    units = [poll.organization for poll in polls]
    secretaries = Member.objects.filter(organization__in=units[:8], post=Member.Post.SECRETARY)
    comment_on(
        stage,
        campaign,
        units[:COMMENTED_BRANCHES],
        members=secretaries.select_related("organization"),
        by=leaders(stage, ["乡党委书记", "乡党委副书记、乡长", "乡党委副书记", "乡纪委书记", "组织委员"]),
        days_ago=32,
    )
    scope = Scope(campaign, root)
    write(stage, scope, texts.SUMMARY_OF_THE_TOWNSHIP, signed=28)
    file(stage, scope)


def company(stage: Stage, root: Organization) -> None:
    """S4-1: a ledger in every state, nearly all units commented on, opinions half read; the 小结 is a draft."""
    campaign = Campaign.objects.get(organizer=root)
    polls = _polls(campaign)
    asked = set(Opinion.objects.filter(target__poll__in=polls).values_list("target__poll", flat=True))
    for poll in polls:
        if poll.pk in asked:
            sort_opinions(stage, poll, share=70)
    # Far apart in the tree: of each kind of unit some.
    chosen = polls[:: len(polls) // cases.COMPANY_PROBLEMS][: cases.COMPANY_PROBLEMS]
    for poll, case in zip(chosen, cycle(cases.OF_THE_COMPANY), strict=False):
        play(stage, poll, case)
    units = [poll.organization for poll in polls]
    comment_on(
        stage,
        campaign,
        units[:-UNCOMMENTED_UNITS],
        by=leaders(stage, ["公司党委书记", "公司党委副书记", "纪委书记", "工会主席", "组织部部长"]),
        days_ago=19,
        followed_up=40,
    )
    write(stage, Scope(campaign, root), texts.SUMMARY_OF_THE_COMPANY, signed=8)


def _polls(campaign: Campaign) -> list[Poll]:
    """In tree order."""
    return list(campaign.polls.select_related("campaign", "organization").defer("form"))
