"""A community that was appraised in three quarters (S0-2b) and scored (S0-2a), and whose first branch is at its meeting now."""

from datetime import timedelta

from ballots import actions as ballot_actions
from ballots.counting import sealing
from ballots.models import Batch
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.models import Campaign, Member, Organization, Poll, Questionnaire
from campaigns.year_plan.planning import make_plan

from ...findings import crossings_of
from ...findings.actions import decide_finding, register_finding
from ...models import Finding
from ...results.poll import all_results
from .. import cases, people, words
from ..choosing import choose_deeds
from ..commenting import comment_on, leaders
from ..desk import sort_opinions
from ..hearing import fill_box, hand_out_sheets, hear
from ..minuting import minute
from ..rectifying import play
from ..revoting import vote_again
from ..scoring import score_units
from ..stage import Stage
from ..tapping import open_window, take_taps
from ..using import put_to_use

# The community's quarters: days ago, how many of a hundred are content, and of 24 in each branch those who are
# dissatisfied with what was done for them. More than eight cross the threshold.
FIRST_BRANCH = "清泉社区第一党支部"
PARTNERS = "结对支部党员"
QUARTERS = ((250, 72, (1, 2, 10)), (158, 80, (0, 9, 2)), (66, 87, (1, 0, 9)))


def community(stage: Stage, root: Organization) -> None:
    quarters = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, quarters)
    vote_again(stage, stage.polls_of(quarters[1])[1])
    _cast_by_partners(stage, root)
    _plan(stage, root, quarters)
    choose_deeds(stage, Organization.objects.get(parent=root, name=FIRST_BRANCH))


def _appraise(stage: Stage, root: Organization) -> list[Campaign]:
    """A community whose first branch is at its meeting now: one code on the screen, slips beside it; open.

    Before that its people appraised three quarters (一季一评议, S0-2b); sealed.
    """
    branches = [
        Organization(name=name, kind=Organization.Kind.BRANCH, parent=root)
        for name in (FIRST_BRANCH, "清泉社区第二党支部", "清泉社区物业联合党支部")
    ]
    actions.add_organizations(branches)
    Member.objects.bulk_create(
        Member(organization=branches[0], name=name, post=Member.Post.MEMBER if place else Member.Post.SECRETARY)
        for place, name in enumerate(people.names(9, stage.chance, first=people.RARE_NAMES[:2]))
    )
    stage.add_members([(branches[1], 11), (branches[2], 8), (root, 5)])
    quarters = [
        _quarter(stage, root, branches, days_ago, contented=contented, dissatisfied=dissatisfied)
        for days_ago, contented, dissatisfied in QUARTERS
    ]
    score_units(stage, root, branches)
    campaign = stage.campaign(
        root,
        "branch-secretary-members",
        title=f"{stage.year}年度社区党支部群众评议",
        period=f"{stage.year}年度",
        basis=f"槐街党发〔{stage.year}〕9号",
        starts_on=stage.day(2),
        ends_on=stage.today + timedelta(days=12),
        channels=["meeting", "paper"],
    )
    _pair(campaign, branches)
    polls = stage.open(campaign, branches)
    stage.describe(polls, days_ago=0, place="社区党群服务中心一楼", supervisor="槐荫街道党工委")
    first = next(poll for poll in polls if poll.organization_id == branches[0].pk)
    _cast_at_the_screen(stage, first, present=60, cast=17)
    for poll in polls:
        marks = [_grid(stage, poll) for _ in range(stage.chance.randint(5, 9))]
        stage.cast_with_slips(poll, channel="meeting", category="党员", marks=marks, spare=12)
    return quarters


def _pair(campaign: Campaign, branches: list[Organization]) -> None:
    """The first two branches appraise one another (支部结对互评, S2)."""
    categories = campaign.categories.order_by("position").values_list("name", "weight")
    actions.replace_categories(campaign, [*categories, (PARTNERS, None)])
    polls = {poll.organization_id: poll for poll in actions.make_polls(campaign, branches)}
    pair = (polls[branches[0].pk], polls[branches[1].pk])
    actions.pair_polls(campaign, [pair], category=PARTNERS)


def _cast_by_partners(stage: Stage, root: Organization) -> None:
    """Some members of the other branch have filled in their ballots."""
    for poll in Poll.objects.filter(campaign__organizer=root).exclude(partner=None).order_by("path"):
        marks = [_grid(stage, poll) for _ in range(6)]
        stage.cast_with_slips(poll, channel="meeting", category=PARTNERS, marks=marks, spare=2)


def _plan(stage: Stage, root: Organization, quarters: list[Campaign]) -> None:
    """The plans of the years in which the quarters were (一季一评议), each with what was held in its periods."""
    years = {stage.day(days_ago).year for days_ago, *_ in QUARTERS}
    for year in sorted(years):
        plan = make_plan(root, year=year, pattern="quarters", by=stage.secretary)
        for campaign in quarters:
            plan.periods.filter(title=campaign.period).update(campaign=campaign)


