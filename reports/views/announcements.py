"""公示: drafts, publishing and withdrawing, objections; and the page that anybody may read while it is up."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ballots.views.batches import LOOPBACK
from campaigns.forms.seen import save_seen
from campaigns.listing import Head, Listing
from campaigns.models import TargetKind
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.posting import posted
from campaigns.views.refusing import refuse, told
from campaigns.ways import way_to

from ..announcements import AskedPage, further_results, objections_sentence, period_warnings, standard_announcement
from ..announcements.actions import discard_announcement, notice_on_page, publish_announcement, results_to_announce
from ..forms.announcements import AnnouncementForm, ObjectionForm, WithdrawForm
from ..forms.lists import AnnouncementFilterForm
from ..models import Announcement, Objection
from ..permissions import can_announce, can_see_announcements
from ..scope import Scope
from .addresses import results_address
from .fetching.announcements import announcement_to_write, objection_to_answer, target_to_announce, visible_announcement
from .fetching.results import chosen_scope, poll_of_results
from .notice_files import address_of_notice, is_left_to_the_worker

ANNOUNCEMENTS_PER_PAGE = 50
ANNOUNCEMENT_HEADS = (
    Head("公示", "title", ("title",)),
    Head("状态"),
    Head("公示时间", "starts", ("starts_on", "ends_on")),
    Head("方式", "audience", ("audience",)),
    Head("异议", "objections", ("objection_count",), is_number=True),
    Head("待答复", "unanswered", ("unanswered_count",), is_number=True),
)


@dataclass(frozen=True)
class AnnouncementPages:
    """Where the announcements of one place are worked on: a poll, or a unit's part of a campaign."""

    scope: Scope

    def address(self, name: str) -> str:
        if self.scope.poll:
            return reverse(f"reports:announcement_{name}", args=[self.scope.poll.pk])
        query = {"unit": self.scope.unit.pk}
        return reverse(f"reports:unit_announcement_{name}", args=[self.scope.campaign.pk], query=query)

    @property
    def context(self) -> dict:
        """The part of every page's context that says where it is."""
        pages = {"list": self.address("list"), "add": self.address("add"), "results": results_address(self.scope)}
        return {"scope": self.scope, "pages": pages}


def announcement_list(request, poll_id):
    return _list(request, Scope.of_poll(poll_of_results(request, poll_id)))


def unit_announcement_list(request, campaign_id):
    return _list(request, chosen_scope(request, campaign_id))


def announcement_add(request, poll_id):
    return _add(request, Scope.of_poll(poll_of_results(request, poll_id)))


def unit_announcement_add(request, campaign_id):
    return _add(request, chosen_scope(request, campaign_id))


def _list(request, scope: Scope):
    require(can_see_announcements(request.user, scope))
    may_announce = can_announce(request.user, scope)
    filters = AnnouncementFilterForm(request.GET)
    announcements = filters.apply(Announcement.objects.of(scope).with_objection_counts())
    context = {
        "filters": filters,
        "listing": Listing(request.GET, announcements, ANNOUNCEMENT_HEADS, size=ANNOUNCEMENTS_PER_PAGE),
        "whole": "" if scope.poll else f"?unit={scope.organization.pk}",
        "can_announce": may_announce,
        "targets": scope.poll.targets.exclude(kind=TargetKind.OPEN) if scope.poll and may_announce else (),
    }
    return render(request, "reports/announcement_list.html", AnnouncementPages(scope).context | context)


def _add(request, scope: Scope):
    require(can_announce(request.user, scope))
    pages, results, post = AnnouncementPages(scope), results_to_announce(scope), posted(request)
    if results.hidden_reason:
        messages.error(request, f"{results.hidden_reason}，不能公示。")
        return HttpResponseRedirect(pages.address("list"))
    target = target_to_announce(request, results)
    further = () if target else further_results(scope)
    draft = standard_announcement(scope, results, today=timezone.localdate(), target=target, further=further)
    form = AnnouncementForm(post, instance=draft, results=results, further=further)
    if form.is_valid():
        announcement = form.save()
        messages.success(request, "公示草稿已保存。核对下面的预览，再发布。")
        return redirect("reports:announcement_detail", announcement.pk)
    warnings = period_warnings(draft.starts_on, draft.ends_on) if post is None else []
    context = {"form": form, "warnings": warnings, "target": target}
    return render(request, "reports/announcement_form.html", pages.context | context)


