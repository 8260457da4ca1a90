"""Public commitments of an organization and its members."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ..forms.organizations import CommitmentForm
from ..forms.seen import save_seen
from ..models import Commitment
from .fetching import commitment_to_edit, organization_to_edit
from .posting import posted


def commitment_add(request, organization_id):
    organization = organization_to_edit(request, organization_id)
    form = CommitmentForm(posted(request), instance=Commitment(organization=organization))
    if form.is_valid():
        form.save()
        messages.success(request, "已新增一项承诺。")
        return redirect("campaigns:organization_detail", organization.pk)
    return render(request, "campaigns/commitment_form.html", {"form": form, "organization": organization})


def commitment_edit(request, commitment_id):
    commitment = commitment_to_edit(request, commitment_id)
    form = CommitmentForm(posted(request), instance=commitment)
    if save_seen(form):
        messages.success(request, "已保存承诺。")
        return redirect("campaigns:organization_detail", commitment.organization_id)
    context = {"form": form, "organization": commitment.organization, "commitment": commitment}
    return render(request, "campaigns/commitment_form.html", context)


@require_POST
def commitment_delete(request, commitment_id):
    commitment = commitment_to_edit(request, commitment_id)
    try:
        commitment.delete()
    except ProtectedError:
        messages.error(request, "这项承诺已经列为评议对象，或者转入了整改台账，不能删除。")
    else:
        messages.success(request, "已删除一项承诺。")
    return redirect("campaigns:organization_detail", commitment.organization_id)
