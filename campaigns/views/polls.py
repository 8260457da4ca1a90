"""Polls while they are prepared: which units, what their ballots are about, the facts of the meeting."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from .. import actions
from ..forms.fields import read_only_rows
from ..forms.lists import PollFilterForm
from ..forms.polls import CommitmentsForm, LateFactsForm, PollFactsForm, TargetAddForm, TargetFormSet, UnitsForm
from ..forms.seen import save_seen
from ..listing import Head, Listing, in_order_of
from ..long_deeds import is_for_worker
from ..models import LongDeed, Organization, Poll, Target
from ..models.states import StateError
from ..permissions import can_configure
from ..pinyin import ByPinyin
from ..unit_tree import FOLDED_FROM, branches_of
from ..ways import way_to
from .configuring import configurable, refuses_when_frozen, render_step
from .fetching import poll_to_run, visible_poll
from .long_deeds import ask_worker
from .poll_units import MOST_BOXES, UnitChoice, answer_to_choice
from .posting import posted
from .refusing import refuse, told

EVERY, NONE = "all", "none"
CHOSEN_A_PAGE = 50
CHOSEN_HEADS = (
    Head("评议单位", "name", (ByPinyin("organization__name"),)),
    Head("类别", "kind", (in_order_of("organization__kind", Organization.Kind.values),)),
    Head("状态", "state", (in_order_of("state", Poll.State.values),)),
    Head("评议对象", "targets", ("target_count",), is_number=True),
    Head("票和会议", is_deeds=True),
)


@refuses_when_frozen
def poll_list(request, campaign_id):
    campaign = configurable(request, campaign_id)
    units = _units(campaign)
    if campaign.frozen_reason:
        return _chosen_list(request, campaign)
    if units[: MOST_BOXES + 1].count() > MOST_BOXES:
        sent = posted(request)
        choice = UnitChoice(request.GET if sent is None else sent, campaign, units)
        saved = None if sent is None else answer_to_choice(request, campaign, choice)
        return saved or _chosen_list(request, campaign, choice=choice)
    form = UnitsForm(posted(request), units=units)
    if "tick" not in request.POST and form.is_valid():
        come, gone = actions.choose_units(campaign, form.cleaned_data["units"])
        messages.success(request, f"评议单位已经保存：新增{come}个，移除{gone}个。")
        return redirect("campaigns:poll_list", campaign_id=campaign.pk)
    return _chosen_list(request, campaign, form=form, **_choice(request, campaign, list(units)))


def _chosen_list(request, campaign, **context):
    """The page with the polls that there are, and whatever the choice of units needs."""
    filters = PollFilterForm(request.GET)
    targets = Target.objects.filter(poll=OuterRef("pk")).order_by().values("poll").annotate(number=Count("pk"))
    target_count = Coalesce(Subquery(targets.values("number")), 0)
    polls = campaign.polls.select_related("organization").defer("form").annotate(target_count=target_count)
    listing = Listing(request.GET, filters.apply(polls).order_by("path"), CHOSEN_HEADS, size=CHOSEN_A_PAGE)
    context |= {"heading": "评议单位", "gaps": _gaps(campaign), "filters": filters, "listing": listing}
    return render_step(request, "campaigns/poll_list.html", campaign, **context)


def _units(campaign) -> QuerySet[Organization]:
    """The units that may have a poll, and those that have one though they are no longer active."""
    has_poll = Exists(campaign.polls.filter(organization=OuterRef("pk")))
    return Organization.objects.within(campaign.organizer).filter(Q(is_active=True) | has_poll).order_by("path")


def _choice(request, campaign, units) -> dict:
    """The tree of units with its boxes, for the page."""
    taken = set(campaign.polls.order_by().values_list("organization_id", flat=True))
    ticked = _ticked(request, units, taken=taken)
    return {
        "branches": branches_of(campaign.organizer, units, ticked),
        "is_folded": len(units) > FOLDED_FROM,
        "unit_count": len(units),
        "ticked_count": len(ticked),
        "kinds": _kinds(units),
    }


def _ticked(request, units, *, taken) -> set[int]:
    """Which boxes are ticked: those that have a poll, or those that were posted and those that a button just asked for."""
    if request.method != "POST":
        return taken
    tick = request.POST.get("tick")
    if tick in (EVERY, NONE):
        return {unit.pk for unit in units} if tick == EVERY else set()
    posted_keys = set(request.POST.getlist("units"))
    # A kind, or the path of a branch.
    return {
        unit.pk
        for unit in units
        if str(unit.pk) in posted_keys or unit.kind == tick or unit.path.startswith(tick or "-")
    }


def _kinds(units) -> list[tuple[str, str, int]]:
    """The kinds that occur: key, label, how many."""
    kinds = [unit.kind for unit in units]
    return [(kind.value, kind.label, kinds.count(kind)) for kind in Organization.Kind if kind in kinds]


def _gaps(campaign) -> list[tuple[str, int, str]]:
    """Questionnaires that do not occur on every ballot: title, from how many they are missing, some of those units."""
    # By their questionnaires, that are the campaign's: an index alone then answers.
    targets = Target.objects.filter(questionnaire__campaign=campaign).order_by()
    used = dict(targets.values_list("questionnaire").annotate(Count("poll", distinct=True)))
    poll_count = campaign.polls.count()
    gaps = []
    for questionnaire in campaign.questionnaires.all():
        if missing := poll_count - used.get(questionnaire.pk, 0):
            has_it = Exists(questionnaire.targets.filter(poll=OuterRef("pk")))
            without = campaign.polls.filter(~has_it).order_by("path").values_list("organization__name", flat=True)
            gaps.append((questionnaire.title, missing, "、".join(without[:3])))
    return gaps


@require_POST
@refuses_when_frozen
def targets_refresh(request, campaign_id):
    campaign = configurable(request, campaign_id)
    if is_for_worker(campaign):
        return ask_worker(request, campaign, LongDeed.Kind.REFRESH)
    actions.refresh_targets(campaign)
    messages.success(request, "各评议点的评议对象已按现在的名册和评议表更新。")
    return redirect("campaigns:poll_list", campaign_id=campaign.pk)


def poll_edit(request, poll_id):
    poll = poll_to_run(request, poll_id)
    roster_count = poll.organization.members.active().count()
    with transaction.atomic():
        if request.method == "POST":
            # Closing and sealing wait until the facts are written.
            Poll.objects.select_for_update().get(pk=poll.pk)
            poll.refresh_from_db()
            if poll.state == Poll.State.SEALED:
                sentence = f"“{poll.organization}”的评议点已经封存，会议情况不能再改。"
                refuse(request, sentence, way_to("补记", "campaigns:late_facts", poll.pk))
                return redirect("campaigns:poll_edit", poll_id=poll.pk)
        form = PollFactsForm(posted(request), instance=poll, roster_count=roster_count)
        if save_seen(form):
            messages.success(request, f"“{poll.organization}”的会议情况已经保存。")
            return redirect("ballots:poll_detail", poll_id=poll.pk)
    is_sealed = poll.state == Poll.State.SEALED
    context = {
        "poll": poll,
        "campaign": poll.campaign,
        "form": form,
        "rows": read_only_rows(form) if is_sealed else [],
        "completable": actions.completable(poll) if is_sealed else [],
        "late_facts": poll.late_facts.select_related("completed_by"),
        "heading": "会议情况",
    }
    return render(request, "campaigns/poll_edit.html", context)


def late_facts(request, poll_id):
    """Complete facts of the meeting that were left blank at the seal; the page keeps that they came late."""
    poll = poll_to_run(request, poll_id)
    free = actions.completable(poll)
    if poll.state != Poll.State.SEALED or not free:
        sentence = "封存以前直接填写；封存以后只能补记当时空着的，这里没有可以补记的内容。"
        refuse(request, sentence, way_to("会议情况", "campaigns:poll_edit", poll.pk))
        return redirect("campaigns:poll_edit", poll_id=poll.pk)
    form = LateFactsForm(posted(request), poll=poll, facts=free)
    if form.is_valid():
        try:
            actions.complete_facts(poll, form.values, reason=form.cleaned_data["reason"], by=request.user)
        except StateError as refusal:
            form.add_error(None, told(refusal))
        else:
            messages.success(request, "已经补记，报告单和结果表上注明“封存后补记”。")
            return redirect("campaigns:poll_edit", poll_id=poll.pk)
    context = {"poll": poll, "campaign": poll.campaign, "form": form, "heading": "封存后补记"}
    return render(request, "campaigns/late_facts.html", context)


@refuses_when_frozen
def poll_targets(request, poll_id):
    poll = visible_poll(request, poll_id)
    campaign = configurable(request, poll.campaign_id, ballot_of=poll)
    targets = _targets(poll)
    formset = TargetFormSet(posted(request), targets=targets)
    if formset.is_valid():
        actions.arrange_targets(poll, formset.kept)
        messages.success(request, f"“{poll.organization}”的评议对象已经保存。")
        return redirect("campaigns:poll_targets", poll_id=poll.pk)
    return _targets_page(request, campaign, poll, targets, formset, TargetAddForm(poll=poll, prefix="new"))


@require_POST
@refuses_when_frozen
def target_add(request, poll_id):
    poll = visible_poll(request, poll_id)
    campaign = configurable(request, poll.campaign_id, ballot_of=poll)
    form = TargetAddForm(posted(request), poll=poll, prefix="new")
    if form.is_valid():
        target = actions.add_target(form.instance)
        messages.success(request, f"票上已增加“{target}”。")
        return redirect("campaigns:poll_targets", poll_id=poll.pk)
    targets = _targets(poll)
    return _targets_page(request, campaign, poll, targets, TargetFormSet(targets=targets), form)


def _targets(poll) -> list[Target]:
    return list(poll.targets.select_related("questionnaire", "member__organization"))


def _targets_page(request, campaign, poll, targets, formset, add_form):
    return render_step(
        request,
        "campaigns/poll_targets.html",
        campaign,
        poll=poll,
        formset=formset,
        add_form=add_form,
        targets=targets,
        heading="评议对象",
        current="评议单位",
    )


@refuses_when_frozen
def poll_commitments(request, poll_id):
    """Choose which public commitments the ballot is about."""
    poll = visible_poll(request, poll_id)
    campaign = configurable(request, poll.campaign_id, ballot_of=poll)
    form = CommitmentsForm(posted(request), poll=poll)
    if form.is_valid():
        count = actions.add_commitments(poll, form.cleaned_data["questionnaire"], form.cleaned_data["commitments"])
        messages.success(request, f"票上已增加{count}项公开承诺。")
        return redirect("campaigns:poll_targets", poll_id=poll.pk)
    return render_step(
        request,
        "campaigns/poll_commitments.html",
        campaign,
        poll=poll,
        form=form,
        heading="选择公开承诺",
        current="评议单位",
    )


@refuses_when_frozen
def poll_delete(request, poll_id):
    """Say what goes with a poll in preparation, and delete it once that is confirmed."""
    poll = visible_poll(request, poll_id)
    campaign = configurable(request, poll.campaign_id, ballot_of=poll)
    if request.method == "POST":
        actions.delete_poll(poll)
        messages.success(request, f"“{poll.unit_name}”的评议点已经删除。")
        return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)
    going = actions.going_with_poll(poll)
    context = {"campaign": campaign, "kind": "评议点", "name": poll.unit_name, "going": going}
    return render(request, "campaigns/deletion.html", context)


def poll_preview(request, poll_id):
    """The ballot as a phone shows it: the frozen one, or what it would be now."""
    poll = visible_poll(request, poll_id)
    form = poll.ballot_form if poll.form else actions.compose_form(poll)
    context = {
        "poll": poll,
        "campaign": poll.campaign,
        "form": form,
        "heading": "预览选票",
        "can_configure": can_configure(request.user, poll.campaign),
    }
    return render(request, "campaigns/poll_preview.html", context)
