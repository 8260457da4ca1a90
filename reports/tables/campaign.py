"""All that is printed about a campaign's sealed polls at and below a unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.models import Campaign

from .. import wording
from ..grading.sums import GradesTable
from ..results.rollup import Node, RolledLine
from ..scoring.printed import ScoresTable
from .instant import InstantContent
from .poll import PollContent
from .rows import Row, heads_beside, row_of


@dataclass(frozen=True)
class RollupTable:
    """A questionnaire over a unit: a row an indicator."""

    title: str
    polls: int
    base_name: str
    rows: tuple[Row, ...]
    has_unknown: bool
    rate_name: str
    positive_name: str
    # Why there are no rows (DESIGN 5, "Small groups").
    hidden_reason: str = ""

    @property
    def beside(self) -> tuple[str, ...]:
        """The head of the column of the grades outside the base, which sums have together; none where nobody chose any."""
        return heads_beside(self.rows)

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(figure.label for figure in self.rows[0].figures)


def rollup_tables(node: Node, *, is_judged_alone: bool = False) -> list[RollupTable]:
    """The questionnaires that were asked at or below a unit; where its sums are not shown, tables without rows.

    `is_judged_alone` leaves out the rows beside the 总体评价 where one was asked, which hundreds of units are compared by.
    """
    by_title: dict[str, list[RolledLine]] = {}
    for line in node.lines or node.hidden_lines:
        by_title.setdefault(line.questionnaire, []).append(line)
    return [
        RollupTable(
            title=title,
            polls=lines[0].polls,
            base_name=wording.BASE_NAMES[lines[0].result.rules.base],
            rows=() if node.hidden_reason else tuple(map(_row, _judged(lines) if is_judged_alone else lines)),
            has_unknown=any(line.result.unknown_outside for line in lines),
            rate_name=wording.rate_name(lines[0].result.labels[0]),
            positive_name=wording.positive_name(lines[0].result),
            hidden_reason=node.hidden_reason,
        )
        for title, lines in by_title.items()
    ]


def _judged(lines: list[RolledLine]) -> list[RolledLine]:
    return [line for line in lines if line.is_overall] or lines


def _row(line: RolledLine) -> Row:
    return row_of(line.indicator, line.result, is_overall=line.is_overall)


@dataclass(frozen=True)
class CampaignContent:
    """All that is printed about a campaign's sealed polls at and below a unit."""

    campaign: str
    unit: str
    period: str
    decimals: int
    are_rates_quotients: bool
    top: Node
    polls: tuple[PollContent, ...]
    # The grades that branches decided for their members; None before any has.
    grades: GradesTable | None = None
    # 窗口即时评议, apart from the ballots; None where nothing was taken.
    instant: InstantContent | None = None
    # The units by their 综合得分; None where the campaign is not scored, and before any unit's sheets are keyed.
    scoring: ScoresTable | None = None


def campaign_content(
    campaign: Campaign,
    node: Node,
    contents: Iterable[PollContent],
    *,
    grades: GradesTable | None,
    instant: InstantContent | None = None,
    scoring: ScoresTable | None = None,
) -> CampaignContent:
    """The content of one unit's part of a campaign: its sums, and the sealed polls at and below it."""
    return CampaignContent(
        campaign=campaign.title,
        unit=node.name,
        period=campaign.period,
        decimals=campaign.decimals,
        are_rates_quotients=campaign.sum_to_100 == "note",
        top=node,
        polls=tuple(contents),
        grades=grades,
        instant=instant,
        scoring=scoring,
    )
