"""Creating campaigns, and the guard under which they are changed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from itertools import repeat

from django.db import transaction
from django.db.models import ProtectedError

from .. import library
from ..models import AppraisedDocument, Campaign, Category, Organization, Poll
from .questionnaires import copy_questionnaire
from .steps import write_steps


class Frozen(Exception):
    """The ballot of an opened campaign does not change, nor while a poll rehearses it; the message is for the user."""

    def __init__(self, reason: str, campaign: Campaign):
        super().__init__(reason)
        self.campaign = campaign


OPENED = "评议活动已经开启，票面和规则都已冻结，不能再改。"
REHEARSING = "有评议点正在演练，请先结束演练，再修改配置。"
UNDER_WAY = "后台程序正在办这次活动的“{}”，办完以后才能改；进度在活动页上。"


@contextmanager
def editing(campaign: Campaign, *, while_rehearsing: bool = False, ballot_of: Poll | None = None) -> Iterator[Campaign]:
    """A transaction in which a campaign may be changed; its opening waits for the end.

    Raises Frozen once the campaign is opened, while the worker has a deed on it, and while a poll rehearses unless the change
    touches no such ballot. A change that touches the ballot of one poll alone is still made where that poll was taken back.
    """
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        reason = frozen_reason(locked, ballot_of=ballot_of)
        if reason and not (while_rehearsing and reason == REHEARSING):
            raise Frozen(reason, locked)
        try:
            yield locked
        except ProtectedError as error:
            _refuse_losing_documents(error, locked)
            _refuse_losing_held(error, locked)
            _refuse_losing_work(error, locked)


def _refuse_losing_documents(error: ProtectedError, campaign: Campaign) -> None:
    """Say which report, or which opinions on it, a target would have taken with it."""
    for row in error.protected_objects:
        if isinstance(row, AppraisedDocument):
            raise Frozen(
                f"“{row.target}”已经登记了“{row}”，不能从票上去掉；请先在“报告和文稿”里撤下。", campaign
            ) from error


def frozen_reason(campaign: Campaign, *, ballot_of: Poll | None = None) -> str:
    """Why the campaign, or the ballot of one of its polls, cannot be edited now; empty when it can."""
    if campaign.is_frozen:
        is_taken_back = ballot_of and Poll.objects.filter(pk=ballot_of.pk, state=Poll.State.PREPARING).exists()
        return "" if is_taken_back else OPENED
    if deed := campaign.long_deeds.at_work().first():
        return UNDER_WAY.format(deed.get_kind_display())
    return REHEARSING if campaign.polls.filter(state=Poll.State.REHEARSING).exists() else ""


def _refuse_losing_held(error: ProtectedError, campaign: Campaign) -> None:
    """Say why a row of a room above, which this one does not know, holds a unit or a category fast."""
    for row in error.protected_objects:
        if reason := getattr(row, "why_it_holds", ""):
            raise Frozen(reason, campaign) from error


def _refuse_losing_work(error: ProtectedError, campaign: Campaign) -> None:
    """Say what was recorded about the things that would go: opinions gathered before a campaign was taken back, and the like."""
    kinds = dict.fromkeys(str(row._meta.verbose_name) for row in error.protected_objects)
    raise Frozen(f"要去掉的内容名下已经登记了{'、'.join(kinds)}，不能去掉，也不能删除。", campaign) from error


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
        weights = map(Decimal, entry.weights) if entry.weights else repeat(None)
        _write_categories(campaign, zip(entry.categories, weights, strict=False))
        for target in entry.targets:
            copy_questionnaire(campaign, target.questionnaire, rule=target.rule, target_name=target.name)
        write_steps(campaign, ((kind, None, None) for kind in entry.steps))
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
