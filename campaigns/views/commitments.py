"""Public commitments of an organization and its members."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ..forms.organizations import CommitmentForm
from ..models import Commitment, Organization
from ..permissions import can_edit_roster, require
from .posting import posted


def commitment_add(request, organization_id):
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=organization_id)
    require(can_edit_roster(request.user, organization))
    form = CommitmentForm(posted(request), instance=Commitment(organization=organization))
    if form.is_valid():
        form.save()
        messages.success(request, "已新增一项承诺。")
        return redirect("campaigns:organization_detail", organization.pk)
    return render(request, "campaigns/commitment_form.html", {"form": form, "organization": organization})


def commitment_edit(request, commitment_id):
    commitment = _editable(request, commitment_id)
    form = CommitmentForm(posted(request), instance=commitment)
    if form.is_valid():
        form.save()
        messages.success(request, "已保存承诺。")
        return redirect("campaigns:organization_detail", commitment.organization_id)
    context = {"form": form, "organization": commitment.organization, "commitment": commitment}
    return render(request, "campaigns/commitment_form.html", context)


@require_POST
def commitment_delete(request, commitment_id):
    commitment = _editable(request, commitment_id)
    try:
        commitment.delete()
    except ProtectedError:
        messages.error(request, "这项承诺已经列为评议对象，或者转入了整改台账，不能删除。")
    else:
        messages.success(request, "已删除一项承诺。")
    return redirect("campaigns:organization_detail", commitment.organization_id)


def _editable(request, commitment_id):
    visible = Commitment.objects.visible_to(request.user).select_related("organization")
    commitment = get_object_or_404(visible, pk=commitment_id)
    require(can_edit_roster(request.user, commitment.organization))
    return commitment
