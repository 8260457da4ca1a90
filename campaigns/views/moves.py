"""Transferring members from unit to unit."""

from django.contrib import messages
from django.shortcuts import redirect, render

from .. import actions
from ..forms.moves import MoveForm
from .fetching import member_to_edit
from .posting import posted
from .refusing import told


def member_transfer(request, member_id):
    """Put a member on another unit's roster."""
    member = member_to_edit(request, member_id)
    source = member.organization
    form = MoveForm(posted(request), user=request.user, source=source)
    if form.is_valid():
        destination = form.cleaned_data["destination"]
        try:
            actions.transfer_member(member, destination, by=request.user, **form.facts)
        except actions.TreeError as error:
            form.add_error("destination", told(error))
        else:
            messages.success(request, f"“{member}”已转到“{destination}”。")
            return redirect("campaigns:organization_detail", destination.pk)
    context = {"form": form, "member": member, "organization": source}
    return render(request, "campaigns/member_transfer.html", context)
