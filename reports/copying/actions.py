"""Making the next campaign from one, and that of a planned period from the last."""

from django.db import transaction

from campaigns.actions import copy_campaign, free_name
from campaigns.models import Campaign, PlannedPeriod
from campaigns.models.states import StateError
from campaigns.next_period import next_name
from campaigns.ways import way_to

from ..scoring.actions import carry_scheme
from ..summary.carrying import carry_texts


def make_next_campaign(source: Campaign, *, title: str, period: str, by, **facts) -> Campaign:
    """The next campaign from a source with its standing words and its scheme of points, in one transaction; raises StateError as `copy_campaign` does."""
    with transaction.atomic():
        campaign = copy_campaign(source, title=title, period=period, by=by, **facts)
        carry_texts(source, campaign, by=by)
        carry_scheme(source, campaign)
        return campaign


def source_of(period: PlannedPeriod) -> Campaign | None:
    """The campaign that a period's is copied from: that of the last period before it, or the organizer's newest; None where there is none."""
    campaigns = Campaign.objects.filter(organizer=period.plan.organization)
    planned = campaigns.filter(planned_period__starts_on__lt=period.starts_on)
    return planned.order_by("-planned_period__starts_on").first() or campaigns.order_by("-created_at", "-pk").first()


def make_period_campaign(period: PlannedPeriod, *, by) -> Campaign:
    """Make the period's campaign, with its name and days; raises StateError where it has one, or there is none to copy."""
    with transaction.atomic():
        locked = (
            PlannedPeriod.objects.select_for_update(of=["self"]).select_related("plan__organization").get(pk=period.pk)
        )
        if locked.campaign_id:
            raise StateError(
                f"“{locked}”已经有活动了。", way=way_to("评议活动", "campaigns:campaign_detail", locked.campaign_id)
            )
        source = source_of(locked)
        if source is None:
            raise StateError(
                "还没有可以复制的活动。请先新建这一期的活动，再在本期里选上它；以后各期都可以由它复制。",
                way=way_to("新建评议活动", "campaigns:campaign_add"),
            )
        days = {"starts_on": locked.starts_on, "ends_on": locked.ends_on}
        title = title_of(locked, source)
        locked.campaign = make_next_campaign(source, title=title, period=locked.title, by=by, **days)
        locked.save(update_fields=["campaign"])
        return locked.campaign


def title_of(period: PlannedPeriod, source: Campaign) -> str:
    """The source's title with this period's name in the place of its own; numbered where the organizer has used it."""
    if source.period in source.title:
        title = source.title.replace(source.period, period.title, 1)
    elif next_name(source.title):
        title = f"{period.title}群众评议"
    else:
        title = f"{period.title}{source.title}"
    return free_name(title, "{}（{}）", source.organizer.campaigns.values_list("title", flat=True))
