"""Pairs of units whose members appraise one another, while a campaign is prepared."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import redirect

from .. import actions
from ..forms.lists import UnitSearchForm
from ..forms.pairing import PairForm, PairingForm, PartnerCategoryForm
from ..listing import Listing
from ..polls_for_deed import keys_of, mark_of
from .configuring import configurable, refuses_when_frozen, render_step
from .many import NOT_AS_SEEN
from .posting import posted

# Beside each of so many units there is room for a number; of more, pairs are made one by one or all at once.
MOST_NUMBERED = 500
UNITS_A_PAGE = 200
JOIN, PART, NEIGHBOURS, NONE = "join", "part", "neighbours", "none"


@refuses_when_frozen
def campaign_pairs(request, campaign_id):
    """The pairs; asked for neighbours, they are filled in and nothing is written yet."""
    campaign = configurable(request, campaign_id)
    if campaign.frozen_reason:
        return _render(request, campaign, listing=_listing(request, _firsts(campaign)))
    if campaign.polls.count() > MOST_NUMBERED:
        return _pairs_in_pages(request, campaign)
    polls = list(campaign.polls.select_related("organization").order_by("path"))
    wants_neighbours = "neighbours" in request.GET
    pairs = actions.neighbouring_pairs(polls) if wants_neighbours else actions.pairs_of(campaign)
    form = PairingForm(posted(request), campaign=campaign, polls=polls, pairs=pairs)
    if form.is_valid():
        actions.pair_polls(campaign, form.pairs, category=form.cleaned_data["category"] if form.pairs else "")
        messages.success(
            request, f"结对已经保存：{len(form.pairs)}对，{len(polls) - 2 * len(form.pairs)}个单位不结对。"
        )
        return redirect("campaigns:campaign_pairs", campaign_id=campaign.pk)
    return _render(request, campaign, form=form, wants_neighbours=wants_neighbours)


def _render(request, campaign, **context):
    return render_step(request, "campaigns/campaign_pairs.html", campaign, heading="结对互评", **context)


def _paired(campaign):
    """The campaign's polls with their partners."""
    partners = ("organization", "partner__organization")
    return campaign.polls.select_related(*partners).defer("form", "partner__form").order_by("path")


def _firsts(campaign):
    """The first poll of each pair."""
    return _paired(campaign).exclude(partner=None).filter(path__lt=F("partner__path"))


def _listing(request, polls) -> Listing:
    return Listing(request.GET, polls, (), size=UNITS_A_PAGE)


def _pairs_in_pages(request, campaign):
    """The units a page at a time, each with its partner; a deed of all of them is done as they were seen."""
    sent = posted(request) or {}
    deed = sent.get("deed")
    mark = mark_of(keys_of(campaign.polls.all()), keys_of(_firsts(campaign)))
    join = PairForm(posted(request) if deed == JOIN else None, campaign=campaign, prefix="pair")
    neighbours = PartnerCategoryForm(posted(request) if deed == NEIGHBOURS else None, campaign=campaign)
    done = ""
    if deed in (NEIGHBOURS, NONE) and sent.get("seen") != mark:
        messages.warning(request, NOT_AS_SEEN)
    elif join.is_valid():
        done = _join(campaign, join)
    elif neighbours.is_valid():
        count = actions.pair_neighbours(campaign, category=neighbours.cleaned_data["category"])
        done = f"按次序结成了{count}对。"
    elif deed in (PART, NONE):
        keys = None if deed == NONE else _keys(sent.getlist("polls"))
        done = f"解除了{actions.part_pairs(campaign, keys)}对。"
    if done:
        messages.success(request, done)
        return redirect("campaigns:campaign_pairs", campaign_id=campaign.pk)
    filters = UnitSearchForm(request.GET)
    context = {"mark": mark, "join": join, "neighbours": neighbours, "filters": filters}
    counts = {"pair_count": _firsts(campaign).count(), "unit_count": campaign.polls.count()}
    listing = _listing(request, filters.apply(_paired(campaign)))
    return _render(request, campaign, is_paged=True, listing=listing, **context, **counts)


def _join(campaign, form) -> str:
    """The sentence about a new pair; empty where somebody was quicker, which the form says."""
    first, second = form.polls
    if actions.join_pair(campaign, first, second, category=form.cleaned_data["category"]):
        return f"“{first.unit_name}”和“{second.unit_name}”已经结对。"
    form.add_error(None, "其中一个单位刚刚和别的单位结了对，没有保存；请看下面的名单。")
    return ""


def _keys(sent: list[str]) -> list[int]:
    return [int(key) for key in sent if key.isdecimal()]
