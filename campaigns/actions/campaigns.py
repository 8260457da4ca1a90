"""Creating campaigns, and the guard under which they are changed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal

from django.db import transaction

from .. import library
from ..models import Campaign, Category, Organization, Poll, Target
from .questionnaires import copy_questionnaire


class Frozen(Exception):
    """The ballot of an opened campaign does not change, nor while a poll rehearses it; the message is for the user."""

    def __init__(self, reason: str, campaign: Campaign):
        super().__init__(reason)
        self.campaign = campaign


OPENED = "评议活动已经开启，票面和规则都已冻结，不能再改。"
REHEARSING = "有评议点正在演练，请先结束演练，再修改配置。"


@contextmanager
def editing(campaign: Campaign, *, while_rehearsing: bool = False) -> Iterator[Campaign]:
    """A transaction in which a campaign may be changed; its opening waits for the end.

    Raises Frozen once the campaign is opened, and while a poll rehearses unless the change touches no such ballot.
    """
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        reason = frozen_reason(locked)
        if reason and not (while_rehearsing and reason == REHEARSING):
            raise Frozen(reason, locked)
        yield locked


def frozen_reason(campaign: Campaign) -> str:
    """Why the campaign cannot be edited now; empty when it can."""
    if campaign.is_frozen:
        return OPENED
    return REHEARSING if campaign.polls.filter(state=Poll.State.REHEARSING).exists() else ""


def create_campaign(*, organizer: Organization, appraisal: str, title: str, period: str, by, **facts) -> Campaign:
    """A campaign from a ready-made appraisal of the library: rules, 五明确, categories and questionnaires filled in.

    `facts` are further fields of the campaign and win over the appraisal's.
    """
    entry = library.appraisals()[appraisal]
    prepared = {
        **asdict(entry.rules),
        **asdict(entry.clarity),
        "channels": list(entry.channels),
        "thresholds": list(entry.thresholds),
        **facts,
    }
    with transaction.atomic():
        campaign = Campaign.objects.create(
            organizer=organizer, appraisal_key=appraisal, title=title, period=period, created_by=by, **prepared
        )
        set_categories(campaign, entry.categories)
        for target in entry.targets:
            copy_questionnaire(campaign, target.questionnaire, rule=target.rule, target_name=target.name)
        return campaign


def set_categories(campaign: Campaign, names: Iterable[str]) -> None:
    """Give a new campaign its categories of participants, in order."""
    _write_categories(campaign, ((name, None) for name in names))


def replace_categories(campaign: Campaign, rows: Iterable[tuple[str, Decimal | None]]) -> None:
    """Write the categories anew: name and weight, in order. Before opening nothing refers to them. Raises Frozen."""
    with editing(campaign):
        campaign.categories.all().delete()
        _write_categories(campaign, rows)


def _write_categories(campaign, rows):
    Category.objects.bulk_create(
        Category(campaign=campaign, name=name, weight=weight, position=position)
        for position, (name, weight) in enumerate(rows, start=1)
    )


def delete_campaign(campaign: Campaign) -> None:
    """Delete a campaign that was never opened, with its polls and questionnaires; raises Frozen."""
    with editing(campaign) as locked:
        Target.objects.filter(poll__campaign=locked).delete()
        locked.delete()
