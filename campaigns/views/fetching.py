"""Where a view of campaigns/ gets its object: fetched within the user's reach, or refused.

404 for a foreign object, 403 for a visible one that the user may not change.
"""

from django.contrib.auth.models import User
from django.http import Http404
from django.shortcuts import get_object_or_404

from ..library import LibraryThreshold
from ..models import (
    AppraisedDocument,
    Artefact,
    ArtefactFile,
    Campaign,
    CampaignStage,
    Commitment,
    DocumentDraft,
    FormSet,
    LongDeed,
    Member,
    Organization,
    PlannedPeriod,
    Poll,
    PollQuerySet,
    Questionnaire,
    Role,
    RosterImport,
    YearPlan,
)
from ..models.reach import within_paths
from ..permissions import (
    ADMINISTRATOR,
    SECRETARY,
    accounts_visible_to,
    can_configure,
    can_create_campaign,
    can_edit_roster,
    can_hand_down,
    can_import_roster,
    can_run,
    has_role_anywhere,
    organizations_of_accounts,
    paths_of,
    require,
)


def visible_organization(request, organization_id: int | str) -> Organization:
    """The organization with its parent; the key may come out of the address as text."""
    visible = Organization.objects.visible_to(request.user).select_related("parent")
    return get_object_or_404(visible, pk=organization_id if str(organization_id).isdecimal() else None)


def organization_to_edit(request, organization_id: int) -> Organization:
    """An organization whose roster the user keeps."""
    organization = visible_organization(request, organization_id)
    require(can_edit_roster(request.user, organization))
    return organization


def member_to_edit(request, member_id: int) -> Member:
    visible = Member.objects.visible_to(request.user).select_related("organization")
    member = get_object_or_404(visible, pk=member_id)
    require(can_edit_roster(request.user, member.organization))
    return member


def commitment_to_edit(request, commitment_id: int) -> Commitment:
    visible = Commitment.objects.visible_to(request.user).select_related("organization")
    commitment = get_object_or_404(visible, pk=commitment_id)
    require(can_edit_roster(request.user, commitment.organization))
    return commitment


def own_import(request, import_id: int) -> RosterImport:
    """A long roster that the user uploaded, and may still bring in."""
    imports = RosterImport.objects.visible_to(request.user).select_related("asked_by")
    imported = get_object_or_404(imports, pk=import_id)
    require(can_import_roster(request.user))
    return imported


def asked_import(request, token: str) -> RosterImport | None:
    """The long roster of the user that an answer is about; None where it is about one that is short."""
    return RosterImport.objects.visible_to(request.user).select_related("asked_by").filter(token=token).first()


def account_to_administer(request, user_id: int) -> User:
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    return get_object_or_404(accounts_visible_to(request.user), pk=user_id)


def roles_given_by(user):
    """The roles that the user gives and takes; an account's other roles stay untold."""
    return Role.objects.filter(organization__in=organizations_of_accounts(user)).select_related("organization")


def role_to_remove(request, account: User, role_id: int) -> Role:
    return get_object_or_404(roles_given_by(request.user).filter(user=account), pk=role_id)


def visible_campaign(request, campaign_id: int) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    return get_object_or_404(campaigns, pk=campaign_id)


def campaign_with_progress(request, campaign_id: int) -> Campaign:
    """A visible campaign that knows how far its polls have come."""
    campaigns = Campaign.objects.visible_to(request.user).with_progress().select_related("organizer")
    return get_object_or_404(campaigns, pk=campaign_id)


def campaign_to_configure(request, campaign_id: int) -> Campaign:
    campaign = visible_campaign(request, campaign_id)
    require(can_configure(request.user, campaign))
    return campaign


def long_deed_of_campaign(request, campaign_id: int, deed_id: int) -> LongDeed:
    """A deed of the worker on a campaign that the user configures, whoever asked for it."""
    campaign = campaign_to_configure(request, campaign_id)
    return get_object_or_404(campaign.long_deeds.select_related("campaign__organizer", "asked_by"), pk=deed_id)


def visible_form_set(request, form_set_id: int) -> FormSet:
    visible = FormSet.objects.visible_to(request.user).select_related("organization", "issued_by")
    return get_object_or_404(visible, pk=form_set_id)


def form_set_to_take_back(request, form_set_id: int) -> FormSet:
    form_set = visible_form_set(request, form_set_id)
    require(can_hand_down(request.user, form_set.organization))
    return form_set


