"""All routes: each app brings its own table."""

from django.contrib.auth import views as auth_views
from django.urls import include, path

from campaigns.views import second_factor, signing_in
from reports.views import metrics

from . import health, help_pages

handler403 = "campaigns.views.refusals.forbidden"
handler404 = "campaigns.views.refusals.not_found"
handler500 = "pingyi.errors.server_error"
urlpatterns = [
    # Tried in order: the participants' pages first, for which a whole room waits.
    path("", include("ballots.urls")),
    path("", include("campaigns.urls")),
    path("", include("reports.urls")),
    path("help/", help_pages.help_index, name="help_index"),
    path("help/<slug:slug>/", help_pages.help_topic, name="help_topic"),
    path("healthz", health.is_alive, name="healthz"),
    path("readyz", health.is_ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("login/", signing_in.SignInView.as_view(), name="login"),
    path("login/code/", second_factor.second_code, name="second_code"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", signing_in.OwnPasswordView.as_view(), name="password_change"),
]
