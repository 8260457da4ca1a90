"""Decisions of the demo that were taken because of a confirmed finding."""

from datetime import date

from ..consequences.actions import record_appeal, record_consequence
from ..findings import Crossing
from ..models import Consequence, Finding
from .stage import Stage

BASIS = "《社区评诺办法》第十条"
AUTHORITY = "槐荫街道党工委"
CONFIRMED_DAYS_AGO, TALKED_DAYS_AGO, APPEALED_DAYS_AGO, ANSWERED_DAYS_AGO = 240, 236, 232, 225


def put_to_use(stage: Stage, crossing: Crossing) -> None:
    """No award until the end of next year, a talk with the secretary; the branch appealed, and the decision stands."""
    finding = Finding.objects.get(rule=crossing.threshold.key, target=crossing.target_id)
    facts = {"basis": BASIS, "authority": AUTHORITY, "by": stage.secretary}
    record_consequence(
        finding,
        kind=Consequence.Kind.AWARD,
        content="整改情况再评满意以前，不得推荐为先进基层党组织",
        decided_on=stage.day(CONFIRMED_DAYS_AGO),
        until=date(stage.year + 1, 12, 31),
        **facts,
    )
    record_consequence(
        finding,
        kind=Consequence.Kind.ADMONITION,
        content="街道党工委副书记与支部书记谈话",
        decided_on=stage.day(TALKED_DAYS_AGO),
        **facts,
    )
    record_appeal(
        finding,
        by=stage.secretary,
        received_on=stage.day(APPEALED_DAYS_AGO),
        text="报修积压是物业更换造成的，请求减轻处理。",
        outcome="upheld",
        answer="积压在更换物业以前就有，维持原决定；整改以后可以提前解除。",
        answered_on=stage.day(ANSWERED_DAYS_AGO),
    )