def form_set_to_use(request, campaign: Campaign, form_set_id: int) -> FormSet:
    """A set that was handed down to the campaign's organizer, or is its own."""
    return get_object_or_404(FormSet.objects.handed_to(campaign.organizer), pk=form_set_id)


def own_limit(campaign: Campaign, rule: str) -> LibraryThreshold:
    """An own threshold that the campaign has, by its key."""
    for limit in campaign.limits:
        if limit.key == rule and limit.is_own:
            return limit
    raise Http404


def visible_poll(request, poll_id: int) -> Poll:
    polls = Poll.objects.visible_to(request.user).select_related("campaign__organizer", "organization")
    return get_object_or_404(polls, pk=poll_id)


def poll_to_run(request, poll_id: int) -> Poll:
    poll = visible_poll(request, poll_id)
    require(can_run(request.user, poll))
    return poll


def polls_run_by(request, campaign: Campaign) -> PollQuerySet:
    """The campaign's polls that the user runs, by their place in the tree."""
    here = within_paths(paths_of(request.user, SECRETARY))
    return campaign.polls.visible_to(request.user).filter(here).defer("form").order_by("path")


def visible_questionnaire(request, questionnaire_id: int) -> Questionnaire:
    questionnaires = Questionnaire.objects.visible_to(request.user).select_related("scale")
    return get_object_or_404(questionnaires, pk=questionnaire_id)


def visible_plan(request, plan_id: int) -> YearPlan:
    plans = YearPlan.objects.visible_to(request.user).select_related("organization")
    return get_object_or_404(plans, pk=plan_id)


def plan_to_arrange(request, plan_id: int) -> YearPlan:
    """A plan of an organization whose campaigns the user makes."""
    plan = visible_plan(request, plan_id)
    require(can_create_campaign(request.user, plan.organization))
    return plan


def period_to_arrange(request, period_id: int) -> PlannedPeriod:
    periods = PlannedPeriod.objects.visible_to(request.user).select_related("plan__organization", "campaign")
    period = get_object_or_404(periods, pk=period_id)
    require(can_create_campaign(request.user, period.plan.organization))
    return period


def stage_to_arrange(request, stage_id: int) -> CampaignStage:
    """A stage of a visible campaign that the user configures, whatever has come of the campaign since."""
    stages = CampaignStage.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    stage = get_object_or_404(stages.select_related("campaign__organizer"), pk=stage_id)
    require(can_configure(request.user, stage.campaign))
    return stage


def artefact_to_fill(request, artefact_id: int) -> Artefact:
    artefacts = Artefact.objects.filter(stage__campaign__in=Campaign.objects.visible_to(request.user))
    artefact = get_object_or_404(artefacts.select_related("stage__campaign__organizer"), pk=artefact_id)
    require(can_configure(request.user, artefact.stage.campaign))
    return artefact


def visible_artefact_file(request, file_id: int) -> ArtefactFile:
    """A file of a campaign that the user sees."""
    files = ArtefactFile.objects.filter(artefact__stage__campaign__in=Campaign.objects.visible_to(request.user))
    return get_object_or_404(files.select_related("artefact__stage__campaign__organizer"), pk=file_id)


def file_to_remove(request, file_id: int) -> ArtefactFile:
    file = visible_artefact_file(request, file_id)
    require(can_configure(request.user, file.artefact.stage.campaign))
    return file


def document_to_write(request, document_id: int) -> AppraisedDocument:
    """A document of a poll that the user runs; whether it may still change is said by the deed."""
    documents = AppraisedDocument.objects.visible_to(request.user).select_related(
        "target", "poll__campaign__organizer", "poll__organization"
    )
    document = get_object_or_404(documents, pk=document_id)
    require(can_run(request.user, document.poll))
    return document


def visible_draft(request, draft_id: int) -> DocumentDraft:
    """A draft of a poll that the user sees."""
    drafts = DocumentDraft.objects.visible_to(request.user).select_related(
        "document__poll__campaign__organizer", "document__poll__organization", "document__target"
    )
    return get_object_or_404(drafts, pk=draft_id)


def draft_to_describe(request, draft_id: int) -> DocumentDraft:
    """A draft of a poll that the user runs."""
    draft = visible_draft(request, draft_id)
    require(can_run(request.user, draft.document.poll))
    return draft
