"""Routes of preparation: organizations, members, campaigns, accounts."""

from django.urls import path

from .views import campaigns, categories, home, polls, questionnaires

app_name = "campaigns"
urlpatterns = [
    path("", home.home, name="home"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/add/", campaigns.campaign_add, name="campaign_add"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:campaign_id>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:campaign_id>/clarities/", campaigns.campaign_clarities, name="campaign_clarities"),
    path("campaigns/<int:campaign_id>/rules/", campaigns.campaign_rules, name="campaign_rules"),
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
    path("polls/<int:poll_id>/preview/", polls.poll_preview, name="poll_preview"),
]
