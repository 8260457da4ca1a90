"""Answered problems of the demo that the people were asked about again."""

from datetime import datetime, time
from fractions import Fraction

from django.utils import timezone

from ballots.counting import sealing
from campaigns.models import Poll

from ..ledger.measures import add_measure
from ..results.poll import all_results
from ..revotes import outcomes_of
from ..revotes.actions import call_revote, settle_revotes
from . import cases
from .rectifying import play
from .stage import Stage

# Of 24 people those who are not content with how the first and the second problem were put right; a third is 8.
DISSATISFIED = (1, 10)
DAYS_AGO = 20


def vote_again(stage: Stage, poll: Poll) -> None:
    """A branch asks about two of three answered problems; the second is taken up again, the third waits to be asked about."""
    first, second, _ = [play(stage, poll, case) for case in cases.OF_THE_REVOTE]
    campaign = call_revote(
        poll.organization,
        [first, second],
        title=f"{stage.year}年物业问题整改再评",
        period=f"{stage.year}年",
        share=Fraction(1, 3),
        is_overall_alone=True,
        by=stage.secretary,
    )
    campaign.starts_on, campaign.ends_on = stage.day(DAYS_AGO + 2), stage.day(DAYS_AGO - 2)
    campaign.created_at = timezone.make_aware(datetime.combine(stage.day(DAYS_AGO + 3), time(9)))
    campaign.save(update_fields=["starts_on", "ends_on", "created_at"])
    (vote,) = stage.open(campaign, [poll.organization])
    stage.describe([vote], days_ago=DAYS_AGO, place="社区党群服务中心一楼")
    people = "居民代表"
    sheets = ["".join("3" if place < against else "1" for against in DISSATISFIED) for place in range(24)]
    entered = stage.enter(vote, channel="meeting", category=people, marks=sheets, opinions=stage.opinions(vote, 2))
    stage.close(vote, [entered], entitled=30, attended=24)
    sealing.seal(vote, by=stage.secretary)
    settle_revotes(outcomes_of(all_results(campaign.polls.all())), by=stage.secretary)
    again = {"content": "每晚九点巡查一遍，楼道里充电的当场劝离", "due_on": stage.day(-30)}
    add_measure(second.pk, again, by=stage.secretary)
