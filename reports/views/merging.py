"""Merging a unit into another one, with its members, its promises and its ledger."""

from django.contrib import messages
from django.shortcuts import redirect, render

from campaigns.actions import TreeError
from campaigns.forms.moves import MoveForm
from campaigns.permissions import can_arrange, require
from campaigns.views.fetching import organization_to_edit
from campaigns.views.posting import posted
from campaigns.views.refusing import told

from ..ledger.merging import merge_unit


def organization_merge(request, organization_id):
    """Make a unit part of another one."""
    organization = organization_to_edit(request, organization_id)
    require(can_arrange(request.user, organization.parent) and organization.is_active)
    form = MoveForm(posted(request), user=request.user, source=organization)
    if form.is_valid():
        destination = form.cleaned_data["destination"]
        try:
            merge_unit(organization, destination, by=request.user, **form.facts)
        except TreeError as error:
            form.add_error("destination", told(error))
        else:
            messages.success(request, f"“{organization}”已并入“{destination}”。")
            return redirect("campaigns:organization_detail", destination.pk)
    context = {
        "form": form,
        "organization": organization,
        "member_count": organization.members.count(),
        "child_count": organization.children.count(),
    }
    return render(request, "reports/organization_merge.html", context)
