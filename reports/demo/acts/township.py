"""S2: a township of 28 branches, whose villagers sent in 960 sheets; sealed."""

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Campaign, Member, Organization, Poll, Questionnaire

from ...scope import Scope
from .. import cases, words
from ..commenting import comment_on, leaders
from ..desk import merge, sort_opinions
from ..drafting import hear_secretaries
from ..publishing import file, write
from ..rectifying import play
from ..stage import Stage

VILLAGES = (
    "上河村", "下河村", "柳树湾村", "石桥村", "东坪村", "西坪村", "大塘村", "小塘村", "马家沟村", "杨家岭村", "枣林村",
    "白草坡村", "红土崖村", "前营村", "后营村", "龙泉村", "双庙村", "新农村", "高台村", "古渡村", "梨园村", "青石村",
)  # fmt: skip
OFFICES = ("乡机关", "中心学校", "卫生院", "派出所", "供销社", "农业服务中心")
MEMBERS, SHEETS = 752, 960
FAIR = 19  # of the sheets 基本满意, the others 满意
OPEN_QUESTIONS = ("satisfied-deed", "dissatisfied-matter", "prominent-problem")


COMMENTED_BRANCHES = 26  # of the 28


def township(stage: Stage, root: Organization) -> None:
    campaign = _appraise(stage, root)
    stage.look_at_tables()
    _follow(stage, campaign)
    offices = Organization.objects.filter(parent=root, name__in=[f"{name}党支部" for name in OFFICES])
    hear_secretaries(stage, root, list(offices.order_by("path")))


def _appraise(stage: Stage, root: Organization) -> Campaign:
    branches = [
        Organization(name=f"{name}党支部", kind=Organization.Kind.BRANCH, parent=root) for name in (*VILLAGES, *OFFICES)
    ]
    actions.add_organizations(branches)
    stage.add_members(zip(branches, stage.split(MEMBERS, len(branches), least=16), strict=True))
    period = stage.half_year(33)
    campaign = stage.campaign(
        root,
        "township-members",
        title=f"{period}党员群众评议",
        period=period,
        basis=f"柳溪党发〔{stage.year}〕21号",
        starts_on=stage.day(40),
        ends_on=stage.day(31),
    )
    for key in OPEN_QUESTIONS:
        actions.copy_questionnaire(campaign, key, rule=Questionnaire.TargetRule.OPEN_QUESTION)
    polls = stage.open(campaign, branches)
    stage.describe(polls, days_ago=33, place="村（单位）会议室", supervisor="乡联片领导")
    fair = set(stage.chance.sample(range(SHEETS), FAIR))
    sheets = ["2" if number in fair else "1" for number in range(SHEETS)]
    for poll, size in zip(polls, stage.split(SHEETS, len(polls), least=24), strict=True):
        _collect(stage, poll, sheets[:size])
        sheets = sheets[size:]
    return campaign


def _collect(stage: Stage, poll: Poll, sheets: list[str]) -> None:
    """A branch's sheets: three in five are its members'."""
    of_members = len(sheets) * 3 // 5
    own = words.IN_VILLAGES.get(poll.organization.name.removesuffix("党支部"), ())
    opinions = [*stage.opinions_with(poll, own), *stage.opinions(poll, stage.chance.randint(0, 2))]
    facts = [
        stage.enter(poll, channel="paper", category="党员", marks=sheets[:of_members]),
        stage.enter(poll, channel="paper", category="群众代表", marks=sheets[of_members:], opinions=opinions),
    ]
    stage.close(poll, facts, entitled=len(sheets), attended=len(sheets))
    sealing.seal(poll, by=stage.secretary)


def _follow(stage: Stage, campaign: Campaign) -> None:
    """S2: 10 problems with 12 measures, 9 of them done; 26 of 28 branches commented on; the 小结 is filed."""
    polls = stage.polls_of(campaign)
    for poll in polls:
        sort_opinions(stage, poll)
    by_name = {poll.organization.name.removesuffix("党支部"): poll for poll in polls}
    merge(stage, by_name["上河村"], words.ALIKE_IN_VILLAGE)
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
    scope = Scope.of(campaign, campaign.organizer)
    write(stage, scope, words.SUMMARY_OF_THE_TOWNSHIP, signed=28)
    file(stage, scope)
