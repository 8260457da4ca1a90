"""Small units: a campaign in each state. The figures are those of seeds S0-1, S0-4 and S0-5."""

from datetime import timedelta

from campaigns import actions
from campaigns.models import Member, Organization, Poll, Questionnaire, Scale

from .. import actions as ballot_actions
from ..counting import closing, sealing
from ..models import Batch
from ..voting import casting, codes
from . import people, texts
from .stage import Stage

# The community's quarters: days ago, how many of a hundred are content, and of 24 in each branch those who are
# dissatisfied with what was done for them. More than eight cross the threshold.
QUARTERS = ((250, 72, (1, 2, 10)), (158, 80, (0, 9, 2)), (66, 87, (1, 0, 9)))


def report_draft(stage: Stage, root: Organization) -> None:
    """S0-1: 41 on site and 37 in writing, of whom 35 sent their sheet back; sealed."""
    leaders = stage.add_members([(root, 7)])
    stage.promise([(member, 3) for member in leaders], contents=texts.COMMITMENTS_IN_OFFICE)
    campaign = stage.campaign(
        root,
        "report-draft",
        title="2026年领导班子分析检查报告群众评议",
        period=f"{stage.year}年度",
        basis=f"青岚组发〔{stage.year}〕12号",
        starts_on=stage.day(62),
        ends_on=stage.day(55),
    )
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=60, place="机关三楼会议室", supervisor="市委指导检查组")
    # 六个方面, the 总体评价 last. In writing one of each group found it fair.
    facts = [
        stage.enter(poll, channel="meeting", category="党组成员", marks=["111111"] * 7),
        stage.enter(
            poll,
            channel="meeting",
            category="机关各科室",
            marks=["111111"] * 29 + ["112111"] * 3 + ["122122"] + ["11111-"],
            opinions=stage.said(poll, [*texts.ON_THE_DRAFT, *texts.NO_OPINIONS]),
        ),
        stage.enter(
            poll,
            channel="paper",
            category="应邀代表",
            marks=["111111"] * 10 + ["111122"],
            issued=12,
            opinions=stage.said(poll, texts.BESIDE_THE_DRAFT[:6]),
        ),
        stage.enter(
            poll,
            channel="paper",
            category="群众代表",
            marks=["111111"] * 23 + ["112112"],
            issued=25,
            opinions=stage.said(poll, texts.BESIDE_THE_DRAFT[6:]),
        ),
    ]
    stage.close(poll, facts, entitled=78, attended=78)
    sealing.seal(poll, by=stage.secretary)


def college(stage: Stage, root: Organization) -> None:
    """S0-4: 66 at one meeting, all satisfied; sealed."""
    branches = [
        Organization(name=name, kind=Organization.Kind.BRANCH, parent=root)
        for name in ("教工第一党支部", "教工第二党支部", "学生党支部")
    ]
    actions.add_organizations(branches)
    stage.add_members([(root, 5), *((branch, 13) for branch in branches)])
    campaign = stage.campaign(
        root,
        "unit-overall",
        title="体育学院党总支群众评议",
        period=f"{stage.year}年度",
        starts_on=stage.day(48),
        ends_on=stage.day(46),
    )
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=47, place="体育学院报告厅")
    facts = [
        stage.enter(poll, channel="meeting", category="党员", marks="1" * 41, opinions=stage.opinions(poll, 8)),
        stage.enter(poll, channel="meeting", category="普通群众代表", marks="1" * 25, opinions=stage.opinions(poll, 5)),
    ]
    stage.close(poll, facts, entitled=66, attended=66)
    sealing.seal(poll, by=stage.secretary)


def branch(stage: Stage, root: Organization) -> None:
    """S0-5: twelve members give each other a verdict; sealed. The same again half a year later, on phones.

    The second is closed, to be sealed by whoever tries the demo; then both stand side by side.
    """
    members = stage.add_members([(root, 12)], all_full=True)
    stage.promise([(member, 2) for member in members], contents=texts.COMMITMENTS_IN_OFFICE)
    # Five lines about the branch, then 合格, the second grade, for each member.
    verdicts = "2" * 12
    before = _plenary(stage, root, days_ago=170, title=f"{stage.half_year(170)}支部党员大会群众评议")
    marks = ["11111" + verdicts] * 10 + ["12211" + verdicts, "1121-" + verdicts]
    facts = stage.enter(before, channel="meeting", category="党员", marks=marks, opinions=stage.opinions(before, 3))
    stage.close(before, [facts], entitled=12, attended=12)
    sealing.seal(before, by=stage.secretary)

    poll = _plenary(stage, root, days_ago=2, title="支部党员大会群众评议")
    marks = ["11111" + verdicts] * 9 + ["11211" + verdicts] * 2 + ["1121-" + verdicts]
    batch = stage.cast_with_slips(poll, channel="meeting", category="党员", marks=marks, spare=3)
    stage.close(poll, [(batch.pk, closing.BatchFacts(issued=12))], entitled=12, attended=12)