def announcement_edit(request, announcement_id):
    """The form of a draft; what is published has a page and no form."""
    announcement = announcement_to_write(request, announcement_id)
    if not announcement.is_draft:
        return redirect("reports:announcement_detail", announcement.pk)
    results = results_to_announce(announcement.scope)
    form = AnnouncementForm(posted(request), instance=announcement, results=results)
    try:
        is_saved = save_seen(form, lambda: announcement.revise(**form.facts))
    except StateError as refusal:
        is_saved = False
        form.add_error(None, told(refusal))
    if is_saved:
        messages.success(request, "公示草稿已保存。")
        return redirect("reports:announcement_detail", announcement.pk)
    context = {"announcement": announcement, "form": form, "target": announcement.target}
    return render(request, "reports/announcement_form.html", AnnouncementPages(announcement.scope).context | context)


def announcement_detail(request, announcement_id):
    announcement = visible_announcement(request, announcement_id)
    return _detail(request, announcement, WithdrawForm())


@require_POST
def announcement_publish(request, announcement_id):
    announcement = announcement_to_write(request, announcement_id)
    try:
        published = publish_announcement(announcement, by=request.user, today=timezone.localdate())
    except StateError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, f"公示已经发布，现为“{published.state.label}”。内容不再变动。")
    return redirect("reports:announcement_detail", announcement.pk)


@require_POST
def announcement_withdraw(request, announcement_id):
    announcement = announcement_to_write(request, announcement_id)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        try:
            announcement.withdraw(by=request.user, reason=form.cleaned_data["reason"])
        except StateError as refusal:
            messages.error(request, told(refusal))
        else:
            messages.success(request, "公示已经撤下，公开网页同时消失；张贴的纸质公示请取下。")
        return redirect("reports:announcement_detail", announcement.pk)
    return _detail(request, announcement, form)


@require_POST
def announcement_delete(request, announcement_id):
    announcement = announcement_to_write(request, announcement_id)
    try:
        discard_announcement(announcement)
    except StateError as refusal:
        messages.error(request, told(refusal))
        return redirect("reports:announcement_detail", announcement.pk)
    messages.success(request, "公示草稿已删除。")
    return HttpResponseRedirect(AnnouncementPages(announcement.scope).address("list"))


def objection_add(request, announcement_id):
    announcement = announcement_to_write(request, announcement_id)
    if announcement.is_draft:
        refuse(request, "公示发布以后才登记异议。", way_to("发布公示", "reports:announcement_detail", announcement.pk))
        return redirect("reports:announcement_detail", announcement.pk)
    return _objection(request, Objection(announcement=announcement, recorded_by=request.user))


def objection_edit(request, objection_id):
    return _objection(request, objection_to_answer(request, objection_id))


@login_not_required
@never_cache
@require_safe
def announcement_public(request, token):
    """While it is up, the notice; before, after and for any other address one and the same answer."""
    announcement = Announcement.objects.on_display(timezone.localdate()).filter(token=token).first()
    if announcement:
        on_page = notice_on_page(announcement, _asked_page(request))
        context = {"content": on_page.content, "shown": on_page.shown}
        response = render(request, "reports/announcement_public.html", context)
    else:
        response = render(request, "reports/announcement_gone.html", status=404)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _detail(request, announcement: Announcement, withdraw_form: WithdrawForm):
    address = address_of_notice(request, announcement)
    on_page = notice_on_page(announcement, _asked_page(request))
    context = {
        "announcement": announcement,
        "content": on_page.content,
        "shown": on_page.shown,
        "is_long": is_left_to_the_worker(on_page),
        "withdraw_form": withdraw_form,
        "warnings": on_page.warnings,
        "objections": announcement.objections.waiting_first(),
        "objections_sentence": objections_sentence(announcement),
        "address": address,
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(border=2, scale=4),
        "is_local": urlsplit(address).netloc.startswith(LOOPBACK),
        "can_announce": can_announce(request.user, announcement.scope),
    }
    pages = AnnouncementPages(announcement.scope)
    return render(request, "reports/announcement_detail.html", pages.context | context)


def _asked_page(request) -> AskedPage:
    """The part and the page of it that `?part=` and `?page=` name."""
    return AskedPage(request.GET.get("part", ""), request.GET.get("page", ""))


def _objection(request, objection: Objection):
    form = ObjectionForm(posted(request), instance=objection)
    announcement = objection.announcement
    if save_seen(form):
        messages.success(request, "异议已登记。" if form.instance.answered_on is None else "异议和答复已登记。")
        return redirect("reports:announcement_detail", announcement.pk)
    context = {"announcement": announcement, "objection": objection, "form": form}
    return render(request, "reports/objection_form.html", AnnouncementPages(announcement.scope).context | context)
