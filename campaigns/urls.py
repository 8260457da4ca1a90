"""Routes of preparation: organizations, members, campaigns, accounts."""

from django.urls import path

from .views import home

app_name = "campaigns"
urlpatterns = [
    path("", home.home, name="home"),
]
