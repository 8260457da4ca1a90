"""Self-appraisals: a poll's list and its secretary's deeds, and the page that a member opens with their own link."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ballots.voting.cookies import participant_page
from campaigns.kept_files import MOST_BYTES, Unsuitable
from campaigns.models.states import StateError
from campaigns.permissions import require
from campaigns.views.kept_files import kept_file
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import refuse, told
from campaigns.ways import way_to
from pingyi.addresses import public_address
from pingyi.bodies import takes_files

from ..forms.self_appraisals import SelfAppraisalForm
from ..permissions import can_keep_self_appraisals
from ..self_appraisals.actions import GONE, enter_self_appraisal, last_of, submit_self_appraisal
from ..self_appraisals.content import self_appraisal_of, self_appraisals_of
from ..self_appraisals.links import is_over, link_of, make_link, revoke_link
from .fetching.members import member_of_poll, poll_of_self_appraisals


def self_appraisal_list(request, poll_id):
    poll = poll_of_self_appraisals(request, poll_id)
    lines = self_appraisals_of(poll)
    if not lines:
        raise Http404
    context = {
        "poll": poll,
        "lines": lines,
        "handed_in": sum(line.entry is not None for line in lines),
        "is_over": is_over(poll),
        "can_keep": can_keep_self_appraisals(request.user, poll),
    }
    return render(request, "reports/self_appraisal_list.html", context)


@takes_files(MOST_BYTES)
def self_appraisal_edit(request, poll_id, member_id):
    """The words of one member: read by those above, entered by the secretary where the member did not write them."""
    poll = poll_of_self_appraisals(request, poll_id)
    member = member_of_poll(poll, member_id)
    entry = self_appraisal_of(poll, member)
    can_keep = can_keep_self_appraisals(request.user, poll)
    require(can_keep or request.method == "GET")
    initial = {"text": entry.text if entry else ""}
    form = SelfAppraisalForm(posted(request), posted_files(request), initial=initial)
    if form.is_valid() and _entered(form, poll, member, request.user):
        messages.success(request, f"{member.name}的自评已经保存。")
        return redirect("reports:self_appraisal_list", poll_id=poll.pk)
    is_editable = can_keep and not (entry and entry.is_by_member)
    context = {"poll": poll, "member": member, "entry": entry, "form": form, "is_editable": is_editable}
    return render(request, "reports/self_appraisal_edit.html", context)


def _entered(form: SelfAppraisalForm, poll, member, user) -> bool:
    facts = form.cleaned_data
    try:
        enter_self_appraisal(poll, member, text=facts["text"], upload=facts["file"], by=user)
    except (StateError, Unsuitable) as refusal:
        form.add_error(None, told(refusal))
        return False
    return True


def self_appraisal_file(request, poll_id, member_id):
    """The file itself: saved by the browser, never shown as a page of this site."""
    poll = poll_of_self_appraisals(request, poll_id)
    member = member_of_poll(poll, member_id)
    row = last_of(poll, member)
    if row is None or not row.file_name:
        raise Http404
    return kept_file(row.file_name, kind=row.kind, name=f"自评-{member.name}")


@require_POST
def self_appraisal_link(request, poll_id, member_id):
    """Make a member's own link; it is shown once, and nobody can read it again."""
    poll, member = _kept(request, poll_id, member_id)
    if is_over(poll):
        refuse(request, "评议活动已经结束，不再收自评。", way_to("延期", "campaigns:campaign_extend", poll.campaign_id))
    else:
        token = make_link(poll, member, by=request.user)
        address = public_address(request, reverse("reports:self_appraisal_write", args=[token]))
        messages.success(request, f"{member.name}的链接只显示这一次，请转给本人，只能用一次：{address}")
    return redirect("reports:self_appraisal_list", poll_id=poll.pk)


@require_POST
def self_appraisal_revoke(request, poll_id, member_id):
    poll, member = _kept(request, poll_id, member_id)
    if revoke_link(poll, member):
        messages.success(request, f"{member.name}的链接已经作废。")
    return redirect("reports:self_appraisal_list", poll_id=poll.pk)


def _kept(request, poll_id: int, member_id: int):
    poll = poll_of_self_appraisals(request, poll_id)
    require(can_keep_self_appraisals(request.user, poll))
    return poll, member_of_poll(poll, member_id)


# Whoever knows the link is the member: no other site can know it, so that no token of ours is wanted.
@takes_files(MOST_BYTES)
@participant_page
def self_appraisal_write(request, code):
    """The page that a member opens with their own link, once."""
    link = link_of(code)
    if link is None:
        return render(request, "reports/self_appraisal_gone.html", {"reason": GONE}, status=404)
    form = SelfAppraisalForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            submit_self_appraisal(link, text=form.cleaned_data["text"], upload=form.cleaned_data["file"])
        except (StateError, Unsuitable) as refusal:
            form.add_error(None, told(refusal))
        else:
            return redirect("reports:self_appraisal_done")
    return render(request, "reports/self_appraisal_write.html", {"link": link, "form": form})


@participant_page
def self_appraisal_done(request):
    return render(request, "reports/self_appraisal_done.html")
