"""A scored campaign: a scheme of 1000 points, sheets of two kinds of raters, and sealed satisfaction polls."""

from decimal import Decimal

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions as campaign_actions
from campaigns.models import Poll
from reports.models import FinishedScoring, RaterGroup, ScoreAdjustment, ScoreScheme
from reports.results.poll import all_results
from reports.results.scores import scores_of
from reports.scoring import actions, keying
from reports.scoring.actions import SchemeLine
from reports.scoring.content import ScoredUnit, scored_units
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_organization

LINES = (
    SchemeLine("党的建设", "组织建设", 300),
    SchemeLine("党的建设", "公开承诺", 200),
    SchemeLine("服务群众", "为民办实事", 500),
)
RATERS = (("上级考核组", Decimal(40)), ("群众代表", Decimal(60)))
FULL = (300, 200, 500)
# 满意 9 of 10.
MARKS = {"11": 9, "12": 1}


def make_scheme(campaign, *, lines=LINES, raters=RATERS, **overrides) -> ScoreScheme:
    """60 % of the score and 40 % of the 满意率."""
    facts = {
        "total": sum(line.maximum for line in lines),
        "score_weight": 60,
        "satisfaction_weight": 40,
        "measure": "satisfaction",
        "questionnaire": campaign.questionnaires.first(),
        **overrides,
    }
    return actions.save_scheme(campaign, facts, lines, raters)


def make_scored_campaign(root=None, names=("第一社区党委", "第二社区党委"), *, scheme=None, **overrides):
    """A campaign with a scheme whose polls take ballots and sheets."""
    root = root or make_organization("街道党工委")
    campaign = make_campaign(root, **overrides)
    units = [make_organization(name, parent=root) for name in names]
    make_scheme(campaign, **(scheme or {}))
    campaign_actions.make_polls(campaign, units)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign


def poll_named(campaign, name) -> Poll:
    return campaign.polls.select_related("campaign__organizer", "organization").get(organization__name=name)


def key_scores(poll, name, *sheets) -> RaterGroup:
    """Key sheets of the kind of raters of a name."""
    rater = RaterGroup.objects.select_related("scheme").get(scheme__campaign=poll.campaign_id, name=name)
    for marks in sheets:
        seen = keying.counted_sheets(poll).get(rater.pk, 0)
        keying.add_score_sheet(poll, rater, marks, seen=seen)
    return rater


def finish(poll, *, answer="") -> FinishedScoring:
    return keying.finish_scoring(poll, keying.counted_sheets(poll), answer=answer, by=None)


def seal_poll(poll, marks=None) -> None:
    enter_ballots(make_batch(poll, method="entered"), marks or MARKS)
    close_poll(poll)
    sealing.seal(poll, by=None)


def adjust(poll, points, **overrides) -> ScoreAdjustment:
    facts = {"reason": "获市级表彰", "evidence": "某市发〔2026〕3号", "by": None, **overrides}
    return actions.record_adjustment(poll, points=Decimal(points), **facts)


def units_of(campaign) -> dict[str, ScoredUnit]:
    """Every unit of a campaign as it is shown, by name."""
    scheme = ScoreScheme.objects.select_related("campaign", "questionnaire__scale").get(campaign=campaign)
    results = all_results(campaign.polls.all())
    polls = list(campaign.polls.select_related("campaign", "organization").order_by("path"))
    return {unit.name: unit for unit in scored_units(scheme, polls, results, scores_of(results))}
