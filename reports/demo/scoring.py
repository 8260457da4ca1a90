"""The demo's 千分制考核: a community's branches scored by the committee above, by units nearby and by the people (S0-2a)."""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal

from django.utils import timezone

from ballots.counting import sealing
from campaigns.models import Organization, Poll

from ..models import ScoreScheme
from ..scoring.actions import record_adjustment, save_scheme, withdraw_adjustment
from ..scoring.keying import add_score_sheet, counted_sheets, finish_scoring
from ..scoring.ready_made import READY_MADE_LINES, READY_MADE_RATERS
from .stage import Stage

DAYS_AGO = 40
# Of each unit: how many of a hundred points its raters leave out at most, the sheets of each kind of raters, and of 20
# ballots those who are content. The last unit's sheets are still being counted.
UNITS = ((12, (5, 6, 14), 18), (20, (5, 3, 12), 16), (16, (5, 6, 9), 19))


def score_units(stage: Stage, root: Organization, units: Sequence[Organization]) -> None:
    """The units' year in points: the last one's keying is not finished yet."""
    campaign = stage.campaign(
        root,
        "thousand-points",
        title=f"{stage.year}年度社区党支部千分制考核",
        period=f"{stage.year}年度",
        basis=f"槐街党发〔{stage.year}〕12号",
        starts_on=stage.day(DAYS_AGO + 3),
        ends_on=stage.day(DAYS_AGO - 3),
    )
    campaign.created_at = timezone.make_aware(datetime.combine(stage.day(DAYS_AGO + 5), time(9)))
    campaign.save(update_fields=["created_at"])
    facts = {
        "total": sum(line.maximum for line in READY_MADE_LINES),
        "score_weight": 60,
        "satisfaction_weight": 40,
        "measure": ScoreScheme.Measure.SATISFACTION,
        "questionnaire": campaign.questionnaires.get(),
    }
    scheme = save_scheme(campaign, facts, READY_MADE_LINES, READY_MADE_RATERS)
    polls = stage.open(campaign, units)
    stage.describe(polls, days_ago=DAYS_AGO, place="社区党群服务中心二楼", supervisor="槐荫街道党工委")
    for poll, (strictness, sizes, contented) in zip(polls, UNITS, strict=True):
        _key(stage, scheme, poll, strictness, sizes)
        marks = ["1"] * contented + ["2"] * (20 - contented)
        entered = [
            stage.enter(poll, channel="meeting", category="党员", marks=marks[::2]),
            stage.enter(poll, channel="meeting", category="群众代表", marks=marks[1::2]),
        ]
        stage.close(poll, entered, entitled=24, attended=20)
        sealing.seal(poll, by=stage.secretary)
    for poll in polls[:-1]:
        finish_scoring(poll, counted_sheets(poll), answer="", by=stage.secretary)
    _adjust(stage, polls)


def _key(stage: Stage, scheme: ScoreScheme, poll: Poll, strictness: int, sizes: Sequence[int]) -> None:
    """So many sheets of each kind of raters, who leave out a few points of each indicator."""
    maxima = list(scheme.indicators.values_list("maximum", flat=True))
    for rater, size in zip(scheme.raters.select_related("scheme"), sizes, strict=True):
        for seen in range(size):
            left_out = [stage.chance.randint(0, strictness) for _ in maxima]
            marks = [most - most * share // 100 for most, share in zip(maxima, left_out, strict=True)]
            add_score_sheet(poll, rater, marks, seen=seen)


def _adjust(stage: Stage, polls: Sequence[Poll]) -> None:
    """A bonus, a deduction, and a deduction that was not true."""
    first, second, _ = polls
    by = stage.secretary
    record_adjustment(
        first,
        points=Decimal(10),
        reason="志愿服务项目获区级表彰",
        evidence=f"槐荫区文明办〔{stage.year}〕6号",
        by=by,
    )
    record_adjustment(
        second, points=Decimal("-7.5"), reason="“三会一课”记录不全", evidence="街道党工委季度检查通报", by=by
    )
    wrong = record_adjustment(second, points=Decimal(-5), reason="公开栏未按期更新", evidence="街道检查照片", by=by)
    withdraw_adjustment(wrong, reason="经核查当月已更新", by=by)
