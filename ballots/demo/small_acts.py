"""Five small units: one campaign in each state. The figures are those of seeds S0-1, S0-4 and S0-5."""

from datetime import timedelta

from ballots import actions as ballot_actions
from ballots import casting, codes, sealing
from ballots.models import Batch
from campaigns import actions
from campaigns.models import Member, Organization, Poll, Questionnaire, Scale

from . import people
from .stage import Stage


def report_draft(stage: Stage, root: Organization) -> None:
    """S0-1: 41 on site and 37 in writing, of whom 35 sent their sheet back; sealed."""
    stage.add_members([(root, 7)])
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
            opinions=stage.opinions(poll, 7),
        ),
        stage.enter(
            poll,
            channel="paper",
            category="应邀代表",
            marks=["111111"] * 10 + ["111122"],
            issued=12,
            opinions=stage.opinions(poll, 4),
        ),
        stage.enter(
            poll,
            channel="paper",
            category="群众代表",
            marks=["111111"] * 23 + ["112112"],
            issued=25,
            opinions=stage.opinions(poll, 4),
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
    """S0-5: twelve members give each other a verdict, on phones; closed, to be sealed by whoever tries the demo."""
    stage.add_members([(root, 12)], all_full=True)
    campaign = stage.campaign(
        root,
        "branch-plenary",
        title="支部党员大会群众评议",
        period=f"{stage.year}年度",
        starts_on=stage.day(3),
        ends_on=stage.day(1),
    )
    actions.remove_questionnaire(campaign.questionnaires.get(key="member-four"))
    actions.copy_questionnaire(campaign, "member-verdict", rule=Questionnaire.TargetRule.ITS_MEMBERS)
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=2, place="管委会二楼会议室", supervisor="县直机关党工委")
    # Five lines about the branch, then 合格, the second grade, for each member.
    marks = ["11111" + "2" * 12] * 9 + ["11211" + "2" * 12] * 2 + ["1121-" + "2" * 12]
    batch = stage.cast_with_slips(poll, channel="meeting", category="党员", marks=marks, spare=3)
    stage.close(poll, [(batch.pk, sealing.BatchFacts(issued=12))], entitled=12, attended=12)


def community(stage: Stage, root: Organization) -> None:
    """A community whose first branch is at its meeting now: one code on the screen, slips beside it; open."""
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


def _grid(stage: Stage, poll: Poll) -> str:
    """A ballot of three grades as most people fill one: content, with a few lines they are not so sure about."""
    cells = sum(len(section["indicators"]) for section in poll.form["sections"])
    return "".join(stage.chance.choices("123-", weights=(88, 8, 2, 2), k=cells))


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
