"""Campaigns and units by the names that a command line gives; every doubt is one Chinese sentence."""

from campaigns.models import Campaign, Organization


class NotFound(LookupError):
    """No such campaign or unit, or more than one; the message says which."""


def campaign_called(title: str, *, unit: str | None = None) -> Campaign:
    """A campaign by its title, or by 「组织单位/标题」 where several organizers have one of that title.

    A unit that belongs to only one of them decides as well.
    """
    campaigns = list(Campaign.objects.filter(title=title).select_related("organizer").order_by("pk"))
    if not campaigns and "/" in title:
        organizer, _, rest = title.partition("/")
        named = Campaign.objects.filter(title=rest, organizer__name=organizer)
        campaigns = list(named.select_related("organizer").order_by("pk"))
    if len(campaigns) > 1 and unit:
        campaigns = [campaign for campaign in campaigns if _units(campaign, unit)] or campaigns
    if not campaigns:
        raise NotFound(f"没有名为“{title}”的评议活动。")
    if len(campaigns) > 1:
        names = "、".join(f"“{campaign.organizer}/{campaign.title}”" for campaign in campaigns)
        raise NotFound(f"名为“{title}”的评议活动有{len(campaigns)}个，请写明组织单位：{names}。")
    return campaigns[0]


def _units(campaign: Campaign, name: str) -> list[Organization]:
    below = Organization.objects.within(campaign.organizer).select_related("parent")
    units = list(below.filter(name=name))
    if not units and "/" in name:
        parent, _, rest = name.rpartition("/")
        units = list(below.filter(name=rest, parent__name=parent))
    return units


def unit_called(campaign: Campaign, name: str) -> Organization:
    """A unit at or below the organizer, by its name or by 「上级/名称」 where several have that name."""
    units = _units(campaign, name)
    if not units:
        raise NotFound(f"“{campaign.organizer}”及其下级中没有名为“{name}”的单位。")
    if len(units) > 1:
        names = "、".join(f"“{unit.parent}/{unit.name}”" for unit in units)
        raise NotFound(f"名为“{name}”的单位有{len(units)}个，请写明上级：{names}。")
    return units[0]
