"""S4-1: a mining company of 23 committees, 40 general branches and 349 branches; 412 polls, sealed.

The company's own meeting, where two forms were handed out together, is still on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from ballots.counting import sealing
from ballots.models import Opinion
from campaigns import actions
from campaigns.models import Campaign, Commitment, Member, Organization, Poll

from ...scope import Scope
from .. import cases, words
from ..commenting import comment_on, leaders
from ..desk import sort_opinions
from ..publishing import write
from ..rectifying import play
from ..stage import ROWS_AT_ONCE, Stage

MINES = (
    "青山矿", "红岭矿", "白桦矿", "双河矿", "金沟矿", "石门矿", "新立矿", "南营矿", "东坡露天矿", "北坡露天矿", "长岭露天矿",
)  # fmt: skip
PLANTS = (
    "洗选中心", "铁路运输公司", "水电热力公司", "物资供应公司", "设备修造公司", "地质勘探公司", "销售公司",
)  # fmt: skip
SERVICES = ("矿山救护大队", "职工培训中心", "职工医院", "信息通信中心", "公司机关")
# A mine has three general branches, a plant one; below each are five teams.
MINE_TEAMS = {
    "采煤": ("综采一队", "综采二队", "综采三队", "准备队", "回撤队"),
    "掘进": ("掘进一队", "掘进二队", "掘进三队", "掘进四队", "支护队"),
    "机电": ("机电一队", "机电二队", "运输一队", "运输二队", "检修队"),
}
PLANT_TEAMS = {"生产": ("一车间", "二车间", "三车间", "四车间", "五车间")}
OFFICES = ("综合办公室", "安全监察部", "生产技术部", "经营财务部", "人力资源部", "后勤服务部", "离退休")
BRANCHES = 349

MEMBERS = 4720
MEMBERS_OF_COMMITTEE, MEMBERS_OF_GENERAL_BRANCH = 5, 3
# How many members made four promises and how many three; the others made two.
FOUR_PROMISES, THREE_PROMISES = 690, 2610

DEEDS = 1039

BALLOTS = 4378
# 满意 on each line of the two sheets, all others 基本满意: five about the organization, three about its members.
SATISFIED = (4321, 4269, 4220, 4308, 4330, 4321, 4207, 4282)
# The same few people are not content with everything.
CRITICAL = 420
AT_COMMITTEE = {"全体党员": 14, "先进典型代表": 8, "一线员工群众": 18}
AT_GENERAL_BRANCH = {"全体党员": 8, "一线员工群众": 12}

UNCOMMENTED_UNITS = 9  # of the 412

# The two forms of the company's own meeting: title, and the questionnaire of the ready-made appraisal that it goes without.
FORMS = (("公司评议会党组织评议票", "mining-member-three"), ("公司评议会党员评议票", "mining-organization-five"))
# Of the slips so many were used on both forms, on the first alone, and not yet.
ON_BOTH, ON_THE_FIRST, UNUSED = 38, 3, 19


@dataclass(frozen=True)
class Company:
    """The tree below the company's own committee."""

    committees: list[Organization]
    general_branches: list[Organization]
    branches: list[Organization]

    @property
    def units(self) -> list[Organization]:
        return [*self.committees, *self.general_branches, *self.branches]


def company(stage: Stage, root: Organization) -> None:
    campaign = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, campaign)
    _meet_at_the_company(stage, root)


def _appraise(stage: Stage, root: Organization) -> Campaign:
    tree = _tree(root)
    actions.add_organizations(tree.units)
    _promise(stage, _members(stage, tree))
    _do_good(stage, tree.units)
    campaign = stage.campaign(
        root,
        "company-two-forms",
        title=f"{stage.year}年度创先争优群众评议",
        period=f"{stage.year}年度",
        basis=f"青煤党发〔{stage.year}〕23号",
        starts_on=stage.day(30),
        ends_on=stage.day(10),
    )
    polls = stage.open(campaign, tree.units)
    stage.describe(polls, days_ago=20, place="本单位会议室", supervisor="公司党委评议小组")
    ballots = _ballots(stage)
    sizes = _meetings(stage, tree)
    for poll in polls:
        _hold(stage, poll, sizes[poll.organization_id], ballots)
    if ballots:
        raise ValueError(f"{len(ballots)} ballots are left over")
    return campaign


def _tree(root: Organization) -> Company:
    names = (*MINES, *PLANTS, *SERVICES)
    committees = {name: _unit(f"{name}党委", "committee", root) for name in names}
    general_branches, branches = [], []
    for name in (*MINES, *PLANTS):
        for branch_name, teams in (MINE_TEAMS if name in MINES else PLANT_TEAMS).items():
            general_branches.append(_unit(f"{name}{branch_name}党总支", "general_branch", committees[name]))
            branches += [_unit(f"{name}{team}党支部", "branch", general_branches[-1]) for team in teams]
    # The rest are offices directly below the committees; the larger units have one more.
    offices = [(name, office) for office in OFFICES for name in names]
    branches += [
        _unit(f"{name}{office}党支部", "branch", committees[name])
        for name, office in offices[: BRANCHES - len(branches)]
    ]
    return Company(list(committees.values()), general_branches, branches)


