"""A ready-made scheme, to begin with: the seeds name 千分制考核 and who rates, and leave lines and points to the office.

Its lines are those by which the seeds appraise an organization (DOMAIN I-11, I-16, I-23); every one can be changed.
"""

from decimal import Decimal

from .actions import SchemeLine

READY_MADE_LINES = (
    SchemeLine("组织领导", "组织建设", 100),
    SchemeLine("组织领导", "班子建设", 100),
    SchemeLine("中心工作", "推动中心工作和重点任务完成情况", 200),
    SchemeLine("公开承诺", "推进创先争优活动，兑现公开承诺情况", 150),
    SchemeLine("公开承诺", "践诺效果", 100),
    SchemeLine("服务群众", "为群众办实事、做好事、解难事情况", 200),
    SchemeLine("队伍建设", "加强党组织和党员队伍建设情况", 150),
)
READY_MADE_RATERS = (("上级考核组", Decimal(40)), ("驻街单位", Decimal(30)), ("群众代表", Decimal(30)))
