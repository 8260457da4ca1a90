"""The page after login."""

from django.shortcuts import render

from campaigns.models import Campaign


def home(request):
    """What the user's roles have to do now."""
    campaigns = Campaign.objects.visible_to(request.user).with_progress().select_related("organizer")[:20]
    return render(request, "campaigns/home.html", {"campaigns": campaigns})