def _unit(name: str, kind: str, parent: Organization) -> Organization:
    return Organization(name=name, kind=kind, parent=parent)


def _members(stage: Stage, tree: Company) -> list[Member]:
    above = [(committee, MEMBERS_OF_COMMITTEE) for committee in tree.committees]
    above += [(branch, MEMBERS_OF_GENERAL_BRANCH) for branch in tree.general_branches]
    rest = MEMBERS - sum(count for _, count in above)
    below = zip(tree.branches, stage.split(rest, len(tree.branches), least=6), strict=True)
    return stage.add_members([*above, *below])


def _promise(stage: Stage, members: Sequence[Member]) -> None:
    counts = [4] * FOUR_PROMISES + [3] * THREE_PROMISES
    counts += [2] * (len(members) - len(counts))
    stage.chance.shuffle(counts)
    stage.promise(zip(members, counts, strict=True))


def _do_good(stage: Stage, units: Sequence[Organization]) -> None:
    """The units' good deeds for their people (实事好事)."""
    parts = stage.split(DEEDS - len(units), len(units), least=0)
    Commitment.objects.bulk_create(
        (
            Commitment(
                organization=unit,
                kind=Commitment.Kind.DEED,
                content=content,
                status=Commitment.Status.FULFILLED,
                fulfilled_on=stage.day(stage.chance.randint(35, 240)),
            )
            for unit, part in zip(units, parts, strict=True)
            for content in stage.chance.sample(words.DEEDS, 1 + part)
        ),
        batch_size=ROWS_AT_ONCE,
    )


def _ballots(stage: Stage) -> list[str]:
    """All ballots of the company, in random order, with just so many 满意 on each line."""
    critical = stage.chance.sample(range(BALLOTS), CRITICAL)
    fair = [set(stage.chance.sample(critical, BALLOTS - satisfied)) for satisfied in SATISFIED]
    return ["".join("2" if number in cell else "1" for cell in fair) for number in range(BALLOTS)]


def _meetings(stage: Stage, tree: Company) -> dict[int, dict[str, int]]:
    """How many of each category came to each organization's meeting."""
    sizes = {committee.pk: AT_COMMITTEE for committee in tree.committees}
    sizes |= {branch.pk: AT_GENERAL_BRANCH for branch in tree.general_branches}
    rest = BALLOTS - sum(sum(size.values()) for size in sizes.values())
    parts = stage.split(rest, len(tree.branches), least=6)
    sizes |= {branch.pk: {"一线员工群众": part} for branch, part in zip(tree.branches, parts, strict=True)}
    return sizes


def _hold(stage: Stage, poll: Poll, sizes: dict[str, int], ballots: list[str]) -> None:
    """Hold a meeting with the ballots at the end of the list, which are taken off it."""
    facts = []
    for category, size in sizes.items():
        own, ballots[-size:] = ballots[-size:], []
        opinions = stage.opinions(poll, 1) if stage.chance.random() < 0.1 else ()
        facts.append(stage.enter(poll, channel="meeting", category=category, marks=own, opinions=opinions))
    present = sum(sizes.values())
    stage.close(poll, facts, entitled=present, attended=present)
    sealing.seal(poll, by=stage.secretary)


def _follow(stage: Stage, campaign: Campaign) -> None:
    """S4-1: a ledger in every state, nearly all units commented on, opinions half read; the 小结 is a draft."""
    polls = stage.polls_of(campaign)
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
    write(stage, Scope.of(campaign, campaign.organizer), words.SUMMARY_OF_THE_COMPANY, signed=8)


def _meet_at_the_company(stage: Stage, root: Organization) -> None:
    """S4-1: 两表各1685份; one slip admits to both forms, and people are filling them in."""
    polls = []
    for title, without in FORMS:
        campaign = stage.campaign(
            root,
            "company-two-forms",
            title=title,
            period=f"{stage.year}年度",
            starts_on=stage.today,
            ends_on=stage.day(-3),
        )
        actions.remove_questionnaire(campaign.questionnaires.get(key=without))
        polls += stage.open(campaign, [root])
    stage.describe(polls, days_ago=0, place="公司会议中心")
    marks = (
        [("11111", "111")] * (ON_BOTH - 4) + [("11211", "111"), ("12111", "121")] * 2 + [("11111", "")] * ON_THE_FIRST
    )
    stage.cast_with_shared_slips(polls, channel="meeting", category="全体党员", marks=marks, spare=UNUSED)
