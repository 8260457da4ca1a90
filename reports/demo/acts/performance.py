"""A bureau whose leading cadres were appraised last year (S1-1), and that is still preparing this year's campaign."""

from decimal import Decimal

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Poll, Questionnaire, Scale

from ..desk import sort_opinions
from ..stage import Stage

# The ballots of each kind of people, and how many of them find the last cadre 一般 or worse: more than half of all (C9).
BALLOTS = {"干部": 8, "群众": 12, "服务对象": 10}
FAIR_OR_WORSE = {"干部": 3, "群众": 8, "服务对象": 6}
A_YEAR = 365


def performance(stage: Stage, root: Organization) -> None:
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
    appraised = _appraise_last_year(stage, root, units[0])
    stage.look_at_tables()
    sort_opinions(stage, appraised)
    _prepare(stage, root, units)


def _appraise_last_year(stage: Stage, root: Organization, unit: Organization) -> Poll:
    """S1-1: the branch of the office and its cadres, by three kinds of people; one cadre waits for the review (C9)."""
    campaign = stage.campaign(
        root,
        "performance",
        title=f"{stage.year - 1}年度工作实绩群众评议",
        period=f"{stage.year - 1}年度",
        starts_on=stage.day(A_YEAR + 1),
        ends_on=stage.day(A_YEAR - 1),
    )
    (poll,) = stage.open(campaign, [unit])
    stage.describe([poll], days_ago=A_YEAR, place="局机关三楼会议室", supervisor="县委组织部干部科")
    facts = [
        stage.enter(
            poll,
            channel="meeting",
            category=category,
            marks=_marks(poll, count, FAIR_OR_WORSE[category]),
            opinions=stage.opinions(poll, 2),
        )
        for category, count in BALLOTS.items()
    ]
    stage.close(poll, facts, entitled=sum(BALLOTS.values()), attended=sum(BALLOTS.values()))
    sealing.seal(poll, by=stage.secretary)
    return poll


def _marks(poll: Poll, count: int, fair_or_worse: int) -> list[str]:
    """So many ballots that are satisfied with all, apart from some that find the last cadre 一般, and every other of those worse."""
    lines = [len(section.indicators) for section in poll.ballot_form.sections]
    cadres = [place for place, section in enumerate(poll.ballot_form.sections) if section.kind == "cadre"]
    before = "1" * sum(lines[: cadres[-1]])
    return [
        before + ("34"[number % 2] if number < fair_or_worse else "1") * lines[cadres[-1]] for number in range(count)
    ]


def _prepare(stage: Stage, root: Organization, units: list[Organization]) -> None:
    """This year's campaign: the list of what is missing has something on every page."""
    campaign = stage.campaign(
        root,
        "performance",
        title=f"{stage.year}年度工作实绩群众评议",
        period=f"{stage.year}年度",
        use_of_results="",
    )
    actions.replace_categories(campaign, [("干部", Decimal(30)), ("群众", Decimal(40)), ("服务对象", None)])
    actions.add_questionnaire(
        campaign,
        key="window-service",
        title="窗口服务评议表",
        rule=Questionnaire.TargetRule.ORGANIZATION_ITSELF,
        scale=Scale.objects.get(key="satisfaction-3"),
    )
    actions.make_polls(campaign, units[:3])
