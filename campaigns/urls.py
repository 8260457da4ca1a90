"""Routes of preparation: organizations, members, campaigns, accounts."""

from django.urls import path

from .views import accounts, campaigns, categories, commitments, members, organizations, polls, questionnaires, roster

app_name = "campaigns"
urlpatterns = [
    path("organizations/", organizations.organization_list, name="organization_list"),
    path("organizations/add/", organizations.organization_add, name="organization_add"),
    path("organizations/<int:organization_id>/", organizations.organization_detail, name="organization_detail"),
    path("organizations/<int:organization_id>/edit/", organizations.organization_edit, name="organization_edit"),
    path(
        "organizations/<int:organization_id>/deactivate/",
        organizations.organization_deactivate,
        name="organization_deactivate",
    ),
    path(
        "organizations/<int:organization_id>/activate/",
        organizations.organization_activate,
        name="organization_activate",
    ),
    path("organizations/<int:organization_id>/members/add/", members.member_add, name="member_add"),
    path("members/<int:member_id>/", members.member_edit, name="member_edit"),
    path("members/<int:member_id>/deactivate/", members.member_deactivate, name="member_deactivate"),
    path("members/<int:member_id>/activate/", members.member_activate, name="member_activate"),
    path("organizations/<int:organization_id>/commitments/add/", commitments.commitment_add, name="commitment_add"),
    path("commitments/<int:commitment_id>/", commitments.commitment_edit, name="commitment_edit"),
    path("commitments/<int:commitment_id>/delete/", commitments.commitment_delete, name="commitment_delete"),
    path("roster/import/", roster.roster_import, name="roster_import"),
    path("roster/hidden/", roster.roster_hidden, name="roster_hidden"),
    path("roster/confirm/", roster.roster_confirm, name="roster_confirm"),
    path("roster/template/", roster.roster_template, name="roster_template"),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/add/", accounts.account_add, name="account_add"),
    path("accounts/<int:user_id>/", accounts.account_edit, name="account_edit"),
    path("accounts/<int:user_id>/password/", accounts.account_password, name="account_password"),
    path("accounts/<int:user_id>/roles/add/", accounts.role_add, name="role_add"),
    path("accounts/<int:user_id>/roles/<int:role_id>/remove/", accounts.role_remove, name="role_remove"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/add/", campaigns.campaign_add, name="campaign_add"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:campaign_id>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:campaign_id>/clarities/", campaigns.campaign_clarities, name="campaign_clarities"),
    path("campaigns/<int:campaign_id>/rules/", campaigns.campaign_rules, name="campaign_rules"),
    path("campaigns/<int:campaign_id>/extend/", campaigns.campaign_extend, name="campaign_extend"),
    path("campaigns/<int:campaign_id>/delete/", campaigns.campaign_delete, name="campaign_delete"),
    path("campaigns/<int:campaign_id>/categories/", categories.category_list, name="category_list"),
    path("campaigns/<int:campaign_id>/questionnaires/", questionnaires.questionnaire_list, name="questionnaire_list"),
    path("campaigns/<int:campaign_id>/questionnaires/add/", questionnaires.questionnaire_add, name="questionnaire_add"),
    path("questionnaires/<int:questionnaire_id>/", questionnaires.questionnaire_edit, name="questionnaire_edit"),
    path(
        "questionnaires/<int:questionnaire_id>/delete/",
        questionnaires.questionnaire_delete,
        name="questionnaire_delete",
    ),
    path("campaigns/<int:campaign_id>/polls/", polls.poll_list, name="poll_list"),
    path("campaigns/<int:campaign_id>/targets/refresh/", polls.targets_refresh, name="targets_refresh"),
    path("polls/<int:poll_id>/edit/", polls.poll_edit, name="poll_edit"),
    path("polls/<int:poll_id>/targets/", polls.poll_targets, name="poll_targets"),
    path("polls/<int:poll_id>/targets/add/", polls.target_add, name="target_add"),
    path("polls/<int:poll_id>/commitments/", polls.poll_commitments, name="poll_commitments"),
    path("polls/<int:poll_id>/preview/", polls.poll_preview, name="poll_preview"),
]
