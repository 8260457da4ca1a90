"""A bureau that is still preparing its campaign."""

from decimal import Decimal

from campaigns import actions
from campaigns.models import Organization, Questionnaire, Scale

from ..stage import Stage


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
    actions.replace_categories(campaign, [("干部", Decimal(30)), ("群众", Decimal(40)), ("服务对象", None)])
    actions.add_questionnaire(
        campaign,
        key="window-service",
        title="窗口服务评议表",
        rule=Questionnaire.TargetRule.ORGANIZATION_ITSELF,
        scale=Scale.objects.get(key="satisfaction-3"),
    )
    actions.make_polls(campaign, units[:3])
