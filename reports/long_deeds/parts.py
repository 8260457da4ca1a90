"""The next part of each kind of long deed: it returns the sentence about the whole where it was the last one, and else nothing.

Only an opening has more than one: its polls may be opened one after another (README, Decision 89). Everything else is whole or
not there, and so in one transaction.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError

from ballots import taking_back
from ballots.actions import begin_open
from campaigns import actions
from campaigns.actions import open_next_polls
from campaigns.models import Campaign, LongDeed, PlannedPeriod
from campaigns.models.states import StateError

from ..copying.actions import make_next_campaign, make_period_campaign

Kind = LongDeed.Kind
TITLE_TAKEN = "该单位刚刚有了同名的评议活动，没有复制；请换一个名称再复制。"
PERIOD_GONE = "全年计划里已经没有这一期，没有建活动。"


def _open(deed: LongDeed) -> str:
    """Freeze everything in the first part, and open the next polls in each of the others."""
    campaign = deed.campaign
    if deed.total_count is None:
        leaving = begin_open(campaign, by=deed.asked_by, seen=deed.arguments["seen"])
        deed.arguments["leaving"] = leaving
        deed.save(update_fields=["arguments"])
        deed.total_count = campaign.polls.count() - len(leaving)
        return ""
    opened = open_next_polls(campaign, after=deed.position, leaving=deed.arguments["leaving"])
    deed.done_count += opened.count
    if opened.last is not None:
        deed.position = opened.last
        return ""
    left = campaign.polls.count() - deed.done_count
    rest = f"其余{left}个留在筹备，备好以后集中重新开启。" if left else ""
    return f"“{campaign}”已开启，{deed.done_count}个评议点票面已经固定，可以发票收票。{rest}"


def _take_back(deed: LongDeed) -> str:
    """Whole, or not at all: a campaign of which some polls were back would tell which others had taken ballots."""
    taking_back.take_back_campaign(deed.campaign, by=deed.asked_by, reason=deed.arguments["reason"])
    return f"“{deed.campaign}”已退回筹备，发出的选票码全部作废；改好以后重新开启。"


def facts_asked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a copy as a deed keeps them: days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _copy(deed: LongDeed) -> str:
    facts = dict(deed.arguments)
    for day in ("starts_on", "ends_on"):
        facts[day] = date.fromisoformat(facts[day]) if facts.get(day) else None
    try:
        deed.made = make_next_campaign(deed.campaign, by=deed.asked_by, **facts)
    except IntegrityError:
        raise StateError(TITLE_TAKEN) from None
    return _copied(deed.made)


def _make_period(deed: LongDeed) -> str:
    period = PlannedPeriod.objects.filter(pk=deed.arguments["period"]).select_related("plan__organization").first()
    if period is None:
        raise StateError(PERIOD_GONE)
    deed.made = make_period_campaign(period, by=deed.asked_by)
    return _copied(deed.made)


def _copied(campaign: Campaign) -> str:
    source = campaign.copied_from
    left_out = actions.units_of_copy(source).left_out_words if source else ""
    return f"已由“{source}”复制，请核对以后开启。" + (f"没有列入：{left_out}。" if left_out else "")


def _add_questionnaire(deed: LongDeed) -> str:
    with actions.targets_following(deed.campaign) as locked:
        questionnaire = actions.add_chosen_questionnaire(locked, **deed.arguments)
    return f"已加入“{questionnaire}”，请在“评议表”里核对。"


def _delete_questionnaire(deed: LongDeed) -> str:
    with actions.targets_following(deed.campaign) as locked:
        if questionnaire := locked.questionnaires.filter(pk=deed.arguments["questionnaire"]).first():
            actions.remove_questionnaire(questionnaire)
    return f"“{deed.arguments['title']}”已经删除，各评议点的票随之更新。"


def _order(deed: LongDeed) -> str:
    actions.order_targets(deed.campaign)
    return "各评议点的票已按评议表的次序排列。"


def _refresh(deed: LongDeed) -> str:
    actions.refresh_targets(deed.campaign)
    return "各评议点的评议对象已按现在的名册和评议表更新。"


PARTS: dict[str, Callable[[LongDeed], str]] = {
    Kind.OPEN: _open,
    Kind.TAKE_BACK: _take_back,
    Kind.COPY: _copy,
    Kind.PERIOD: _make_period,
    Kind.QUESTIONNAIRE_ADD: _add_questionnaire,
    Kind.QUESTIONNAIRE_DELETE: _delete_questionnaire,
    Kind.ORDER: _order,
    Kind.REFRESH: _refresh,
}

# The routes by which they are asked for, under which the trail has their end.
ROUTES: dict[str, str] = {
    Kind.OPEN: "ballots:campaign_open",
    Kind.TAKE_BACK: "ballots:campaign_take_back",
    Kind.COPY: "reports:campaign_copy",
    Kind.PERIOD: "reports:period_campaign",
    Kind.QUESTIONNAIRE_ADD: "campaigns:questionnaire_add",
    Kind.QUESTIONNAIRE_DELETE: "campaigns:questionnaire_delete",
    Kind.ORDER: "campaigns:questionnaire_edit",
    Kind.REFRESH: "campaigns:targets_refresh",
}
