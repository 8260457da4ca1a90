"""Members on an organization's roster."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ..forms.organizations import MemberForm
from ..forms.seen import save_seen
from ..models import Member
from ..permissions import can_keep_persons
from .fetching import member_to_edit, organization_to_edit
from .posting import posted


def member_add(request, organization_id):
    organization = organization_to_edit(request, organization_id)
    form = MemberForm(posted(request), instance=Member(organization=organization))
    if form.is_valid():
        member = form.save()
        messages.success(request, f"已新增党员“{member}”。")
        return redirect("campaigns:organization_detail", organization.pk)
    return render(request, "campaigns/member_form.html", {"form": form, "organization": organization})


def member_edit(request, member_id):
    member = member_to_edit(request, member_id)
    organization = member.organization
    form = MemberForm(posted(request), instance=member)
    if save_seen(form):
        messages.success(request, f"已保存党员“{member}”。")
        return redirect("campaigns:organization_detail", member.organization_id)
    context = {
        "form": form,
        "organization": organization,
        "member": Member.objects.get(pk=member.pk),
        "can_keep": can_keep_persons(request.user, organization),
        "transfers": member.transfers.select_related("by"),
    }
    return render(request, "campaigns/member_form.html", context)


@require_POST
def member_deactivate(request, member_id):
    return _switch(request, member_id, is_active=False, done="已从名册移出")


@require_POST
def member_activate(request, member_id):
    return _switch(request, member_id, is_active=True, done="已放回名册")


def _switch(request, member_id, *, is_active, done):
    member = member_to_edit(request, member_id)
    member.is_active = is_active
    member.save(update_fields=["is_active"])
    messages.success(request, f"{done}：{member}。")
    return redirect("campaigns:organization_detail", member.organization_id)