def _plenary(stage: Stage, root: Organization, *, days_ago: int, title: str) -> Poll:
    """One meeting of all members, taking ballots."""
    campaign = stage.campaign(
        root,
        "branch-plenary",
        title=title,
        period=stage.half_year(days_ago),
        starts_on=stage.day(days_ago + 1),
        ends_on=stage.day(days_ago - 1),
    )
    actions.remove_questionnaire(campaign.questionnaires.get(key="member-four"))
    actions.copy_questionnaire(campaign, "member-verdict", rule=Questionnaire.TargetRule.ITS_MEMBERS)
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=days_ago, place="管委会二楼会议室", supervisor="县直机关党工委")
    return poll


def community(stage: Stage, root: Organization) -> None:
    """A community whose first branch is at its meeting now: one code on the screen, slips beside it; open.

    Before that its people appraised three quarters (一季一评议, S0-2b); sealed.
    """
    branches = [
        Organization(name=name, kind=Organization.Kind.BRANCH, parent=root)
        for name in ("清泉社区第一党支部", "清泉社区第二党支部", "清泉社区物业联合党支部")
    ]
    actions.add_organizations(branches)
    Member.objects.bulk_create(
        Member(organization=branches[0], name=name, post=Member.Post.MEMBER if place else Member.Post.SECRETARY)
        for place, name in enumerate(people.names(9, stage.chance, first=people.RARE_NAMES[:2]))
    )
    stage.add_members([(branches[1], 11), (branches[2], 8), (root, 5)])
    for days_ago, contented, dissatisfied in QUARTERS:
        _quarter(stage, root, branches, days_ago, contented=contented, dissatisfied=dissatisfied)
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
    polls = stage.open(campaign, branches)
    stage.describe(polls, days_ago=0, place="社区党群服务中心一楼", supervisor="槐荫街道党工委")
    first = next(poll for poll in polls if poll.organization_id == branches[0].pk)
    _cast_at_the_screen(stage, first, present=60, cast=17)
    for poll in polls:
        marks = [_grid(stage, poll) for _ in range(stage.chance.randint(5, 9))]
        stage.cast_with_slips(poll, channel="meeting", category="党员", marks=marks, spare=12)


def _quarter(
    stage: Stage,
    root: Organization,
    branches: list[Organization],
    days_ago: int,
    *,
    contented: int,
    dissatisfied: tuple[int, ...],
) -> None:
    """One quarter's 评诺; from the second on it asks about what was done since the last."""
    period = stage.quarter(days_ago)
    campaign = stage.campaign(
        root,
        "community-commitments",
        title=f"{period}社区评诺",
        period=period,
        starts_on=stage.day(days_ago + 3),
        ends_on=stage.day(days_ago - 3),
        thresholds=["org-dissatisfied-third"],
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
        sheets = [one[:2] + "3" + one[3:] if place < against else one for place, one in enumerate(sheets)]
        facts = [
            stage.enter(poll, channel="meeting", category="居民代表", marks=sheets[:14]),
            stage.enter(
                poll, channel="meeting", category="楼栋长", marks=sheets[14:], opinions=stage.opinions(poll, 2)
            ),
        ]
        stage.close(poll, facts, entitled=30, attended=24)
        sealing.seal(poll, by=stage.secretary)


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
            ticket=codes.exchange(batch.screen_code),
            key=f"demo screen {poll.pk} {number}",
            marks=_grid(stage, poll),
            opinions=stage.opinions(poll, 1) if number % 4 == 0 else (),
        )


def _grid(stage: Stage, poll: Poll, *, contented: int = 88) -> str:
    """A ballot of three grades as most people fill one: content, with a few lines they are not so sure about."""
    cells = sum(len(section["indicators"]) for section in poll.form["sections"])
    return "".join(stage.chance.choices("123-", weights=(contented, 96 - contented, 2, 2), k=cells))


def performance(stage: Stage, root: Organization) -> None:
    """A bureau that is still preparing: the list of what is missing has something on every page."""
    units = [
        Organization(name=name, kind=kind, parent=root)
        for name, kind in (
            ("机关党支部", Organization.Kind.BRANCH),
            ("第一中学党支部", Organization.Kind.BRANCH),
            ("第二小学党支部", Organization.Kind.BRANCH),
            ("政务服务中心教育窗口", Organization.Kind.WINDOW),
        )
    ]
    actions.add_organizations(units)
    stage.add_members([(root, 5), *((unit, stage.chance.randint(6, 16)) for unit in units)])
    campaign = stage.campaign(
        root,
        "performance",
        title=f"{stage.year}年度工作实绩群众评议",
        period=f"{stage.year}年度",
        use_of_results="",
    )
    actions.replace_categories(campaign, [("干部", 30), ("群众", 40), ("服务对象", None)])
    actions.add_questionnaire(
        campaign,
        key="window-service",
        title="窗口服务评议表",
        rule=Questionnaire.TargetRule.ORGANIZATION_ITSELF,
        scale=Scale.objects.get(key="satisfaction-3"),
    )
    actions.make_polls(campaign, units[:3])