def _quarter(
    stage: Stage,
    root: Organization,
    branches: list[Organization],
    days_ago: int,
    *,
    contented: int,
    dissatisfied: tuple[int, ...],
) -> Campaign:
    """The 评诺 of a quarter; from the second on it asks about what was done since the last."""
    period = stage.quarter(days_ago)
    campaign = stage.campaign(
        root,
        "community-commitments",
        title=f"{period}社区评诺",
        period=period,
        starts_on=stage.day(days_ago + 3),
        ends_on=stage.day(days_ago - 3),
        thresholds=["org-dissatisfied-third"],
        judged=Campaign.Judged.EACH,
    )
    if days_ago != QUARTERS[0][0]:
        document = Questionnaire.TargetRule.A_DOCUMENT
        key = "rectification-satisfaction"
        actions.copy_questionnaire(campaign, key, rule=document, target_name="上季评诺问题整改情况")
    polls = stage.open(campaign, branches)
    stage.describe(polls, days_ago=days_ago, place="社区党群服务中心一楼", supervisor="槐荫街道党工委")
    for poll, against in zip(polls, dissatisfied, strict=True):
        sheets = [_grid(stage, poll, contented=contented) for _ in range(24)]
        # 不满意 on the third line: what was done for the people.
        sheets = [sheet[:2] + "3" + sheet[3:] if place < against else sheet for place, sheet in enumerate(sheets)]
        facts = [
            stage.enter(poll, channel="meeting", category="居民代表", marks=sheets[:14]),
            stage.enter(
                poll, channel="meeting", category="楼栋长", marks=sheets[14:], opinions=stage.opinions(poll, 2)
            ),
        ]
        stage.close(poll, facts, entitled=30, attended=24)
        sealing.seal(poll, by=stage.secretary)
    return campaign


def _cast_at_the_screen(stage: Stage, poll: Poll, *, present: int, cast: int) -> None:
    batch = ballot_actions.add_batch(
        poll,
        channel="meeting",
        category=poll.campaign.categories.get(name="群众代表"),
        method=Batch.Method.SCREEN,
    )
    codes.admit(batch, present)
    for number in range(cast):
        casting.cast(
            ticket=codes.exchange(codes.screen_code(batch)),
            key=f"demo screen {poll.pk} {number}",
            marks=_grid(stage, poll),
            opinions=stage.opinions(poll, 1) if number % 4 == 0 else (),
        )


def _grid(stage: Stage, poll: Poll, *, contented: int = 88) -> str:
    """A ballot of three grades as most people fill one: content, with a few lines they are not so sure about."""
    cells = poll.ballot_form.cell_count
    return "".join(stage.chance.choices("123-", weights=(contented, 96 - contented, 2, 2), k=cells))


def _follow(stage: Stage, campaigns: list[Campaign]) -> None:
    """Three quarters: what crossed the threshold was decided, put right and voted on; the last one waits."""
    for campaign in campaigns[:-1]:
        for poll in stage.polls_of(campaign):
            sort_opinions(stage, poll)
    for poll in stage.polls_of(campaigns[-1]):
        sort_opinions(stage, poll, share=50)
    _decide(stage, campaigns[0], Finding.State.CONFIRMED, words.CONFIRMED)
    _decide(stage, campaigns[1], Finding.State.DISMISSED, words.DISMISSED)
    # 社会各界 were asked too before the last meeting of the first branch; some of it is read.
    first = stage.polls_of(campaigns[-1])[0]
    hear(stage, first, days_ago=QUARTERS[-1][0] + 5)
    fill_box(stage, first)
    hand_out_sheets(stage, first)
    minute(stage, first)
    # People at the first branch's window have marked its service for three months.
    take_taps(stage, first, open_window(stage, first.organization), days_ago=QUARTERS[-1][0])
    sort_opinions(stage, first)
    for campaign, days_ago in zip(campaigns, (249, 157, 65), strict=True):
        units = [poll.organization for poll in stage.polls_of(campaign)]
        by = leaders(stage, ["街道党工委书记", "社区党委书记"])
        comment_on(stage, campaign, units[: 2 if campaign is campaigns[-1] else 3], by=by, days_ago=days_ago)


def _decide(stage: Stage, campaign: Campaign, state: str, reason: str) -> None:
    """Decide what crossed a threshold; what is confirmed goes to the ledger."""
    polls = {poll.pk: poll for poll in stage.polls_of(campaign)}
    for crossing in crossings_of(all_results(campaign.polls.all())):
        decide_finding(crossing, state=state, by=stage.secretary, reason=reason)
        if state == Finding.State.CONFIRMED:
            poll = polls[crossing.poll_id]
            put_to_use(stage, crossing)
            problem = register_finding(poll, crossing, by=stage.secretary)
            play(stage, poll, cases.OF_THE_FINDING, problem=problem)
