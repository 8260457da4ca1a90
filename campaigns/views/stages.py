"""Stages of a campaign: what each wants, what is there, what is late; and the files."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from pingyi.bodies import takes_files

from .. import permissions
from ..forms.seen import save_seen
from ..forms.stages import ArtefactFileForm, StageForm
from ..kept_files import MOST_BYTES, Unsuitable
from ..models import CampaignStage
from ..models.states import StateError
from ..stages import arranging, handing_in
from ..stages.standing import stages_of
from .fetching import (
    artefact_to_fill,
    campaign_to_configure,
    file_to_remove,
    stage_to_arrange,
    visible_artefact_file,
    visible_campaign,
)
from .kept_files import kept_file
from .posting import posted, posted_files
from .refusing import told


def stage_list(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    context = {
        "campaign": campaign,
        "stages": stages_of(campaign, today=timezone.localdate()),
        "can_configure": permissions.can_configure(request.user, campaign),
    }
    return render(request, "campaigns/stage_list.html", context)


@require_POST
def stages_make(request, campaign_id):
    """The usual stages in one click."""
    campaign = campaign_to_configure(request, campaign_id)
    try:
        arranging.make_usual_stages(campaign)
    except StateError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, "已经按通常的四个阶段建立，请核对时限和材料。")
    return redirect("campaigns:stage_list", campaign_id=campaign.pk)


def stage_add(request, campaign_id):
    return _edit(request, CampaignStage(campaign=campaign_to_configure(request, campaign_id)))


def stage_edit(request, stage_id):
    return _edit(request, stage_to_arrange(request, stage_id))


def _edit(request, stage):
    form = StageForm(posted(request), instance=stage)
    try:
        if save_seen(form, lambda: arranging.save_stage(stage, form.cleaned_data["papers"])):
            messages.success(request, f"“{stage}”已经保存。")
            return redirect("campaigns:stage_list", campaign_id=stage.campaign_id)
    except StateError as refusal:
        form.add_error("papers", told(refusal))
    return render(request, "campaigns/stage_form.html", {"campaign": stage.campaign, "stage": stage, "form": form})


@require_POST
def stage_delete(request, stage_id):
    stage = stage_to_arrange(request, stage_id)
    try:
        arranging.delete_stage(stage)
    except StateError as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, f"“{stage}”已经删除。")
    return redirect("campaigns:stage_list", campaign_id=stage.campaign_id)


@takes_files(MOST_BYTES)
def artefact_file_add(request, artefact_id):
    artefact = artefact_to_fill(request, artefact_id)
    campaign = artefact.stage.campaign
    form = ArtefactFileForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            handing_in.add_file(artefact, form.cleaned_data["file"], by=request.user)
        except Unsuitable as refusal:
            form.add_error("file", told(refusal))
        else:
            messages.success(request, f"“{artefact}”已经上传。")
            return redirect("campaigns:stage_list", campaign_id=campaign.pk)
    return render(
        request, "campaigns/artefact_file_add.html", {"campaign": campaign, "artefact": artefact, "form": form}
    )


def artefact_file(request, file_id):
    """The file itself: saved by the browser, never shown as a page of this site."""
    file = visible_artefact_file(request, file_id)
    return kept_file(file.file_name, kind=file.kind, name=f"{file.artefact.title}-{file.pk}")


@require_POST
def artefact_file_remove(request, file_id):
    file = file_to_remove(request, file_id)
    handing_in.remove_file(file)
    messages.success(request, "已经移除。")
    return redirect("campaigns:stage_list", campaign_id=file.artefact.stage.campaign_id)
