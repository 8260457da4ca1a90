"""S2: a township of 28 branches, whose villagers sent in 960 sheets; sealed."""

from campaigns import actions
from campaigns.models import Organization, Poll, Questionnaire

from ..counting import sealing
from . import texts
from .stage import Stage

VILLAGES = (
    "上河村", "下河村", "柳树湾村", "石桥村", "东坪村", "西坪村", "大塘村", "小塘村", "马家沟村", "杨家岭村", "枣林村",
    "白草坡村", "红土崖村", "前营村", "后营村", "龙泉村", "双庙村", "新农村", "高台村", "古渡村", "梨园村", "青石村",
)  # fmt: skip
OFFICES = ("乡机关", "中心学校", "卫生院", "派出所", "供销社", "农业服务中心")
MEMBERS, SHEETS = 752, 960
FAIR = 19  # of the sheets 基本满意, the others 满意
OPEN_QUESTIONS = ("satisfied-deed", "dissatisfied-matter", "prominent-problem")


def township(stage: Stage, root: Organization) -> None:
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


def _collect(stage: Stage, poll: Poll, sheets: list[str]) -> None:
    """One branch's sheets: three in five are its members'."""
    of_members = len(sheets) * 3 // 5
    own = texts.IN_VILLAGES.get(poll.organization.name.removesuffix("党支部"), ())
    opinions = [*stage.said(poll, own), *stage.opinions(poll, stage.chance.randint(0, 2))]
    facts = [
        stage.enter(poll, channel="paper", category="党员", marks=sheets[:of_members]),
        stage.enter(poll, channel="paper", category="群众代表", marks=sheets[of_members:], opinions=opinions),
    ]
    stage.close(poll, facts, entitled=len(sheets), attended=len(sheets))
    sealing.seal(poll, by=stage.secretary)
