"""What follows the count in the small units (S0-1, S0-4, S0-5 and a community of three quarters)."""

from ballots.demo import texts as written
from ballots.demo.stage import Stage
from campaigns.models import Campaign, Organization, Poll

from ..findings import crossings_of
from ..findings.actions import decide_finding, register_finding
from ..models import Announcement, Finding
from ..results.poll import all_results
from ..scope import Scope
from . import cases, texts
from .commenting import comment_on, leaders
from .desk import merge, sort_opinions
from .publishing import announce, file, object_to, write
from .rectifying import play


def report_draft(stage: Stage, root: Organization) -> None:
    """S0-1: every opinion read, 修改意见 7 and 其他意见 15; the 小结 is a draft."""
    poll = Poll.objects.select_related("campaign", "organization").get(organization=root)
    sort_opinions(stage, poll, category_of=texts.category_beside_a_draft)
    merge(stage, poll, written.ALIKE_IN_OFFICE)
    for case in cases.OF_THE_REPORT:
        play(stage, poll, case)
    write(stage, Scope.of_poll(poll), texts.SUMMARY_OF_THE_REPORT, signed=52)


def college(stage: Stage, root: Organization) -> None:
    """S0-4: the 小结 is filed, the result is on display."""
    poll = Poll.objects.select_related("campaign", "organization").get(organization=root)
    sort_opinions(stage, poll)
    for case in cases.OF_THE_COLLEGE:
        play(stage, poll, case)
    write(stage, Scope.of_poll(poll), texts.SUMMARY_OF_THE_COLLEGE, signed=44)
    file(stage, Scope.of_poll(poll))
    notice = announce(
        stage,
        poll,
        days_ago=0,
        audience=Announcement.Audience.PUBLIC,
        place="学院一楼公开栏",
        office="学院党总支办公室",
        phone="0000-0000001",
        has_problems=True,
    )
    object_to(stage, notice, text="意见建议的办理情况没有逐条列出，希望一并公布。")


def branch(stage: Stage, root: Organization) -> None:
    """S0-5: the first half-year's 小结 is filed; its notice is over, and what was objected is answered."""
    poll = Poll.objects.sealed().select_related("campaign", "organization").get(organization=root)
    sort_opinions(stage, poll)
    (superior,) = leaders(stage, ["县直机关党工委副书记"])
    comment_on(stage, poll.campaign, [root], by=[superior], days_ago=169, followed_up=100)
    comment_on(
        stage,
        poll.campaign,
        [],
        members=root.members.exclude(post="secretary").select_related("organization")[:3],
        by=leaders(stage, ["支部书记"]),
        days_ago=166,
    )
    for case in cases.OF_THE_BRANCH:
        play(stage, poll, case)
    write(stage, Scope.of_poll(poll), texts.SUMMARY_OF_THE_BRANCH, signed=168)
    file(stage, Scope.of_poll(poll))
    notice = announce(
        stage,
        poll,
        days_ago=165,
        audience=Announcement.Audience.PRINT,
        place="管委会一楼公开栏",
        office="管委会党支部",
        phone="0000-0000002",
        # What was said of single members hangs on no wall.
        target_ids=list(poll.targets.filter(member=None).values_list("pk", flat=True)),
    )
    object_to(stage, notice, **texts.OBJECTION)


def community(stage: Stage, root: Organization) -> None:
    """Three quarters: what crossed the threshold was decided, put right and voted on; the last one waits."""
    campaigns = list(Campaign.objects.filter(organizer=root, polls__state=Poll.State.SEALED).distinct().order_by("pk"))
    for campaign in campaigns[:-1]:
        for poll in _polls(campaign):
            sort_opinions(stage, poll)
    for poll in _polls(campaigns[-1]):
        sort_opinions(stage, poll, share=50)
    _decide(stage, campaigns[0], Finding.State.CONFIRMED, texts.CONFIRMED)
    _decide(stage, campaigns[1], Finding.State.DISMISSED, texts.DISMISSED)
    for campaign, days_ago in zip(campaigns, (249, 157, 65), strict=True):
        units = [poll.organization for poll in _polls(campaign)]
        by = leaders(stage, ["街道党工委书记", "社区党委书记"])
        comment_on(stage, campaign, units[: 2 if campaign is campaigns[-1] else 3], by=by, days_ago=days_ago)


def _polls(campaign: Campaign) -> list[Poll]:
    return list(campaign.polls.select_related("campaign", "organization"))


def _decide(stage: Stage, campaign: Campaign, state: str, reason: str) -> None:
    """Decide what crossed a threshold; what is confirmed goes to the ledger."""
    polls = {poll.pk: poll for poll in _polls(campaign)}
    for crossing in crossings_of(all_results(campaign.polls.all())):
        decide_finding(crossing, state=state, by=stage.secretary, reason=reason)
        if state == Finding.State.CONFIRMED:
            poll = polls[crossing.poll_id]
            problem = register_finding(poll, crossing, by=stage.secretary)
            play(stage, poll, cases.OF_THE_FINDING, problem=problem)
